package hu.mtmt.besorol.trainer;

import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.DuplicatePolicy;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.LinearParameters;
import hu.mtmt.besorol.contract.Source;
import hu.mtmt.besorol.contract.TrainingPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Documents over a small tree, written into a directory: every subject has words of its own, and
 * all share some, so that it can be learnt but not without errors.
 */
public final class TinyCorpus {
  private static final int OWN_WORDS = 6;
  private static final int WORDS = 12;

  private final Path directory;
  private final int subjects;

  private TinyCorpus(Path directory, int subjects) {
    this.directory = directory;
    this.subjects = subjects;
  }

  /** Two roots, {@code subjects} below them, 20 training documents for each. */
  public static TinyCorpus in(Path directory, int subjects) {
    return in(directory, subjects, 20);
  }

  /** Two roots, {@code subjects} below them, so many training documents for each. */
  public static TinyCorpus in(Path directory, int subjects, int documents) {
    var corpus = new TinyCorpus(directory, subjects);
    corpus.write("taxonomy.jsonl", corpus.taxonomy());
    corpus.write("train.jsonl", corpus.documents("train", subjects * documents, 1));
    corpus.write("validation.jsonl", corpus.documents("validation", subjects * 8, 2));
    corpus.write("test.jsonl", corpus.documents("test", subjects * 8, 3));
    return corpus;
  }

  private List<String> taxonomy() {
    var lines = new ArrayList<String>();
    lines.add("{\"id\":\"A\",\"label\":\"First\",\"parent\":null}");
    lines.add("{\"id\":\"B\",\"label\":\"Second\",\"parent\":null}");
    for (int s = 0; s < subjects; s++) {
      lines.add(
          "{\"id\":\"%s\",\"label\":\"Subject %d\",\"parent\":\"%s\"}"
              .formatted(id(s), s, s % 2 == 0 ? "A" : "B"));
    }
    return lines;
  }

  /** Id of a subject below the roots. */
  public static String id(int subject) {
    return (subject % 2 == 0 ? "A." : "B.") + subject;
  }

  private List<String> documents(String prefix, int count, long seed) {
    var random = new Random(seed);
    var lines = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      int subject = i % subjects;
      int second = random.nextInt(subjects);
      boolean two = second != subject && random.nextInt(4) == 0;
      var text = new StringBuilder();
      for (int w = 0; w < WORDS; w++) {
        int from =
            random.nextInt(3) == 0
                ? random.nextInt(subjects)
                : two && w % 2 == 0 ? second : subject;
        text.append(word(from, random.nextInt(OWN_WORDS))).append(' ');
      }
      lines.add(
          "{\"id\":\"%s%d\",\"title\":\"%s\",\"abstract\":\"%s\",\"language\":\"en\",\"subjects\":[\"%s\"%s]}"
              .formatted(
                  prefix,
                  i,
                  prefix + " number " + i,
                  text.toString().strip(),
                  id(subject),
                  two ? ",\"" + id(second) + "\"" : ""));
    }
    return lines;
  }

  /** A word that mostly documents of the subject have. */
  public static String word(int subject, int number) {
    return ""
        + (char) ('b' + subject / 20)
        + (char) ('a' + subject % 20)
        + "zor"
        + (char) ('a' + number);
  }

  /** The file of that name. */
  public Path file(String name) {
    return directory.resolve(name);
  }

  public Path directory() {
    return directory;
  }

  /** Writes lines into a file of the directory, in place of what was there. */
  public TinyCorpus write(String name, List<String> lines) {
    try {
      Files.createDirectories(directory);
      Files.write(directory.resolve(name), lines);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines of a file. */
  public List<String> lines(String name) {
    try {
      return new ArrayList<>(Files.readAllLines(directory.resolve(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Replaces a line, counted from 1. */
  public TinyCorpus replace(String name, int line, String text) {
    var lines = lines(name);
    lines.set(line - 1, text);
    return write(name, lines);
  }

  /** A document as a line. */
  public static String document(String title, String... subjects) {
    return "{\"title\":\"%s\",\"subjects\":[%s]}"
        .formatted(title, subjects.length == 0 ? "" : "\"" + String.join("\",\"", subjects) + "\"");
  }

  /** A source with its digest. */
  public Source source(String name) {
    try {
      return new Source(file(name).toString(), Digest.of(file(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A plan of all four files with the defaults. */
  public TrainingPlan plan() {
    return plan(Algorithm.of(ContractJson.defaults(LinearParameters.class)), List.of());
  }

  /** A plan of all four files. */
  public TrainingPlan plan(Algorithm algorithm, List<ComparisonRequest> comparisons) {
    return new TrainingPlan(
        source("taxonomy.jsonl"),
        null,
        source("train.jsonl"),
        source("validation.jsonl"),
        "0.1",
        source("test.jsonl"),
        DuplicatePolicy.REFUSE,
        algorithm,
        42,
        ContractJson.defaults(Grades.class),
        comparisons,
        null,
        null);
  }

  /** The same plan in a pod that finds the directory at /data. */
  public TrainingPlan planOfPod(Algorithm algorithm) {
    var plan = plan(algorithm, List.of());
    return new TrainingPlan(
        inPod(plan.taxonomy()),
        plan.level(),
        inPod(plan.training()),
        inPod(plan.validation()),
        plan.validationFraction(),
        inPod(plan.holdout()),
        plan.duplicates(),
        plan.algorithm(),
        plan.seed(),
        plan.grades(),
        plan.comparisons(),
        "/store",
        "/checkpoints");
  }

  private static Source inPod(Source source) {
    return new Source("/data/" + Path.of(source.location()).getFileName(), source.digest());
  }
}
