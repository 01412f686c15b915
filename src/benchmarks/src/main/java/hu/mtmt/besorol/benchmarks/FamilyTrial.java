package hu.mtmt.besorol.benchmarks;

import hu.mtmt.besorol.classifiers.Answer;
import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.classifiers.ModelPackage;
import hu.mtmt.besorol.classifiers.ModelPackageWriter;
import hu.mtmt.besorol.classifiers.ModelTraining;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.contract.ModelManifest;
import hu.mtmt.besorol.contract.ModelManifest.DataReference;
import hu.mtmt.besorol.contract.ModelManifest.TaxonomyReference;
import hu.mtmt.besorol.contract.Progress.Stage;
import hu.mtmt.besorol.evaluation.Evaluation;
import hu.mtmt.besorol.evaluation.Judged;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A process that trains a package of some family, or answers with one. */
final class FamilyTrial {
  private static final int SEED = 42;
  private static final int RANKED = 10;
  private static final int REHEARSALS = 5;

  private FamilyTrial() {}

  /**
   * @param arguments {@code train DATA PACKAGES ALGORITHM} or {@code answer DATA PACKAGE}
   */
  public static void main(String[] arguments) {
    var data = Path.of(arguments[1]);
    var place = Path.of(arguments[2]);
    switch (arguments[0]) {
      case "train" -> train(data, place, arguments[3]);
      case "answer" -> answer(data, place);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void train(Path directory, Path packages, String json) {
    long start = System.nanoTime();
    var algorithm =
        ContractJson.readPart(json.getBytes(StandardCharsets.UTF_8), Algorithm.class, "algorithm");
    var data = Dataset.open(directory);
    var began = new EnumMap<Stage, Double>(Stage.class);
    TrainingContext.Listener listener =
        (stage, share, epoch, loss) -> {
          synchronized (began) {
            began.computeIfAbsent(stage, s -> Measured.cpuSeconds());
          }
        };
    var context =
        new TrainingContext(
            SEED, Runtime.getRuntime().availableProcessors(), null, null, () -> false, listener);
    try (var writer = ModelPackageWriter.begin(packages)) {
      var decision = ModelTraining.train(algorithm, data, context, writer.directory());
      var manifest =
          new ModelManifest(
              algorithm,
              new TaxonomyReference(data.taxonomyDigest(), null),
              new DataReference(data.trainingDigest(), data.trainingSize()),
              new DataReference(data.validationDigest(), data.validationSize()),
              null,
              SEED,
              "benchmark",
              data.defaultLanguage(),
              data.labels().size(),
              decision,
              null,
              null);
      writer.describe(manifest, data.labels(), List.of());
      var model = writer.publish(null, "model");
      Measured.report("cpu", Measured.cpuSeconds());
      Measured.report("wall", (System.nanoTime() - start) / 1e9);
      Measured.report("solving", began.get(Stage.CALIBRATING) - began.get(Stage.TRAINING));
      Measured.report("peak", Measured.peakMebibytes());
      Measured.report("package", model.bytes() / 1e6);
    }
  }

  private static void answer(Path directory, Path place) {
    var data = Dataset.open(directory);
    double opening = System.nanoTime() / 1e9;
    var model = ModelPackage.open(place);
    Measured.report("open", 1000 * (System.nanoTime() / 1e9 - opening));
    List<Example> examples;
    try (var test = data.test()) {
      examples = test.toList();
    }
    double fastest = Double.MAX_VALUE;
    for (int i = 0; i < REHEARSALS; i++) { // the compiler needs some
      double before = Measured.threadSeconds();
      examples.forEach(e -> model.answer(e.document(), RANKED));
      fastest = Math.min(fastest, Measured.threadSeconds() - before);
    }
    Measured.report("rate", examples.size() / fastest);
    metrics(model, data, examples).forEach((m, value) -> Measured.report(m.written(), value));
  }

  private static Map<Metric, Double> metrics(
      ModelPackage model, Dataset data, List<Example> examples) {
    var subjects = model.subjects();
    var judged = new ArrayList<Judged>();
    for (var example : examples) {
      Answer answer = model.answer(example.document(), RANKED);
      judged.add(
          new Judged(
              numbers(example.labels(), subjects),
              numbers(answer.labels(), subjects),
              answer.scores(),
              answer.decided()));
    }
    return Evaluation.metrics(data.target(), judged, ContractJson.defaults(Grades.class));
  }

  private static int[] numbers(int[] labels, int[] subjects) {
    return Arrays.stream(labels).map(l -> subjects[l]).toArray();
  }
}
