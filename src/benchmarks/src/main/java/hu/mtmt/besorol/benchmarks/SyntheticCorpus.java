package hu.mtmt.besorol.benchmarks;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * Documents of any number of subjects that differ in nothing but that number: as many documents, as
 * long, from as many words, with as many subjects each.
 *
 * <p>The taxonomy is a tree in which every node has ten children; its leaves are the subjects. Each
 * node has a few words of its own, drawn from the vocabulary that all share. A document has words
 * of its subjects and of the nodes above them; the others are drawn from the vocabulary by Zipf's
 * law.
 */
final class SyntheticCorpus {
  private static final int BRANCHING = 10;
  private static final int VOCABULARY = 50_000;
  private static final int WORDS_OF_NODE = 6;
  private static final int SUBJECTS_OF_DOCUMENT = 3;
  private static final int WORDS_FROM_SUBJECT = 8;
  private static final int OTHER_WORDS = 16;

  /** Share of a subject's words that are those of a node above it. */
  private static final double FROM_ABOVE = 0.4;

  private final int levels;
  private final int subjects;
  private final SplittableRandom random;

  private SyntheticCorpus(int levels, long seed) {
    this.levels = levels;
    this.subjects = (int) Math.pow(BRANCHING, levels);
    this.random = new SplittableRandom(seed);
  }

  /**
   * Writes a data set.
   *
   * @param directory gets the taxonomy, train, validation and test
   * @param levels of the taxonomy, so that there are 10 to that power subjects
   * @param training how many documents there are to learn from
   * @param judging how many there are to choose thresholds on, and how many to judge on
   */
  static void write(Path directory, int levels, int training, int judging, long seed)
      throws IOException {
    var corpus = new SyntheticCorpus(levels, seed);
    corpus.writeTaxonomy(directory.resolve("taxonomy.jsonl"));
    corpus.writeDocuments(directory.resolve("train.jsonl.zst"), training);
    corpus.writeDocuments(directory.resolve("validation.jsonl.zst"), judging);
    corpus.writeDocuments(directory.resolve("test.jsonl.zst"), judging);
  }

  /** Id of the node above a subject, on a level from 1 to {@link #levels}. */
  private String node(int subject, int level) {
    return level + "-" + subject / (int) Math.pow(BRANCHING, levels - level);
  }

  private void writeTaxonomy(Path file) throws IOException {
    try (var out = new PrintWriter(Files.newBufferedWriter(file))) {
      for (int level = 1; level <= levels; level++) {
        int step = (int) Math.pow(BRANCHING, levels - level);
        for (int first = 0; first < subjects; first += step) {
          var id = node(first, level);
          var parent = level == 1 ? "null" : '"' + node(first, level - 1) + '"';
          out.println(
              "{\"id\": \"%1$s\", \"label\": \"%1$s\", \"parent\": %2$s}".formatted(id, parent));
        }
      }
    }
  }

  private void writeDocuments(Path file, int count) throws IOException {
    var name = file.getFileName().toString().replaceFirst("\\..*", "");
    try (var out =
        new PrintWriter(
            new ZstdOutputStream(Files.newOutputStream(file)), false, StandardCharsets.UTF_8)) {
      for (int i = 0; i < count; i++) {
        out.println(document(name + "-" + i));
      }
    }
  }

  private String document(String id) {
    var text = new StringBuilder();
    var about = new TreeSet<String>();
    while (about.size() < SUBJECTS_OF_DOCUMENT) {
      int subject = random.nextInt(subjects);
      if (about.add('"' + node(subject, levels) + '"')) {
        for (int i = 0; i < WORDS_FROM_SUBJECT; i++) {
          boolean above = levels > 1 && random.nextDouble() < FROM_ABOVE;
          text.append(wordOf(node(subject, above ? random.nextInt(1, levels) : levels)));
        }
      }
    }
    for (int i = 0; i < OTHER_WORDS; i++) {
      text.append(word((int) Math.pow(VOCABULARY, random.nextDouble())));
    }
    return "{\"id\": \"%s\", \"abstract\": \"%s\", \"language\": \"en\", \"subjects\": [%s]}"
        .formatted(id, text, String.join(", ", about));
  }

  /** One of the words of a node; which they are depends on its id alone. */
  private String wordOf(String node) {
    long seed = node.hashCode() * (long) WORDS_OF_NODE + random.nextInt(WORDS_OF_NODE);
    return word(new SplittableRandom(seed).nextInt(VOCABULARY));
  }

  private static String word(int number) {
    return "w" + Integer.toString(number, Character.MAX_RADIX) + "q ";
  }
}
