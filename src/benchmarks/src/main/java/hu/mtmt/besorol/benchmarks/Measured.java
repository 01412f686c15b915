package hu.mtmt.besorol.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Measures in a process of its own, so that what came before (compiled code, heap, caches) has no
 * part in it: the child prints values, the parent reads them.
 */
final class Measured {
  /** Holds the command that follows to the first core; needs Linux. */
  static final List<String> ON_ONE_CORE = List.of("taskset", "--cpu-list", "0");

  private static final String MARK = "measured ";

  private Measured() {}

  /**
   * Runs {@code main} in a new Java process of the same class path; what it prints goes to standard
   * error.
   *
   * @param options of the JVM
   * @return the values that it reported
   */
  static Map<String, Double> run(Class<?> main, List<String> options, String... arguments) {
    return run(List.of(), main, options, arguments);
  }

  /**
   * Runs it on one core alone, also its compiler and collector; needs Linux.
   *
   * @see #run(Class, List, String...)
   */
  static Map<String, Double> runOnOneCore(
      Class<?> main, List<String> options, String... arguments) {
    return run(ON_ONE_CORE, main, options, arguments);
  }

  private static Map<String, Double> run(
      List<String> before, Class<?> main, List<String> options, String... arguments) {
    var command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    try {
      var process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      var values = new TreeMap<String, Double>();
      try (var lines = process.inputReader()) {
        lines
            .lines()
            .forEach(
                line -> {
                  System.err.println(line);
                  if (line.startsWith(MARK)) {
                    var words = line.split(" ");
                    values.put(words[1], Double.parseDouble(words[2]));
                  }
                });
      }
      int status = process.waitFor();
      if (status != 0) {
        throw new IllegalStateException(main.getSimpleName() + " ended with status " + status);
      }
      return values;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Reports a value to the parent. */
  static void report(String name, double value) {
    System.out.println(MARK + name + " " + value);
  }

  /** CPU seconds of this process so far, user and system, all threads, compilation included. */
  static double cpuSeconds() {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getProcessCpuTime() / 1e9;
  }

  /** CPU seconds of this thread so far. */
  static double threadSeconds() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
  }

  /** Most memory that this process ever had, in MiB, as Linux tells; NaN elsewhere. */
  static double peakMebibytes() {
    return ProcessMemory.of(ProcessHandle.current().pid()).peak();
  }
}
