package hu.mtmt.besorol.trainer.data;

import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.classifiers.Labels;
import hu.mtmt.besorol.classifiers.MemoryEstimate;
import hu.mtmt.besorol.classifiers.TrainingData;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ModelManifest.DataReference;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The documents that a plan lets a classifier learn from. Labels are the subjects with at least one
 * training document, and where the classifier can answer them all others of the level that are not
 * deprecated.
 */
public final class PlanTrainingData implements TrainingData {
  private static final String LANGUAGE_IF_NONE_IS_NAMED = "en";

  private final TargetLevel target;
  private final Part training;

  /** A file of its own, or null if the validation documents are split off {@link #training}. */
  private final Part validation;

  private final String defaultLanguage;
  private final int[] trainingDocuments;
  private final Labels labels;

  /**
   * @param target the subjects that are told apart
   * @param training the file of the training documents
   * @param validation the file of the validation documents, or null if they are split off {@code
   *     training}
   * @param languages how many training documents are in each language, sorted by language
   * @param unlearntToo whether subjects without training documents are labels too, unless
   *     deprecated
   * @throws BesorolException if either part is empty or there are fewer than two subjects
   */
  PlanTrainingData(
      TargetLevel target,
      Part training,
      Part validation,
      Map<String, Integer> languages,
      boolean unlearntToo) {
    this.target = target;
    this.training = training;
    this.validation = validation;
    this.defaultLanguage = commonest(languages);
    this.trainingDocuments = countBySubject(target, training);
    this.labels = new Labels(target, subjects(target, trainingDocuments, unlearntToo));
    check();
  }

  /** The commonest language, the first of several; what is assumed if none is named. */
  static String commonest(Map<String, Integer> languages) {
    return languages.entrySet().stream()
        .reduce((a, b) -> a.getValue() >= b.getValue() ? a : b)
        .map(Map.Entry::getKey)
        .orElse(LANGUAGE_IF_NONE_IS_NAMED);
  }

  private static int[] countBySubject(TargetLevel target, Part training) {
    var count = new int[target.taxonomy().size()];
    for (int document = 0; document < training.size(); document++) {
      if (!training.validation().get(document)) {
        for (int subject : training.subjects(document)) {
          count[subject]++;
        }
      }
    }
    return count;
  }

  private static int[] subjects(TargetLevel target, int[] documents, boolean unlearntToo) {
    return IntStream.range(0, documents.length)
        .filter(
            subject ->
                documents[subject] > 0
                    || unlearntToo
                        && target.contains(subject)
                        && !target.taxonomy().subject(subject).deprecated())
        .toArray();
  }

  private void check() {
    if (trainingSize() == 0 || validationSize() == 0) {
      throw BesorolException.data(
          "%s has too few documents, %d, to split some off for validation: add documents, choose another validationFraction, or give a file for validation."
              .formatted(training.name(), training.size()));
    }
    if (labels.size() < 2) {
      throw BesorolException.data(
          "All training documents of %s have one subject, %s: a classifier needs at least two to tell apart%s."
              .formatted(
                  training.name(),
                  labels.id(0),
                  target.level() == null
                      ? ""
                      : " (subjects below level %d count as their ancestor on it)"
                          .formatted(target.level())));
    }
  }

  @Override
  public Labels labels() {
    return labels;
  }

  /** The file of the training documents, those that are split off for validation among them. */
  Part trainingPart() {
    return training;
  }

  /** How many training documents each subject of the taxonomy has, by number. */
  public int[] trainingDocuments() {
    return trainingDocuments.clone();
  }

  /** How much there is to learn. */
  public MemoryEstimate.Size size() {
    double pairs = Arrays.stream(trainingDocuments).asLongStream().sum();
    return MemoryEstimate.Size.of(trainingSize(), labels, pairs / trainingSize());
  }

  @Override
  public String defaultLanguage() {
    return defaultLanguage;
  }

  @Override
  public int trainingSize() {
    return training.size() - training.validation().cardinality();
  }

  @Override
  public Stream<Example> training() {
    return examples(training, document -> !training.validation().get(document));
  }

  /** Who has no labels is known without looking, so no other line is parsed. */
  @Override
  public Stream<Example> labelled(IntPredicate wanted) {
    var number = new int[training.size()];
    int next = 0;
    for (int document = 0; document < number.length; document++) {
      boolean labelled =
          !training.validation().get(document)
              && Arrays.stream(training.subjects(document))
                  .anyMatch(subject -> labels.labelOf(subject) >= 0);
      number[document] = labelled ? next++ : -1;
    }
    return examples(training, document -> number[document] >= 0 && wanted.test(number[document]));
  }

  @Override
  public int validationSize() {
    return validation == null ? training.validation().cardinality() : validation.size();
  }

  @Override
  public Stream<Example> validation() {
    return validation == null
        ? examples(training, training.validation()::get)
        : examples(validation, document -> true);
  }

  /** Subjects that are no labels are left out: nobody could answer them. */
  private Stream<Example> examples(Part part, IntPredicate wanted) {
    return part.documents(wanted)
        .map(
            labelled ->
                new Example(
                    labelled.document(),
                    Arrays.stream(labelled.subjects())
                        .map(labels::labelOf)
                        .filter(label -> label >= 0)
                        .toArray()));
  }

  /** What is recorded of the training documents. */
  public DataReference trainingReference() {
    return new DataReference(training.digest(), trainingSize());
  }

  /** What is recorded of the validation documents. */
  public DataReference validationReference() {
    return new DataReference(
        (validation == null ? training : validation).digest(), validationSize());
  }

  /** The first validation documents, at most {@code limit}: a package tests itself with them. */
  public List<Document> selfTest(int limit) {
    try (var examples = validation()) {
      return examples.limit(limit).map(Example::document).toList();
    }
  }
}
