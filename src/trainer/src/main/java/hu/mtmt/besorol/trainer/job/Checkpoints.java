package hu.mtmt.besorol.trainer.job;

import hu.mtmt.besorol.classifiers.Directories;
import hu.mtmt.besorol.classifiers.ModelStore;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Source;
import hu.mtmt.besorol.contract.TrainingPlan;
import hu.mtmt.besorol.contract.TrainingResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a training keeps in a directory from one attempt to the next: what the family has learnt,
 * the time it took, and in the end the result. What belongs to another plan, other data or another
 * version of the program is removed, never used.
 */
final class Checkpoints {
  private static final String LEARNING = "learning";
  private static final String INPUTS = "inputs.json";
  private static final String SECONDS = "seconds";
  private static final String PLAN = "finished-plan.json";
  private static final String RESULT = "finished-result.json";

  private final Path directory;

  /**
   * @param directory made if missing; null if nothing is to be kept
   * @throws BesorolException if it cannot be made
   */
  Checkpoints(Path directory) {
    this.directory = directory;
    if (directory != null) {
      write(() -> Files.createDirectories(directory));
    }
  }

  /**
   * The result of an earlier attempt at the very same plan, if its package is still there.
   *
   * @param store where packages are
   */
  Optional<TrainingResult> finished(TrainingPlan plan, ModelStore store) {
    if (directory == null
        || !Files.exists(directory.resolve(RESULT))
        || !Arrays.equals(read(PLAN), ContractJson.write(plan))) {
      return Optional.empty();
    }
    var result = ContractJson.read(directory.resolve(RESULT), TrainingResult.class);
    return Optional.of(result).filter(r -> store.contains(r.version()));
  }

  /**
   * The directory for the family's own checkpoints, empty unless they are of the same inputs; null
   * if nothing is to be kept.
   *
   * @param plan with the digests of all files
   */
  Path learning(TrainingPlan plan) {
    if (directory == null) {
      return null;
    }
    var inputs = inputs(plan);
    if (!Arrays.equals(read(INPUTS), inputs)) {
      write(
          () -> {
            for (var old : List.of(LEARNING, SECONDS, PLAN, RESULT, INPUTS)) {
              Directories.delete(directory.resolve(old));
            }
            replace(INPUTS, inputs);
          });
    }
    var learning = directory.resolve(LEARNING);
    write(() -> Files.createDirectories(learning));
    return learning;
  }

  /** When the family wrote its newest checkpoint. */
  Optional<Instant> newest() {
    if (directory == null) {
      return Optional.empty();
    }
    try (var files = Files.walk(directory.resolve(LEARNING))) {
      return files
          .filter(Files::isRegularFile)
          .map(f -> f.toFile().lastModified())
          .filter(millis -> millis > 0) // of one that was replaced meanwhile
          .max(Comparator.naturalOrder())
          .map(Instant::ofEpochMilli);
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty(); // it is being written or removed: the next question tells
    }
  }

  /** Seconds that earlier attempts took. */
  int secondsBefore() {
    if (directory == null) {
      return 0;
    }
    var text = new String(read(SECONDS), StandardCharsets.UTF_8).strip();
    return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
  }

  /** Keeps how many seconds all attempts took up to now. */
  void keepSeconds(int seconds) {
    if (directory != null) {
      write(() -> replace(SECONDS, Integer.toString(seconds).getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** Keeps the result and removes what is not needed any more. */
  void finish(TrainingPlan plan, TrainingResult result) {
    if (directory != null) {
      write(
          () -> {
            replace(PLAN, ContractJson.write(plan));
            replace(RESULT, ContractJson.write(result));
            Directories.delete(directory.resolve(LEARNING));
          });
    }
  }

  /** Removes what was learnt: the one that leads has it. */
  void discard() {
    if (directory != null) {
      write(() -> Directories.delete(directory.resolve(LEARNING)));
    }
  }

  /** All that learning depends on, and nothing else. */
  private static byte[] inputs(TrainingPlan plan) {
    var inputs =
        new TrainingPlan(
            digestOnly(plan.taxonomy()),
            plan.level(),
            digestOnly(plan.training()),
            digestOnly(plan.validation()),
            plan.validation() == null ? plan.validationFraction() : "0",
            digestOnly(plan.holdout()),
            plan.duplicates(),
            plan.algorithm(),
            plan.seed(),
            plan.grades(),
            List.of(),
            null,
            "besorol " + ProgramVersion.current());
    return ContractJson.write(inputs);
  }

  private static Source digestOnly(Source source) {
    return source == null ? null : new Source("any", source.digest());
  }

  private byte[] read(String name) {
    var file = directory.resolve(name);
    try {
      return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Whole or not at all, however the process ends. */
  private void replace(String name, byte[] bytes) throws IOException {
    var temporary = directory.resolve(name + ".new");
    Files.write(temporary, bytes);
    Files.move(temporary, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  @FunctionalInterface
  private interface Writing {
    void run() throws IOException;
  }

  private void write(Writing writing) {
    try {
      writing.run();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private BesorolException failure(IOException e) {
    return BesorolException.machine(
        "Checkpoints cannot be kept in %s (%s): check its permissions and the free space of its volume."
            .formatted(directory, e.getMessage()),
        e);
  }
}
