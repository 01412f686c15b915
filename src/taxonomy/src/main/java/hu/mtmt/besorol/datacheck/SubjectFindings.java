package hu.mtmt.besorol.datacheck;

import static hu.mtmt.besorol.datacheck.CheckedCorpus.finding;

import hu.mtmt.besorol.datacheck.DataReport.Distribution;
import hu.mtmt.besorol.datacheck.DataReport.FileFacts;
import hu.mtmt.besorol.datacheck.DataReport.Finding;
import hu.mtmt.besorol.datacheck.DataReport.LevelFacts;
import hu.mtmt.besorol.datacheck.DataReport.Role;
import hu.mtmt.besorol.datacheck.DataReport.Severity;
import hu.mtmt.besorol.datacheck.DataReport.SubjectFacts;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** What is found by counting the documents of subjects and languages. */
final class SubjectFindings {
  /** Fewer documents than that hardly teach what a subject is. */
  private static final int ENOUGH = 3;

  private final CheckedCorpus corpus;
  private final DataCheck check;

  /** Used documents by subject of the taxonomy. */
  private final Map<Role, int[]> documents = new EnumMap<>(Role.class);

  SubjectFindings(CheckedCorpus corpus, DataCheck check) {
    this.corpus = corpus;
    this.check = check;
    for (var role : Role.values()) {
      documents.put(role, new int[check.target().taxonomy().size()]);
    }
    for (var entry : corpus.entries()) {
      if (entry.used()) {
        for (int subject : entry.subjects()) {
          documents.get(corpus.role(entry))[subject]++;
        }
      }
    }
  }

  private int training(int subject) {
    return documents.get(Role.TRAINING)[subject];
  }

  /** Numbers of the subjects that are told apart. */
  private IntStream told() {
    return IntStream.range(0, check.target().taxonomy().size()).filter(check.target()::contains);
  }

  private String name(int subject) {
    var s = check.target().taxonomy().subject(subject);
    var label = s.label("en");
    return label.equals(s.id()) ? s.id() : "%s (%s)".formatted(label, s.id());
  }

  List<SubjectFacts> subjects() {
    var taxonomy = check.target().taxonomy();
    return told()
        .mapToObj(
            subject ->
                new SubjectFacts(
                    taxonomy.subject(subject).id(),
                    taxonomy.level(subject),
                    training(subject),
                    documents.get(Role.VALIDATION)[subject],
                    documents.get(Role.HOLDOUT)[subject]))
        .toList();
  }

  List<LevelFacts> levels() {
    var taxonomy = check.target().taxonomy();
    var levels = new ArrayList<LevelFacts>();
    for (int level = 1; level <= taxonomy.depth(); level++) {
      int wanted = level;
      var counts = told().filter(s -> taxonomy.level(s) == wanted).map(this::training).toArray();
      if (counts.length > 0) {
        levels.add(
            new LevelFacts(
                level,
                counts.length,
                (int) IntStream.of(counts).filter(n -> n > 0).count(),
                (int) IntStream.of(counts).filter(n -> n == 1).count(),
                (int) IntStream.of(counts).filter(n -> n == 2).count(),
                Distribution.of(IntStream.of(counts).filter(n -> n > 0).toArray())));
      }
    }
    return levels;
  }

  List<Finding> findings() {
    return List.of(nothingToLearn(), unlearnt(), rare(), languages());
  }

  private Finding nothingToLearn() {
    var problems = new Examples(check.examples());
    for (var file : corpus.files()) {
      if (file.used() == 0) {
        problems.add(() -> file.file() + " has no document that can be used");
      }
    }
    long learnt = told().filter(subject -> training(subject) > 0).count();
    boolean trains = corpus.files().stream().anyMatch(f -> f.role() == Role.TRAINING);
    if (trains && learnt < 2) {
      problems.add(
          () ->
              "the documents to learn from have %s"
                  .formatted(learnt == 0 ? "no subject" : "one subject"));
    }
    return finding(
        Check.NOTHING_TO_LEARN,
        Severity.REFUSED,
        problems,
        "There is too little to learn from or to judge on",
        "Documents need text and subjects, and a classifier at least two subjects to tell apart.");
  }

  private Finding unlearnt() {
    var unlearnt = new Examples(check.examples());
    told()
        .filter(subject -> training(subject) == 0)
        .forEach(
            subject -> {
              int judged =
                  documents.get(Role.VALIDATION)[subject] + documents.get(Role.HOLDOUT)[subject];
              if (judged > 0) {
                unlearnt.add(() -> "%s: %d".formatted(name(subject), judged));
              }
            });
    boolean one = unlearnt.count() == 1;
    return finding(
        Check.UNLEARNT_SUBJECTS,
        Severity.WARNING,
        unlearnt,
        one
            ? "1 subject of validation or test has no document in train, so it can never be"
                + " answered"
            : "%,d subjects of validation or test have no document in train, so they can never be answered"
                .formatted(unlearnt.count()),
        "Add documents, split anew with besorol data split, or set a lower --level.");
  }

  /** Subjects with documents, but few; those without any are not meant to have some, maybe. */
  private Finding rare() {
    var rare = new Examples(check.examples());
    told()
        .filter(subject -> training(subject) > 0 && training(subject) < ENOUGH)
        .forEach(subject -> rare.add(() -> "%s: %d".formatted(name(subject), training(subject))));
    return finding(
        Check.RARE_SUBJECTS,
        Severity.WARNING,
        rare,
        "%,d %s than %d documents in train"
            .formatted(
                rare.count(),
                rare.count() == 1 ? "subject has fewer" : "subjects have fewer",
                ENOUGH),
        "Add documents, or set a lower --level: nobody learns a subject from so few.");
  }

  private Finding languages() {
    var learnt = new TreeSet<String>();
    var judged = new TreeMap<String, Integer>();
    for (FileFacts file : corpus.files()) {
      if (file.role() == Role.TRAINING) {
        learnt.addAll(file.languages().keySet());
      } else {
        file.languages().forEach((language, n) -> judged.merge(language, n, Integer::sum));
      }
    }
    if (learnt.isEmpty()) {
      judged.clear(); // where training names no language, all is taken for one
    }
    judged.keySet().removeAll(learnt);
    var unlearnt = new Examples(check.examples());
    judged.forEach((language, n) -> unlearnt.add(() -> "%s: %d".formatted(language, n)));
    return finding(
        Check.UNLEARNT_LANGUAGES,
        Severity.WARNING,
        unlearnt,
        "Documents of validation or test are in %d %s that no document of train names"
            .formatted(unlearnt.count(), unlearnt.count() == 1 ? "language" : "languages"),
        "Add documents in them: words of one language say nothing of another's.");
  }
}
