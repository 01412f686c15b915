package hu.mtmt.besorol.report;

import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.Reason;
import hu.mtmt.besorol.evaluation.Evaluation;
import hu.mtmt.besorol.evaluation.Judged;
import hu.mtmt.besorol.taxonomy.Subject;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import hu.mtmt.besorol.taxonomy.Taxonomy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Reports of made-up answers, the same at every call. */
public final class Samples {
  private static final Grades GRADES = ContractJson.defaults(Grades.class);
  private static final String[][] WORDS = {
    {"Applied", "Alkalmazott"},
    {"Clinical", "Klinikai"},
    {"Theoretical", "Elméleti"},
    {"Molecular", "Molekuláris"},
    {"Environmental", "Környezeti"},
    {"Historical", "Történeti"},
    {"Statistical", "Statisztikai"},
    {"Marine", "Tengeri"},
  };
  private static final String[][] FIELDS = {
    {"physics", "fizika"},
    {"chemistry", "kémia"},
    {"linguistics", "nyelvészet"},
    {"genetics", "genetika"},
    {"economics", "közgazdaságtan"},
    {"materials science", "anyagtudomány"},
    {"law", "jogtudomány"},
    {"hydrology and water resources", "hidrológia és vízgazdálkodás"},
    {"engineering", "mérnöki tudományok"},
  };

  private Samples() {}

  /** A report of so many subjects on three levels. */
  public static ReportInput of(int subjects) {
    return of(taxonomy(subjects), 1500, null);
  }

  /** A report of subjects of which each but the last has one narrower one. */
  public static ReportInput chain(int subjects) {
    return of(
        Taxonomy.of(
            IntStream.range(0, subjects)
                .mapToObj(s -> new Subject("s" + s, s == 0 ? null : "s" + (s - 1), "S" + s))
                .toList()),
        100,
        null);
  }

  /** A report of made-up answers to so many documents. */
  static ReportInput of(Taxonomy taxonomy, int documents, String language) {
    var random = new Random(7);
    var target = new TargetLevel(taxonomy, null);
    var judged =
        IntStream.range(0, documents).mapToObj(d -> document(random, taxonomy, d)).toList();
    var answers = judged.stream().map(JudgedDocument::judged).toList();
    var learnt = new int[taxonomy.size()];
    for (int s = 0; s < learnt.length; s++) {
      learnt[s] = s % 5 == 4 ? 0 : (int) (500 / Math.pow(1 + s % 17, 1.3)) + random.nextInt(5);
    }
    var report =
        Evaluation.report(
            target, answers, GRADES, Digest.of(new byte[0]), Digest.of(new byte[1]), learnt);
    var examples =
        ReportInput.worthShowing(answers).stream().map(d -> example(d, answers.get(d))).toList();
    return new ReportInput(
        "Made-up <model> & its answers",
        List.of(
            new ReportInput.Fact("Algorithm", "Linear"),
            new ReportInput.Fact("Documents", Integer.toString(documents))),
        report,
        target,
        GRADES,
        judged,
        examples,
        language);
  }

  private static Example example(int document, Judged judged) {
    return new Example(
        document,
        List.of(
            new Example.Decided(
                judged.ranked()[0],
                List.of(
                    new Reason(Reason.Kind.TERM, "quantum", 1.25),
                    new Reason(Reason.Kind.TERM, "</script><b>", 0.5),
                    new Reason(Reason.Kind.TERM, "survey", -0.25)))));
  }

  static Taxonomy taxonomy(int size) {
    int roots = Math.max(4, (int) Math.sqrt(size) / 5);
    int middle = Math.max(roots, size / 16);
    var subjects = new ArrayList<Subject>();
    var random = new Random(size);
    for (int s = 0; s < size; s++) {
      int word = random.nextInt(WORDS.length);
      int field = random.nextInt(FIELDS.length);
      int parent =
          s < roots
              ? -1
              : s < roots + middle
                  ? random.nextInt(roots)
                  : roots + (int) (middle * Math.pow(random.nextDouble(), 1.5));
      subjects.add(
          new Subject(
              "s" + s,
              parent < 0 ? null : "s" + parent,
              Map.of(
                  "en",
                  WORDS[word][0] + " " + FIELDS[field][0] + " " + s,
                  "hu",
                  WORDS[word][1] + " " + FIELDS[field][1] + " " + s),
              null,
              null,
              false));
    }
    return Taxonomy.of(subjects);
  }

  private static JudgedDocument document(Random random, Taxonomy taxonomy, int number) {
    int size = taxonomy.size();
    var truth =
        IntStream.range(0, 1 + random.nextInt(2))
            .map(i -> (int) (size * Math.pow(random.nextDouble(), 1.6)))
            .sorted()
            .distinct()
            .toArray();
    // The chance to be right differs between subjects, so that there are all grades.
    var likely =
        Arrays.stream(truth).filter(s -> random.nextDouble() < 0.1 + 0.9 * ((s * 7) % 10) / 9);
    var near = Arrays.stream(truth).map(s -> (s + 1) % size).filter(s -> random.nextDouble() < 0.3);
    var ranked =
        IntStream.concat(IntStream.concat(likely, near), random.ints(12, 0, size))
            .distinct()
            .limit(10)
            .toArray();
    var scores = new float[ranked.length];
    float score = 0.99f;
    for (int i = 0; i < scores.length; i++) {
      score *= 0.35f + 0.6f * random.nextFloat();
      scores[i] = score;
    }
    return new JudgedDocument(
        "d" + number,
        number % 50 == 0 ? null : "On the nature of " + taxonomy.subject(truth[0]).label("en"),
        number % 3 == 0 ? "hu" : "en",
        number % 11 == 0 ? null : 2005 + number % 18,
        new Judged(
            truth,
            ranked,
            scores,
            Math.min(1 + random.nextInt(2), Math.min(truth.length, ranked.length))));
  }
}
