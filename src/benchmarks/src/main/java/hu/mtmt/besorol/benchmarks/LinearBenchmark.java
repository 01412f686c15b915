package hu.mtmt.besorol.benchmarks;

import hu.mtmt.besorol.classifiers.Directories;
import hu.mtmt.besorol.contract.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Measures {@code Linear} with its documented defaults on directories of data (train, validation
 * and test as {@code .jsonl.zst}, {@code taxonomy.jsonl}): from text to package, and from text to
 * answer.
 */
final class LinearBenchmark {
  private LinearBenchmark() {}

  /**
   * @param arguments directories; before them maybe {@code --liblinear} for the peer, {@code
   *     --parameters JSON} for others than the defaults, {@code --java OPTION} for the JVM, {@code
   *     --alone} to learn once more on one core
   */
  public static void main(String[] arguments) throws IOException {
    var options =
        new ArrayList<String>(
            List.of("-XX:+UseSerialGC", "-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED"));
    var parameters = "{}";
    boolean liblinear = false;
    boolean alone = false;
    var directories = new ArrayList<Path>();
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--liblinear" -> liblinear = true;
        case "--alone" -> alone = true;
        case "--parameters" -> parameters = arguments[++i];
        case "--java" -> options.add(arguments[++i]);
        default -> directories.add(Path.of(arguments[i]));
      }
    }
    System.out.println(
        "| data | CPU s | of it solving | wall s | peak MiB | strict F1 | lenient F1 | macro F1 |"
            + " calibration error | documents / CPU s | package MB | open ms |");
    System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|");
    for (var directory : directories) {
      var name = directory.getFileName().toString();
      measure(name, directory, parameters, options, Measured::run);
      if (alone) {
        measure(name + ", one core", directory, parameters, options, Measured::runOnOneCore);
      }
      if (liblinear) {
        var peer = Measured.run(LiblinearTrial.class, options, directory.toString());
        System.out.println(
            "| %s, liblinear-java | | %.1f | | %.0f | %.4f | | | | | | |"
                .formatted(
                    name,
                    peer.get("solving"),
                    peer.get("peak"),
                    peer.get(Metric.STRICT_F1.written())));
      }
    }
  }

  /** Runs a process and gives what it reports. */
  private interface Runner {
    Map<String, Double> run(Class<?> main, List<String> options, String... arguments);
  }

  private static void measure(
      String name, Path directory, String parameters, List<String> options, Runner runner)
      throws IOException {
    var packages = Files.createTempDirectory("linear-benchmark");
    try {
      var data = directory.toString();
      var trained =
          runner.run(
              FamilyTrial.class,
              options,
              "train",
              data,
              packages.toString(),
              "{\"type\": \"Linear\", \"linear\": %s}".formatted(parameters));
      var answered =
          runner.run(
              FamilyTrial.class, options, "answer", data, packages.resolve("model").toString());
      System.out.println(row(name, trained, answered));
    } finally {
      Directories.delete(packages);
    }
  }

  private static String row(
      String name, Map<String, Double> trained, Map<String, Double> answered) {
    return "| %s | %.1f | %.1f | %.1f | %.0f | %.4f | %.4f | %.4f | %.4f | %.0f | %.1f | %.0f |"
        .formatted(
            name,
            trained.get("cpu"),
            trained.get("solving"),
            trained.get("wall"),
            trained.get("peak"),
            answered.get(Metric.STRICT_F1.written()),
            answered.get(Metric.LENIENT_F1.written()),
            answered.get(Metric.MACRO_F1.written()),
            answered.get(Metric.CALIBRATION_ERROR.written()),
            answered.get("rate"),
            trained.get("package"),
            answered.get("open"));
  }
}
