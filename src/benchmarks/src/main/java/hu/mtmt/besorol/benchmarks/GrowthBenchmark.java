package hu.mtmt.besorol.benchmarks;

import hu.mtmt.besorol.classifiers.Directories;
import hu.mtmt.besorol.contract.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How the cost of learning and answering grows with the number of subjects while everything else
 * stays the same: {@code Bonsai}, whose cost should grow with its logarithm, and {@code Linear},
 * whose cost grows with the number itself. On {@link SyntheticCorpus}.
 */
final class GrowthBenchmark {
  private static final int SEED = 42;
  private static final List<String> OPTIONS =
      List.of("-XX:+UseSerialGC", "-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED");
  private static final String WORDS =
      "{\"features\": {\"words\": {\"minimum\": 1, \"maximum\": 1}}}";

  /** A family, and the largest taxonomy that it is tried on: 10 to that power subjects. */
  private record Trial(String name, String algorithm, int mostLevels) {}

  private GrowthBenchmark() {}

  /**
   * @param arguments {@code --documents N} to learn from (100,000), {@code --bonsai-levels N} of
   *     the largest taxonomy that {@code Bonsai} is tried on (5, so 100,000 subjects), {@code
   *     --linear-levels N} of that of {@code Linear} (4)
   */
  public static void main(String[] arguments) throws IOException {
    int documents = 100_000;
    int bonsaiLevels = 5;
    int linearLevels = 4;
    for (int i = 0; i < arguments.length; i += 2) {
      int value = Integer.parseInt(arguments[i + 1]);
      switch (arguments[i]) {
        case "--documents" -> documents = value;
        case "--bonsai-levels" -> bonsaiLevels = value;
        case "--linear-levels" -> linearLevels = value;
        default -> throw new IllegalArgumentException(arguments[i]);
      }
    }
    var trials =
        List.of(
            new Trial(
                "Bonsai", "{\"type\": \"Bonsai\", \"bonsai\": %s}".formatted(WORDS), bonsaiLevels),
            new Trial(
                "Linear", "{\"type\": \"Linear\", \"linear\": %s}".formatted(WORDS), linearLevels));
    System.out.println(
        "| subjects | family | CPU s | of it solving | wall s | peak MiB | package MB |"
            + " documents / CPU s | strict F1 |");
    System.out.println("|---:|---|---:|---:|---:|---:|---:|---:|---:|");
    for (int level = 2; level <= Math.max(bonsaiLevels, linearLevels); level++) {
      var directory = Files.createTempDirectory("growth-benchmark");
      try {
        SyntheticCorpus.write(directory, level, documents, documents / 20, SEED);
        for (var trial : trials) {
          if (level <= trial.mostLevels) {
            System.out.println(row(level, trial, directory));
          }
        }
      } finally {
        Directories.delete(directory);
      }
    }
  }

  private static String row(int level, Trial trial, Path directory) throws IOException {
    var packages = Files.createTempDirectory("growth-benchmark");
    try {
      var data = directory.toString();
      var trained =
          Measured.run(
              FamilyTrial.class, OPTIONS, "train", data, packages.toString(), trial.algorithm);
      var answered =
          Measured.run(
              FamilyTrial.class, OPTIONS, "answer", data, packages.resolve("model").toString());
      return row(level, trial, trained, answered);
    } finally {
      Directories.delete(packages);
    }
  }

  private static String row(
      int level, Trial trial, Map<String, Double> trained, Map<String, Double> answered) {
    return "| %,.0f | %s | %.1f | %.1f | %.1f | %.0f | %.1f | %.0f | %.4f |"
        .formatted(
            Math.pow(10, level),
            trial.name,
            trained.get("cpu"),
            trained.get("solving"),
            trained.get("wall"),
            trained.get("peak"),
            trained.get("package"),
            answered.get("rate"),
            answered.get(Metric.STRICT_F1.written()));
  }
}
