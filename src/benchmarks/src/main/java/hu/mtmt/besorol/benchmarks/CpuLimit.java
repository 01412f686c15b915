package hu.mtmt.besorol.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * A control group of Linux whose processes together get a share of a core: not more when the rest
 * is idle, and, being weightier than others, hardly less when the rest is busy.
 */
final class CpuLimit implements AutoCloseable {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final int PERIOD_MICROS = 20_000;

  private final Path group;

  /**
   * Makes one, with version 2 of control groups or version 1, whichever rules the CPU here.
   *
   * @param cores how much its processes get together
   * @throws IllegalStateException that says what is missing, if there can be none
   */
  CpuLimit(double cores) {
    long quota = Math.round(cores * PERIOD_MICROS);
    var name = "besorol-nodes-" + UUID.randomUUID();
    boolean second = Files.exists(ROOT.resolve("cgroup.controllers"));
    group = (second ? ROOT : ROOT.resolve("cpu")).resolve(name);
    try {
      if (second) {
        Files.writeString(ROOT.resolve("cgroup.subtree_control"), "+cpu");
      }
      Files.createDirectory(group);
      if (second) {
        Files.writeString(group.resolve("cpu.max"), "%d %d".formatted(quota, PERIOD_MICROS));
        Files.writeString(group.resolve("cpu.weight"), "10000");
      } else {
        Files.writeString(group.resolve("cpu.cfs_period_us"), Integer.toString(PERIOD_MICROS));
        Files.writeString(group.resolve("cpu.cfs_quota_us"), Long.toString(quota));
        Files.writeString(group.resolve("cpu.shares"), "102400");
      }
    } catch (IOException e) {
      throw new IllegalStateException(
          "Processes cannot be held to a share of a core here (%s): that takes Linux, root, and a writable %s that rules the CPU."
              .formatted(e, ROOT),
          e);
    }
  }

  /** The command that becomes {@code command} in this group. */
  List<String> of(String command) {
    return List.of("sh", "-c", "echo $$ > '%s/cgroup.procs' && exec %s".formatted(group, command));
  }

  /** Removes it; its processes must have ended. */
  @Override
  public void close() {
    try {
      Files.delete(group);
    } catch (IOException e) {
      System.err.println("%s is left behind (%s).".formatted(group, e));
    }
  }
}
