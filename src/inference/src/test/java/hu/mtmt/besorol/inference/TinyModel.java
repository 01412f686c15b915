package hu.mtmt.besorol.inference;

import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.classifiers.Labels;
import hu.mtmt.besorol.classifiers.ModelPackage;
import hu.mtmt.besorol.classifiers.ModelPackageWriter;
import hu.mtmt.besorol.classifiers.ModelTraining;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.TrainingData;
import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.EvaluationReport;
import hu.mtmt.besorol.contract.Grades.Grade;
import hu.mtmt.besorol.contract.LinearParameters;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.contract.ModelManifest;
import hu.mtmt.besorol.contract.ModelManifest.DataReference;
import hu.mtmt.besorol.contract.ModelManifest.TaxonomyReference;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.taxonomy.Subject;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import hu.mtmt.besorol.taxonomy.Taxonomy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Trains a real package in a second or so: six subjects below two roots, two languages. */
final class TinyModel {
  private static final Digest NO_FILE = Digest.of(new byte[0]);

  private static final Taxonomy TAXONOMY =
      Taxonomy.of(
          List.of(
              subject("1", null, "Natural sciences", "Természettudományok"),
              subject("1.1", "1", "Mathematics", "Matematika"),
              subject("1.2", "1", "Physics", "Fizika"),
              subject("1.3", "1", "Chemistry", "Kémia"),
              subject("2", null, "Humanities", "Bölcsészettudományok"),
              subject("2.1", "2", "History", "Történelem"),
              subject("2.2", "2", "Linguistics", "Nyelvészet"),
              subject("2.3", "2", "Music", "Zene")));

  /** The words of every subject that is learnt, by its number; "2.3" has none. */
  private static final Map<Integer, List<String>> WORDS =
      Map.of(
          1, List.of("theorem", "algebra", "manifold", "topology", "tétel", "topológia"),
          2, List.of("quantum", "muon", "photon", "plasma", "kvantum", "részecske"),
          3, List.of("catalyst", "polymer", "molecule", "solvent", "molekula", "oldószer"),
          5, List.of("medieval", "empire", "archive", "treaty", "középkor", "levéltár"),
          6, List.of("syntax", "phoneme", "grammar", "dialect", "nyelvtan", "nyelvjárás"));

  private static final int[] SUBJECTS = {1, 2, 3, 5, 6};

  private TinyModel() {}

  private static Subject subject(String id, String parent, String english, String hungarian) {
    return new Subject(id, parent, Map.of("en", english, "hu", hungarian), null, null, false);
  }

  /** Trains the model and publishes its package in {@code directory}. */
  static ModelPackage train(Path directory) {
    return train(directory, new Data(0));
  }

  /** The same of a model that takes every document for one of the next subject. */
  static ModelPackage trainOtherwise(Path directory) {
    return train(directory, new Data(1));
  }

  private static ModelPackage train(Path directory, Data data) {
    var parameters = ContractJson.defaults(LinearParameters.class);
    try (var writer = ModelPackageWriter.begin(directory)) {
      var context =
          new TrainingContext(42, 1, null, null, () -> false, (stage, share, epoch, loss) -> {});
      var decision =
          ModelTraining.train(Algorithm.of(parameters), data, context, writer.directory());
      var documents = new DataReference(NO_FILE, data.trainingSize());
      var manifest =
          new ModelManifest(
              Algorithm.of(parameters),
              new TaxonomyReference(NO_FILE, 2),
              documents,
              documents,
              documents,
              42,
              "test",
              data.defaultLanguage(),
              SUBJECTS.length,
              decision,
              null,
              null);
      writer.describe(
          manifest, data.labels(), data.validation().map(Example::document).limit(5).toList());
      return writer.publish(evaluation(), null);
    }
  }

  /** Figures that are made up: here only that they come through matters. */
  private static EvaluationReport evaluation() {
    return new EvaluationReport(
        NO_FILE,
        NO_FILE,
        2,
        new EvaluationReport.Slice("overall", 10, 10, 10, 8, Map.of(Metric.STRICT_F1, 0.8)),
        List.of(),
        List.of(),
        List.of(
            new EvaluationReport.SubjectResult("1.2", 40, 5, 5, 4, 0.8, 0.8, 0.8, Grade.GREEN)));
  }

  /**
   * @param shift by how many a document's subject is moved
   */
  private record Data(int shift) implements TrainingData {
    private static final int TRAINING = 400;
    private static final int VALIDATION = 100;

    @Override
    public Labels labels() {
      return new Labels(new TargetLevel(TAXONOMY, 2), SUBJECTS);
    }

    @Override
    public String defaultLanguage() {
      return "en";
    }

    @Override
    public int trainingSize() {
      return TRAINING;
    }

    @Override
    public Stream<Example> training() {
      return examples(1, TRAINING);
    }

    @Override
    public int validationSize() {
      return VALIDATION;
    }

    @Override
    public Stream<Example> validation() {
      return examples(2, VALIDATION);
    }

    private Stream<Example> examples(int seed, int count) {
      var random = new Random(seed);
      return IntStream.range(0, count)
          .mapToObj(i -> example(i % SUBJECTS.length, i, random))
          .sequential();
    }

    private Example example(int label, int number, Random random) {
      var words = WORDS.get(SUBJECTS[label]);
      var other = WORDS.get(SUBJECTS[random.nextInt(SUBJECTS.length)]);
      var title =
          "%s and %s in a study of %s"
              .formatted(
                  words.get(random.nextInt(words.size())),
                  words.get(random.nextInt(words.size())),
                  other.get(random.nextInt(other.size())));
      var document = new Document("d" + number, title, null, null, null, "en", 2020, null);
      return new Example(document, new int[] {(label + shift) % SUBJECTS.length});
    }
  }
}
