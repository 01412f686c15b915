package hu.mtmt.besorol.benchmarks;

import hu.mtmt.besorol.classifiers.ModelPackage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Measures how long the packaged service takes until it is ready, and how much of that is the
 * package: its digests, mapping it, and its self-test, in a process that has just begun.
 */
public final class StartBenchmark {
  private static final int STARTS = 9;

  private StartBenchmark() {}

  /**
   * @param arguments launcher of the service, packages
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length < 2) {
      System.err.println("Arguments: LAUNCHER PACKAGE...");
      System.exit(2);
    }
    var launcher = Path.of(arguments[0]);
    System.out.println("| package | MB | start to ready, ms | of it the package, ms |");
    System.out.println("|---|---:|---:|---:|");
    for (var place : List.of(arguments).subList(1, arguments.length)) {
      measure(launcher, Path.of(place));
    }
  }

  /** Prints the medians of some starts. */
  private static void measure(Path launcher, Path place) throws IOException, InterruptedException {
    var ready = new long[STARTS];
    var loading = new long[STARTS];
    for (int i = 0; i < STARTS; i++) {
      try (var service = new ServiceProcess(List.of(), launcher, place)) {
        ready[i] = service.awaitReady();
        loading[i] = service.loading();
      }
    }
    var model = ModelPackage.open(place);
    System.out.printf(
        Locale.ROOT,
        "| %s | %.1f | %,d | %,d |%n",
        model.manifest().algorithm().type().written(),
        model.bytes() / 1e6,
        median(ready),
        median(loading));
  }

  private static long median(long[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
