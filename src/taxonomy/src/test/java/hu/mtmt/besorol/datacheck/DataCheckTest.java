package hu.mtmt.besorol.datacheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import hu.mtmt.besorol.contract.DuplicatePolicy;
import hu.mtmt.besorol.corpus.DocumentFile;
import hu.mtmt.besorol.datacheck.DataReport.Distribution;
import hu.mtmt.besorol.datacheck.DataReport.Finding;
import hu.mtmt.besorol.datacheck.DataReport.LevelFacts;
import hu.mtmt.besorol.datacheck.DataReport.Role;
import hu.mtmt.besorol.datacheck.DataReport.Severity;
import hu.mtmt.besorol.datacheck.DataReport.SubjectFacts;
import hu.mtmt.besorol.files.TestFiles;
import hu.mtmt.besorol.taxonomy.Subject;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import hu.mtmt.besorol.taxonomy.Taxonomy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DataCheckTest {
  private static final Taxonomy TAXONOMY =
      Taxonomy.of(
          List.of(
              new Subject("A", null, "First"),
              new Subject("A.1", "A", "One"),
              new Subject("A.2", "A", "Two"),
              new Subject("B", null, null, null, null, true)));

  /** Nothing is wrong with these, whatever is added. */
  private static final List<String> GOOD = good("");

  @TempDir Path directory;

  private static List<String> good(String prefix) {
    var lines = new ArrayList<String>();
    for (int i = 0; i < 3; i++) {
      lines.add(
          "{\"id\":\"%1$sx%2$d\",\"title\":\"%1$sx number %2$d of its kind\",\"language\":\"en\",\"year\":2001,\"subjects\":[\"A.1\"]}"
              .formatted(prefix, i));
      lines.add(
          "{\"id\":\"%1$sy%2$d\",\"title\":\"%1$sy paper %2$d on other things\",\"language\":\"en\",\"year\":2003,\"subjects\":[\"A.2\"]}"
              .formatted(prefix, i));
    }
    return lines;
  }

  private static DataCheck check(Integer level, DuplicatePolicy duplicates) {
    return new DataCheck(new TargetLevel(TAXONOMY, level), Set.of("en", "hu"), duplicates, 2026, 2);
  }

  private static DataCheck check() {
    return check(null, DuplicatePolicy.REFUSE);
  }

  private DataCheck.Input file(Role role, List<String> lines) {
    var file = directory.resolve(role.name().toLowerCase(java.util.Locale.ROOT) + ".jsonl");
    TestFiles.write(file, String.join("\n", lines));
    return new DataCheck.Input(role, DocumentFile.open(file, null));
  }

  private static List<String> and(List<String> lines, String... more) {
    return Stream.concat(lines.stream(), Stream.of(more)).toList();
  }

  private static Finding finding(DataReport report, Check check) {
    return report.findings().stream().filter(f -> f.check() == check).findFirst().orElseThrow();
  }

  @Test
  void findsNothingWrongWithGoodDocuments() {
    var report =
        check()
            .run(
                List.of(
                    file(Role.TRAINING, GOOD),
                    file(Role.VALIDATION, good("v")),
                    file(Role.HOLDOUT, good("h"))),
                share -> {});
    assertThat(report.findings())
        .allSatisfy(
            f -> {
              assertThat(f.severity()).as(f.problem()).isEqualTo(Severity.PASSED);
              assertThat(f.problem()).endsWith(".");
            });
    assertThat(report.findings()).hasSize(Check.values().length - 1); // scores are not looked at
    assertThat(report.verdict()).isEqualTo(Severity.PASSED);
    assertThat(report.levels())
        .containsExactly(
            new LevelFacts(1, 2, 0, 0, 0, null),
            new LevelFacts(2, 2, 2, 0, 0, new Distribution(3, 3, 3, 3)));
    assertThat(report.subjects())
        .contains(new SubjectFacts("A.1", 2, 3, 3, 3), new SubjectFacts("B", 1, 0, 0, 0));
    var facts = report.files().getFirst();
    assertThat(facts.documents()).isEqualTo(6);
    assertThat(facts.used()).isEqualTo(6);
    assertThat(facts.languages()).isEqualTo(Map.of("en", 6));
    assertThat(facts.years()).isEqualTo(new Distribution(2001, 2001, 2002, 2003));
    assertThat(facts.subjectsPerDocument()).isEqualTo(new Distribution(1, 1, 1, 1));
  }

  static Stream<Arguments> wrongTrainingDocuments() {
    return Stream.of(
        arguments("nonsense", Check.UNREADABLE_LINES, Severity.REFUSED, "train", "not JSON"),
        arguments(
            "{\"title\":\"t\",\"subjects\":[\"A.1\",\"Z\",\"Y\"]}",
            Check.UNKNOWN_SUBJECTS,
            Severity.REFUSED,
            "lacks: Y (1), Z (1).",
            "training.jsonl:7: Z, Y"),
        arguments(
            "{\"id\":\"i\",\"title\":\"t\",\"language\":\"xx\",\"subjects\":[\"A.1\"]}",
            Check.UNKNOWN_LANGUAGES,
            Severity.REFUSED,
            "1 document has a language",
            "training.jsonl:7 (i): xx"),
        arguments(
            "{\"title\":\"t\",\"subjects\":[\"B\"]}",
            Check.DEPRECATED_SUBJECTS,
            Severity.WARNING,
            "B (1)",
            "training.jsonl:7: B"),
        arguments(
            "{\"title\":\" \",\"subjects\":[\"A.1\"]}",
            Check.WITHOUT_TEXT,
            Severity.WARNING,
            "1 document has no text",
            "training.jsonl:7"),
        arguments(
            "{\"title\":\"t\"}",
            Check.WITHOUT_SUBJECTS,
            Severity.WARNING,
            "no subjects",
            "training.jsonl:7"),
        arguments(
            "{\"title\":\"%s\",\"subjects\":[\"A.1\"]}".formatted("long text ".repeat(20_001)),
            Check.LONG_TEXTS,
            Severity.WARNING,
            "more than 200,000 characters",
            "training.jsonl:7: 200,010 characters"),
        arguments(
            "{\"id\":\"x1\",\"title\":\"t\",\"subjects\":[\"A.1\"]}",
            Check.REPEATED_IDS,
            Severity.WARNING,
            "1 document has the id of another",
            "training.jsonl:7 (x1) has the id of"),
        arguments(
            "{\"title\":\"t\",\"year\":20019,\"subjects\":[\"A.1\"]}",
            Check.IMPLAUSIBLE_YEARS,
            Severity.WARNING,
            "before 1450 or after 2026",
            "training.jsonl:7: 20019"),
        arguments(
            "{\"title\":\"X NUMBER 1 of its kind!\",\"subjects\":[\"A.1\"]}",
            Check.REPEATED_TEXTS,
            Severity.WARNING,
            "1 exactly, 0 almost",
            "training.jsonl:7 is "),
        arguments(
            "{\"title\":\"X NUMBER 1 of its kind!\",\"subjects\":[\"A.2\"]}",
            Check.CONTRADICTIONS,
            Severity.WARNING,
            "1 document has other subjects",
            ", but of A.2: A.1"),
        arguments(
            "{\"title\":\"t\",\"subjects\":[\"A\"]}",
            Check.RARE_SUBJECTS,
            Severity.WARNING,
            "1 subject has fewer than 3",
            "First (A): 1"));
  }

  @ParameterizedTest
  @MethodSource("wrongTrainingDocuments")
  void findsWhatIsWrongWithADocument(
      String line, Check check, Severity severity, String problem, String example) {
    var report = check().run(List.of(file(Role.TRAINING, and(GOOD, line))), share -> {});
    var found = finding(report, check);
    assertThat(found.severity()).isEqualTo(severity);
    assertThat(found.count()).isOne();
    assertThat(found.problem() + String.join("\n", found.examples()))
        .contains(problem)
        .contains(example);
    assertThat(found.remedy()).endsWith(".");
    assertThat(report.verdict()).isEqualTo(severity);
    assertThat(report.findings().getFirst().severity()).isEqualTo(severity);
  }

  @ParameterizedTest
  @MethodSource("wrongTrainingDocuments")
  void countsAllAndGivesSomeExamples(String line, Check check) {
    var lines = new ArrayList<>(GOOD);
    for (int i = 0; i < 4; i++) {
      lines.add(line);
    }
    var found = finding(check().run(List.of(file(Role.TRAINING, lines)), share -> {}), check);
    if (check != Check.RARE_SUBJECTS) { // with four documents it is not rare
      assertThat(found.count()).isEqualTo(4);
      assertThat(found.examples()).hasSize(2);
    }
  }

  @Test
  void comparesPartsWithEachOther() {
    var learnt =
        "the quick brown fox jumps over the lazy dog while seven wizards box in the quiet night of"
            + " early spring";
    var training = and(GOOD, text("a", learnt), text("b", "one and the same"));
    var validation = and(good("v"), text("c", learnt + " again"));
    var holdout =
        and(good("h"), text("d", "ONE and the same"), text("e", "hx number 0 of its kind"));
    var inputs =
        List.of(
            file(Role.TRAINING, training),
            file(Role.VALIDATION, validation),
            file(Role.HOLDOUT, holdout));

    var report = check().run(inputs, share -> {});
    var judged = finding(report, Check.LEARNT_AND_JUDGED);
    assertThat(judged.severity()).isEqualTo(Severity.REFUSED);
    assertThat(judged.examples())
        .singleElement()
        .asString()
        .contains("(b) is ", "holdout.jsonl:7 (d)");
    assertThat(finding(report, Check.LEARNT_AND_VALIDATED).examples())
        .singleElement()
        .asString()
        .contains("(c) is almost ", "(a)");
    assertThat(finding(report, Check.REPEATED_TEXTS).examples())
        .singleElement()
        .asString()
        .contains("(e) is ", "(hx0)");
    assertThat(finding(report, Check.ALMOST_LEARNT_AND_JUDGED).severity())
        .isEqualTo(Severity.PASSED);

    var dropping = check(null, DuplicatePolicy.DROP).run(inputs, share -> {});
    assertThat(finding(dropping, Check.LEARNT_AND_JUDGED).severity()).isEqualTo(Severity.WARNING);
    assertThat(dropping.verdict()).isEqualTo(Severity.WARNING);

    var swapped =
        check()
            .run(
                List.of(file(Role.TRAINING, training), file(Role.HOLDOUT, validation)),
                share -> {});
    assertThat(finding(swapped, Check.ALMOST_LEARNT_AND_JUDGED).examples())
        .singleElement()
        .asString()
        .contains("(a) is almost ", "(c)");
  }

  private static String text(String id, String title) {
    return "{\"id\":\"%s\",\"title\":\"%s\",\"subjects\":[\"A.1\"]}".formatted(id, title);
  }

  @Test
  void saysWhatWasNotLearnt() {
    var holdout = and(good("h"), "{\"title\":\"t\",\"language\":\"hu\",\"subjects\":[\"A\"]}");
    var inputs = List.of(file(Role.TRAINING, GOOD), file(Role.HOLDOUT, holdout));
    var report = check().run(inputs, share -> {});
    assertThat(finding(report, Check.UNLEARNT_SUBJECTS).examples()).containsExactly("First (A): 1");
    assertThat(finding(report, Check.UNLEARNT_LANGUAGES).examples()).containsExactly("hu: 1");
  }

  @Test
  void refusesWhatNothingCanBeLearntFrom() {
    var same = check(1, DuplicatePolicy.REFUSE);
    var report = same.run(List.of(file(Role.TRAINING, GOOD)), share -> {});
    assertThat(finding(report, Check.NOTHING_TO_LEARN).examples())
        .containsExactly("the documents to learn from have one subject");
    assertThat(report.levels()).hasSize(1);

    var empty =
        check()
            .run(
                List.of(file(Role.TRAINING, GOOD), file(Role.HOLDOUT, List.of("{\"id\":\"x\"}"))),
                share -> {});
    assertThat(finding(empty, Check.NOTHING_TO_LEARN).examples())
        .singleElement()
        .asString()
        .endsWith("holdout.jsonl has no document that can be used");
  }

  @Test
  void tellsHowFarItIsAndStopsOnRequest() {
    var shares = new ArrayList<Double>();
    var input = List.of(file(Role.TRAINING, and(GOOD, text("z", "x number 1 of its kind"))));
    check().run(input, shares::add);
    assertThat(shares).isSorted().hasSizeGreaterThan(6).last().isEqualTo(1.0);

    assertThatThrownBy(
            () ->
                check()
                    .run(
                        input,
                        share -> {
                          throw new CancellationException();
                        }))
        .isInstanceOf(CancellationException.class);
  }

  /** What one document is, is told once: for the worst that can be said of it. */
  @Test
  void everyCheckIsMadeOnce() {
    var report = check().run(List.of(file(Role.TRAINING, GOOD)), share -> {});
    var times = new EnumMap<Check, Integer>(Check.class);
    report.findings().forEach(f -> times.merge(f.check(), 1, Integer::sum));
    assertThat(times.values()).containsOnly(1);
  }
}
