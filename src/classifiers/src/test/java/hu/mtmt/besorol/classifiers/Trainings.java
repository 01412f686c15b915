package hu.mtmt.besorol.classifiers;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.contract.AlgorithmParameters;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** Trains one family on one corpus, below a directory of its own. */
public final class Trainings<P extends AlgorithmParameters> {
  private final P parameters;
  private final TrainingData data;
  private final Path scratch;

  public Trainings(P parameters, TrainingData data, Path scratch) {
    this.parameters = parameters;
    this.data = data;
    this.scratch = scratch;
  }

  /** Parameters from JSON, with defaults. */
  public static <P extends Record> P parameters(Class<P> type, String json) {
    return ContractJson.readPart(json.getBytes(StandardCharsets.UTF_8), type, "parameters");
  }

  /** An empty directory. */
  public Path directory() {
    try {
      return Files.createTempDirectory(scratch, "training-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static TrainingContext context(int threads) {
    return context(threads, null, () -> false);
  }

  public static TrainingContext context(int threads, Path checkpoints, BooleanSupplier cancelled) {
    return new TrainingContext(
        1, threads, checkpoints, null, cancelled, (stage, share, epoch, loss) -> {});
  }

  /** Trains into a new directory. */
  public Path train(TrainingContext context) {
    var directory = directory();
    ClassifierFamilies.of(parameters)
        .train(parameters, new TrainingSet(data, context), context, files(directory));
    return directory;
  }

  public ModelFiles files(Path directory) {
    return new ModelFiles(directory, data.labels(), data.defaultLanguage());
  }

  public Scorer load(Path directory) {
    return ClassifierFamilies.of(parameters).load(parameters, files(directory));
  }

  /** Digests of the files of a directory by name. */
  public static Map<String, Digest> digests(Path directory) {
    var digests = new TreeMap<String, Digest>();
    try (var files = Files.list(directory)) {
      for (var file : files.toList()) {
        digests.put(file.getFileName().toString(), Digest.of(Files.readAllBytes(file)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return digests;
  }

  /** One to three threads write the same files. */
  public void threadsDoNotMatter() {
    var one = digests(train(context(1)));
    assertThat(one).isNotEmpty();
    assertThat(digests(train(context(2)))).isEqualTo(one);
    assertThat(digests(train(context(3)))).isEqualTo(one);
  }

  /**
   * A training that is stopped at a question whether to stop, a later one each time, and goes on,
   * writes the same files as one that is not.
   */
  public void stoppingDoesNotMatter() {
    var uninterrupted = digests(train(context(2)));
    int stops = 0;
    for (int patience = 0; ; patience += 1 + patience / 4) {
      var checkpoints = directory();
      var questions = new AtomicInteger(patience);
      try {
        train(context(1 + patience % 3, checkpoints, () -> questions.decrementAndGet() < 0));
        break;
      } catch (CancelledException e) {
        stops++;
      }
      assertThat(digests(train(context(2, checkpoints, () -> false)))).isEqualTo(uninterrupted);
    }
    assertThat(stops).isPositive();
  }
}
