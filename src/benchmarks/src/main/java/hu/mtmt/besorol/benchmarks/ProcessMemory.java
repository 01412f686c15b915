package hu.mtmt.besorol.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Memory of a process as Linux tells; NaN elsewhere.
 *
 * @param resident what it has now, in MiB
 * @param peak what it had at most, in MiB
 */
record ProcessMemory(double resident, double peak) {
  private static final double KIB_PER_MIB = 1024;

  /** That of a process that runs. */
  static ProcessMemory of(long pid) {
    var file = Path.of("/proc", Long.toString(pid), "status");
    if (!Files.exists(file)) {
      return new ProcessMemory(Double.NaN, Double.NaN);
    }
    try {
      var lines = Files.readAllLines(file);
      return new ProcessMemory(mebibytes(lines, "VmRSS:"), mebibytes(lines, "VmHWM:"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double mebibytes(List<String> lines, String name) {
    return lines.stream()
        .filter(l -> l.startsWith(name))
        .mapToDouble(l -> Double.parseDouble(l.replaceAll("\\D", "")) / KIB_PER_MIB)
        .findFirst()
        .orElse(Double.NaN);
  }
}
