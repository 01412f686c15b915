package hu.mtmt.besorol.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The processes and the network of a cluster that up.sh has started on this machine. Each process
 * is ended by its own number, and started again as it was: the same command, in the same namespaces
 * and groups of processes.
 */
final class Machinery {
  /** Starts a process again in place of one, which it ends; its number goes into a file. */
  private static final String REPLACE =
      """
      set -eu
      pid=$1 pause=$2 log=$3 file=$4
      exec 8</proc/$pid/ns/net 9</proc/$pid/ns/mnt
      tr '\\0' '\\n' </proc/$pid/environ >"$file.environment"
      cut -d : -f 2,3 /proc/$pid/cgroup >"$file.groups"
      command=$(tr '\\0' '\\001' </proc/$pid/cmdline)
      kill -KILL $pid
      sleep $pause
      while IFS=: read -r controllers group; do
        for root in /sys/fs/cgroup/${controllers#name=} /sys/fs/cgroup; do
          [ ! -e "$root$group/cgroup.procs" ] || { echo $$ >"$root$group/cgroup.procs"; break; }
        done
      done <"$file.groups" 2>/dev/null || true
      while IFS= read -r variable; do export "$variable" 2>/dev/null || true; done <"$file.environment"
      IFS=$(printf '\\001'); set -f; set -- $command; unset IFS
      echo $$ >"$file"
      exec setsid nsenter --net=/proc/self/fd/8 --mount=/proc/self/fd/9 "$@" >>"$log" 2>&1 </dev/null
      """;

  private final Path state;

  /**
   * @param state the directory that was given to up.sh
   */
  Machinery(Path state) {
    this.state = state;
  }

  /** Kills one of the control plane; it is there again after that many seconds. */
  void replaceControlPlane(String name, int seconds) {
    replace(pid(name), seconds, name + ".log", state.resolve("log").resolve(name + ".pid"));
  }

  /** Kills the kubelet of a node, counted from 1. */
  void replaceKubelet(int node, int seconds) {
    var name = "n%d-node".formatted(node);
    replace(
        pid(name),
        seconds,
        "n%d-kubelet.log".formatted(node),
        state.resolve("log").resolve(name + ".pid"));
  }

  /** Kills the containerd of a node. */
  void replaceContainerd(int node, int seconds) {
    var config = state.resolve("n%d/containerd.toml".formatted(node)).toString();
    long pid =
        processes()
            .filter(p -> commandLine(p).filter(c -> c.contains(config)).isPresent())
            .findFirst()
            .orElseThrow();
    replace(
        pid,
        seconds,
        "n%d-containerd.log".formatted(node),
        state.resolve("n%d/containerd.pid".formatted(node)));
  }

  /** Cuts a node from all others for some seconds. */
  void cutNetwork(int node, int seconds) throws InterruptedException {
    link(node, "down");
    try {
      Thread.sleep(1000L * seconds);
    } finally {
      link(node, "up");
    }
  }

  private void link(int node, String to) {
    Cluster.program("ip", "-n", name() + "-cp", "link", "set", "p-n" + node, to);
  }

  /** Kills every process of a pod but the one that holds its namespaces. */
  void killPod(String uid) {
    try (var groups = Files.find(groups(), 8, (p, a) -> p.endsWith("pod" + uid))) {
      for (var group : groups.toList()) {
        try (var files = Files.find(group, 2, (p, a) -> p.endsWith("cgroup.procs"))) {
          for (var file : files.toList()) {
            for (var pid : Files.readAllLines(file)) {
              kill(Long.parseLong(pid));
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void kill(long pid) {
    if (commandLine(pid).filter(c -> !c.startsWith("/pause")).isPresent()) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private Path groups() {
    var pids = Path.of("/sys/fs/cgroup/pids").resolve(name());
    return Files.exists(pids) ? pids : Path.of("/sys/fs/cgroup").resolve(name());
  }

  /** What the names of its network begin with. */
  private String name() {
    try {
      return Files.readAllLines(state.resolve("env")).stream()
          .filter(l -> l.startsWith("KT="))
          .map(l -> l.substring("KT=".length()))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long pid(String name) {
    try {
      return Long.parseLong(Files.readString(state.resolve("log").resolve(name + ".pid")).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The script goes on as the new process, so nobody waits for it. */
  private void replace(long pid, int seconds, String log, Path file) {
    var command = new ArrayList<>(List.of("sh", "-c", REPLACE, "replace", Long.toString(pid)));
    command.addAll(
        List.of(
            Integer.toString(seconds),
            state.resolve("log").resolve(log).toString(),
            file.toString()));
    try {
      new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(
              ProcessBuilder.Redirect.appendTo(state.resolve("log/replace.log").toFile()))
          .start()
          .getOutputStream()
          .close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Long> processes() {
    return ProcessHandle.allProcesses().map(ProcessHandle::pid);
  }

  private static Optional<String> commandLine(long pid) {
    try {
      return Optional.of(
          Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.UTF_8)
              .replace('\0', ' '));
    } catch (IOException e) {
      return Optional.empty(); // it has ended
    }
  }
}
