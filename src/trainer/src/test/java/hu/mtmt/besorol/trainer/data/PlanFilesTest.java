package hu.mtmt.besorol.trainer.data;

import static hu.mtmt.besorol.trainer.TinyCorpus.document;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hu.mtmt.besorol.classifiers.CancelledException;
import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.DuplicatePolicy;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.LabelMatchParameters;
import hu.mtmt.besorol.contract.Source;
import hu.mtmt.besorol.contract.TrainingPlan;
import hu.mtmt.besorol.trainer.Plans;
import hu.mtmt.besorol.trainer.TinyCorpus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanFilesTest {
  @TempDir Path directory;
  private TinyCorpus corpus;
  private final List<String> notes = new ArrayList<>();

  @BeforeEach
  void write() {
    corpus = TinyCorpus.in(directory, 4);
  }

  private PlanFiles read(TrainingPlan plan) {
    return PlanFiles.read(plan, new LocalSources(), () -> false, share -> {}, notes::add);
  }

  private void assertRefused(TrainingPlan plan, FailureKind kind, String... parts) {
    assertThatThrownBy(() -> read(plan))
        .isInstanceOfSatisfying(BesorolException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContainingAll(parts);
  }

  private static List<Example> list(Stream<Example> examples) {
    try (examples) {
      return examples.toList();
    }
  }

  @Test
  void labelsAreTheSubjectsWithTrainingDocumentsInTheOrderOfTheTaxonomy() {
    corpus.write("train.jsonl", List.of(document("one", "B.3"), document("two", "A.0", "B.3")));
    var data = read(corpus.plan()).data();
    assertThat(data.labels().ids()).containsExactly("A.0", "B.3");
    assertThat(list(data.training()))
        .extracting(Example::labels)
        .containsExactly(new int[] {1}, new int[] {0, 1});
    assertThat(data.trainingDocuments()).containsExactly(0, 0, 1, 0, 0, 2);
    assertThat(data.validationSize()).isEqualTo(32);
    assertThat(list(data.validation())).hasSize(32).anyMatch(e -> e.labels().length == 0);
  }

  @Test
  void aShareOfTheDocumentsIsNumberedWithoutThoseSplitOff() {
    var data = read(Plans.withSplit(corpus.plan(), "0.25")).data();
    var all = list(data.training());
    var share = list(data.labelled(document -> document % 3 == 1));
    assertThat(share)
        .extracting(Example::document)
        .containsExactlyElementsOf(
            IntStream.range(0, all.size())
                .filter(document -> document % 3 == 1)
                .mapToObj(document -> all.get(document).document())
                .toList());
    assertThat(share).hasSize((all.size() + 1) / 3).doesNotContainNull();
  }

  @Test
  void subjectsWithoutDocumentsAreLabelsForLabelMatchUnlessDeprecated() {
    var lines = corpus.lines("taxonomy.jsonl");
    lines.add("{\"id\":\"C\",\"label\":\"Clay\"}");
    lines.add("{\"id\":\"D\",\"label\":\"Dust\",\"deprecated\":true}");
    corpus.write("taxonomy.jsonl", lines);
    var plan =
        corpus.plan(Algorithm.of(ContractJson.defaults(LabelMatchParameters.class)), List.of());
    assertThat(read(plan).data().labels().ids()).contains("A", "A.0", "C").doesNotContain("D");
  }

  @Test
  void subjectsBelowTheLevelCountAsTheirAncestor() {
    var files = read(Plans.withLevel(corpus.plan(), 1));
    assertThat(files.data().labels().ids()).containsExactly("A", "B");
    assertThat(list(files.data().training()).getFirst().labels()).containsExactly(0);
  }

  @Test
  void fillsInTheDigestsOfTheFiles() {
    var plan = corpus.plan();
    var undigested = Plans.withTraining(plan, new Source(plan.training().location(), null));
    assertThat(read(undigested).plan()).isEqualTo(plan);
  }

  @Test
  void theCommonestLanguageIsTheDefault() {
    corpus.write(
        "train.jsonl",
        List.of(
            "{\"title\":\"egy\",\"language\":\"hu\",\"subjects\":[\"A.0\"]}",
            "{\"title\":\"kettő\",\"language\":\"hu\",\"subjects\":[\"B.1\"]}",
            "{\"title\":\"three\",\"language\":\"en\",\"subjects\":[\"B.1\"]}"));
    assertThat(read(corpus.plan()).data().defaultLanguage()).isEqualTo("hu");
  }

  @Test
  void leavesOutDocumentsWithoutTextOrSubjectsAndSaysSo() {
    var lines = corpus.lines("train.jsonl");
    lines.set(2, "{\"id\":\"a\",\"title\":\" \",\"subjects\":[\"A.0\"]}");
    lines.set(4, document("no subjects"));
    corpus.write("train.jsonl", lines);
    var data = read(corpus.plan()).data();
    assertThat(data.trainingSize()).isEqualTo(78);
    assertThat(notes)
        .containsExactly(
            corpus.file("train.jsonl")
                + ": 78 documents are used; left out: 1 without text, 1 without subjects.");
  }

  @Test
  void keepsDocumentsWithoutTextInTheHoldout() {
    corpus.replace("test.jsonl", 1, "{\"id\":\"empty\",\"subjects\":[\"A.0\"]}");
    corpus.replace("test.jsonl", 2, document("no subjects"));
    var holdout = read(corpus.plan()).holdout().orElseThrow();
    assertThat(holdout.counts()).isEqualTo(new Counts(31, 0, 1, 0));
  }

  @Test
  void reportsEveryUnknownSubjectWithItsLine() {
    var train = corpus.file("train.jsonl");
    corpus.replace("train.jsonl", 3, document("x", "A.0", "nowhere"));
    corpus.replace("train.jsonl", 7, document("y", "elsewhere"));
    assertRefused(
        corpus.plan(),
        FailureKind.DATA_INVALID,
        train + ":3: the taxonomy has no subject 'nowhere'",
        train + ":7: the taxonomy has no subject 'elsewhere'");
  }

  @Test
  void namesTwentyOfManyProblemsAndCountsThemAll() {
    corpus.write(
        "train.jsonl",
        IntStream.rangeClosed(1, 25).mapToObj(i -> document("t" + i, "x" + i)).toList());
    assertThatThrownBy(() -> read(corpus.plan()))
        .hasMessageContainingAll("25 problems", "'x20'")
        .hasMessageNotContaining("'x21'");
  }

  @Test
  void refusesUnknownLanguages() {
    corpus.replace(
        "train.jsonl", 5, "{\"title\":\"x\",\"language\":\"english\",\"subjects\":[\"A.0\"]}");
    assertRefused(
        corpus.plan(),
        FailureKind.DATA_INVALID,
        "train.jsonl:5: 'english' is no language",
        "such as hu");
  }

  @Test
  void refusesAnEmptyFile() {
    corpus.write("train.jsonl", List.of());
    assertRefused(corpus.plan(), FailureKind.DATA_INVALID, "train.jsonl has no documents");
  }

  @Test
  void refusesAFileOfWhichNothingCanBeUsed() {
    corpus.write("test.jsonl", List.of(document("a"), document("b")));
    assertRefused(
        corpus.plan(),
        FailureKind.DATA_INVALID,
        "test.jsonl has no document that can be used",
        "2 without subjects");
  }

  @Test
  void refusesASingleSubject() {
    corpus.write("train.jsonl", List.of(document("a", "A.0"), document("b", "A.0")));
    assertRefused(corpus.plan(), FailureKind.DATA_INVALID, "one subject, A.0", "at least two");
  }

  @Test
  void saysThatTheLevelMakesOneSubjectOfMany() {
    corpus.write("train.jsonl", List.of(document("a", "A.0"), document("b", "A.2")));
    assertRefused(
        Plans.withLevel(corpus.plan(), 1),
        FailureKind.DATA_INVALID,
        "one subject, A",
        "below level 1");
  }

  @Test
  void refusesDocumentsThatAreInTheHoldoutToo() {
    corpus.replace(
        "train.jsonl",
        9,
        corpus.lines("test.jsonl").get(5).replace("\"id\":\"test5\"", "\"id\":\"other\""));
    assertRefused(
        corpus.plan(),
        FailureKind.DATA_INVALID,
        corpus.file("train.jsonl") + ":9 (other) is " + corpus.file("test.jsonl") + ":6 (test5)",
        "duplicates: Drop");
  }

  @Test
  void dropsThemOnRequest() {
    corpus.replace("train.jsonl", 9, corpus.lines("test.jsonl").get(5));
    corpus.replace("validation.jsonl", 2, corpus.lines("test.jsonl").get(6));
    var files = read(Plans.withDuplicates(corpus.plan(), DuplicatePolicy.DROP));
    assertThat(files.data().trainingSize()).isEqualTo(79);
    assertThat(files.data().validationSize()).isEqualTo(31);
    assertThat(files.holdout().orElseThrow().size()).isEqualTo(32);
    assertThat(notes).hasSize(2).allMatch(note -> note.contains("1 also in the holdout"));
  }

  @Test
  void splitsAShareOffForValidation() {
    var plan = Plans.withSplit(corpus.plan(), "0.2");
    var data = read(plan).data();
    assertThat(data.validationSize()).isBetween(6, 30);
    assertThat(notes)
        .containsExactly(
            "No file for validation is given: %d of 80 documents of %s are split off for it."
                .formatted(data.validationSize(), corpus.file("train.jsonl")));
    assertThat(data.trainingSize() + data.validationSize()).isEqualTo(80);
    var training = list(data.training()).stream().map(e -> e.document().id()).toList();
    var validation = list(data.validation()).stream().map(e -> e.document().id()).toList();
    assertThat(training).hasSize(data.trainingSize()).doesNotContainAnyElementsOf(validation);
    assertThat(list(read(plan).data().validation()).stream().map(e -> e.document().id()))
        .containsExactlyElementsOf(validation);
    assertThat(
            list(read(Plans.withSeed(plan, 7)).data().validation()).stream()
                .map(e -> e.document().id())
                .toList())
        .isNotEqualTo(validation);
  }

  @Test
  void needsDocumentsForValidation() {
    assertRefused(
        Plans.withSplit(corpus.plan(), "0"),
        FailureKind.PLAN_INVALID,
        "validationFraction is 0",
        "\"0.1\"");
    corpus.write("train.jsonl", List.of(document("a", "A.0")));
    assertRefused(
        Plans.withSplit(corpus.plan(), "0.000001"),
        FailureKind.DATA_INVALID,
        "too few documents, 1");
  }

  @Test
  void namesAMissingFile() {
    assertRefused(
        Plans.withTraining(corpus.plan(), new Source(directory + "/gone.jsonl", null)),
        FailureKind.DATA_INVALID,
        "gone.jsonl does not exist");
  }

  @Test
  void refusesAFileWithAnotherDigest() {
    var expected = Digest.of("other".getBytes(StandardCharsets.UTF_8));
    assertRefused(
        Plans.withTraining(
            corpus.plan(), new Source(corpus.file("train.jsonl").toString(), expected)),
        FailureKind.DATA_INVALID,
        "train.jsonl has the digest",
        expected.value());
  }

  @Test
  void refusesALineOfFiftyMegabytes() throws IOException {
    try (var out = Files.newOutputStream(corpus.file("train.jsonl"))) {
      out.write((document("short", "A.0") + "\n{\"title\":\"").getBytes(StandardCharsets.UTF_8));
      var chunk = "long words ".repeat(95_000).getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < 50; i++) {
        out.write(chunk);
      }
      out.write("\"}\n".getBytes(StandardCharsets.UTF_8));
    }
    assertRefused(corpus.plan(), FailureKind.DATA_INVALID, "train.jsonl:2 is longer than 10 MiB");
  }

  @Test
  void refusesInvalidUtf8() throws IOException {
    Files.write(
        corpus.file("train.jsonl"),
        (document("fine", "A.0") + "\n" + document("tör", "A.0") + "\n")
            .getBytes(StandardCharsets.ISO_8859_1));
    assertRefused(corpus.plan(), FailureKind.DATA_INVALID, "train.jsonl:2", "UTF-8", "iconv");
  }

  @Test
  void refusesACycleInTheTaxonomy() {
    corpus.replace("taxonomy.jsonl", 1, "{\"id\":\"A\",\"label\":\"First\",\"parent\":\"A.0\"}");
    assertRefused(corpus.plan(), FailureKind.DATA_INVALID, "taxonomy.jsonl", "cycle");
  }

  @Test
  void stopsWhenItIsToldTo() {
    assertThatThrownBy(
            () ->
                PlanFiles.read(
                    corpus.plan(), new LocalSources(), () -> true, share -> {}, notes::add))
        .isInstanceOf(CancelledException.class);
  }
}
