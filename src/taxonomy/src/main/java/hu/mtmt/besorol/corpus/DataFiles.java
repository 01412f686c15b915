package hu.mtmt.besorol.corpus;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Source;
import hu.mtmt.besorol.contract.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The files that a classifier is trained from.
 *
 * @param taxonomy the subjects
 * @param training documents to learn from
 * @param validation documents to choose thresholds on, if there are some
 * @param holdout documents to judge on, if there are some
 */
public record DataFiles(
    Source taxonomy, Source training, Optional<Source> validation, Optional<Source> holdout) {
  private static final String COMPRESSED = "([.](gz|zst))?";
  private static final String DOCUMENTS = "[.]jsonl" + COMPRESSED;
  private static final String TAXONOMIES = "[.](jsonl|csv|ttl|rdf|xml)" + COMPRESSED;

  /**
   * Finds the files of a directory: {@code taxonomy}, {@code train}, and if there are such {@code
   * validation} and {@code test}, each with an ending that tells its format.
   *
   * @throws BesorolException if one is missing or there are two for one purpose
   */
  public static DataFiles find(Path directory) {
    var names = names(directory);
    return new DataFiles(
        one(directory, names, "taxonomy", TAXONOMIES)
            .orElseThrow(
                () ->
                    missing(
                        directory,
                        names,
                        "taxonomy.jsonl (or .csv, or SKOS as .ttl or .rdf), the subjects")),
        one(directory, names, "train", DOCUMENTS)
            .orElseThrow(
                () -> missing(directory, names, "train.jsonl, the documents to learn from")),
        one(directory, names, "validation", DOCUMENTS),
        one(directory, names, "test", DOCUMENTS));
  }

  /** The files that a plan names. */
  public static DataFiles of(TrainingPlan plan) {
    return new DataFiles(
        plan.taxonomy(),
        plan.training(),
        Optional.ofNullable(plan.validation()),
        Optional.ofNullable(plan.holdout()));
  }

  private static List<String> names(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw BesorolException.data(
          "%s is not a directory: name one with taxonomy.jsonl and train.jsonl in it."
              .formatted(directory));
    }
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw BesorolException.machine(
          "%s cannot be read (%s): check its permissions and its volume."
              .formatted(directory, e.getMessage()),
          e);
    }
  }

  private static Optional<Source> one(
      Path directory, List<String> names, String name, String ending) {
    var pattern = Pattern.compile(name + ending);
    var found = names.stream().filter(n -> pattern.matcher(n).matches()).toList();
    if (found.size() > 1) {
      throw BesorolException.data(
          "%s has %s: leave only one of them there."
              .formatted(directory, String.join(" and ", found)));
    }
    return found.stream().findFirst().map(n -> new Source(directory.resolve(n).toString(), null));
  }

  private static BesorolException missing(Path directory, List<String> names, String what) {
    var there = new ArrayList<>(names.subList(0, Math.min(10, names.size())));
    if (names.size() > 10) {
      there.add("…");
    }
    return BesorolException.data(
        "%s has no %s; files may be compressed (.gz, .zst). It has: %s."
            .formatted(directory, what, there.isEmpty() ? "nothing" : String.join(", ", there)));
  }
}
