package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.taxonomy.Subject;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import hu.mtmt.besorol.taxonomy.Taxonomy;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Documents of made-up words. Every subject has words of its own; a document has one or two
 * subjects, half of its words are theirs and the others are anybody's.
 */
public record ToyCorpus(
    Labels labels, List<Example> learnt, List<Example> validated, List<Example> tested)
    implements TrainingData {
  private static final int WORDS_OF_A_SUBJECT = 8;

  /** A corpus whose documents follow from the seed. */
  public static ToyCorpus of(int subjects, int training, int validation, long seed) {
    var random = new SplittableRandom(seed);
    return new ToyCorpus(
        labels(IntStream.range(0, subjects).mapToObj(s -> "s" + s).toList()),
        examples(random, subjects, training),
        examples(random, subjects, validation),
        examples(random, subjects, 100));
  }

  /** The same with other documents to learn from. */
  public ToyCorpus learning(List<Example> examples) {
    return new ToyCorpus(labels, examples, validated, tested);
  }

  /** The same with other documents to choose thresholds on. */
  public ToyCorpus validating(List<Example> examples) {
    return new ToyCorpus(labels, learnt, examples, tested);
  }

  private static List<Example> examples(SplittableRandom random, int subjects, int size) {
    var examples = new ArrayList<Example>();
    for (int i = 0; i < size; i++) {
      var labels = random.ints(1 + i % 4 / 3, 0, subjects).sorted().distinct().toArray();
      examples.add(new Example(document("d" + i, text(random, labels)), labels));
    }
    return examples;
  }

  private static String text(SplittableRandom random, int[] labels) {
    var words = new ArrayList<String>();
    for (int i = 0; i < 20; i++) {
      int label = labels[random.nextInt(labels.length)];
      words.add("sub" + (char) ('a' + label) + "x" + random.nextInt(WORDS_OF_A_SUBJECT));
      words.add("any" + random.nextInt(60));
    }
    return String.join(" ", words);
  }

  /** A document of a title. */
  public static Document document(String id, String title) {
    return new Document(id, title, null, List.of(), null, "en", null, List.of());
  }

  /** Labels of these ids, in a taxonomy in which they are under one root. */
  public static Labels labels(List<String> ids) {
    var taxonomy =
        Taxonomy.of(
            Stream.concat(
                    Stream.of(new Subject("root", null, "Root")),
                    ids.stream().map(id -> new Subject(id, "root", id)))
                .toList());
    return new Labels(
        new TargetLevel(taxonomy, null), ids.stream().mapToInt(taxonomy::indexOf).toArray());
  }

  @Override
  public String defaultLanguage() {
    return "en";
  }

  @Override
  public int trainingSize() {
    return learnt.size();
  }

  @Override
  public Stream<Example> training() {
    return learnt.stream();
  }

  @Override
  public int validationSize() {
    return validated.size();
  }

  @Override
  public Stream<Example> validation() {
    return validated.stream();
  }
}
