package hu.mtmt.besorol.evaluation;

import static hu.mtmt.besorol.evaluation.Answers.A;
import static hu.mtmt.besorol.evaluation.Answers.A1;
import static hu.mtmt.besorol.evaluation.Answers.A1X;
import static hu.mtmt.besorol.evaluation.Answers.A1Y;
import static hu.mtmt.besorol.evaluation.Answers.A2;
import static hu.mtmt.besorol.evaluation.Answers.B;
import static hu.mtmt.besorol.evaluation.Answers.B1;
import static hu.mtmt.besorol.evaluation.Answers.B1X;
import static hu.mtmt.besorol.evaluation.Answers.C;
import static hu.mtmt.besorol.evaluation.Answers.TREE;
import static hu.mtmt.besorol.evaluation.Answers.judged;
import static hu.mtmt.besorol.evaluation.Answers.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.EvaluationReport;
import hu.mtmt.besorol.contract.EvaluationReport.Slice;
import hu.mtmt.besorol.contract.EvaluationReport.SubjectResult;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.Grades.Grade;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationTest {
  private static final Grades GRADES = new Grades("0.7", "0.4", 1);
  private static final Digest DIGEST = Digest.of(new byte[0]);

  /**
   * The rows that were published for this measure. Documents are made up to have the published
   * precision and recall: of 10,000 answers so many are right and so many have the parent of the
   * true subject; further documents are not answered.
   */
  @ParameterizedTest
  @CsvSource({
    "6412, 992, 75, .6412, .6364, .6388, .6908, .6625",
    "7117, 1442, 1261, .7117, .6320, .6695, .7838, .6998"
  })
  void agreesWithPublishedRows(
      int right,
      int nearlyRight,
      int notAnswered,
      double precision,
      double recall,
      double f1,
      double lenientPrecision,
      double lenientF1) {
    var documents =
        Stream.of(
                Collections.nCopies(right, judged(of(A1X), of(A1X))),
                Collections.nCopies(nearlyRight, judged(of(A1X), of(A1Y))),
                Collections.nCopies(10_000 - right - nearlyRight, judged(of(A1X), of(B1))),
                Collections.nCopies(notAnswered, judged(of(A1X), of())))
            .flatMap(List::stream)
            .toList();

    var metrics = Evaluation.metrics(TREE, documents, GRADES);

    assertThat(metrics.get(Metric.STRICT_PRECISION)).isCloseTo(precision, within(5e-5));
    assertThat(metrics.get(Metric.STRICT_RECALL)).isCloseTo(recall, within(5e-5));
    assertThat(metrics.get(Metric.STRICT_F1)).isCloseTo(f1, within(5e-5));
    assertThat(metrics.get(Metric.LENIENT_PRECISION)).isCloseTo(lenientPrecision, within(5e-5));
    assertThat(metrics.get(Metric.LENIENT_F1)).isCloseTo(lenientF1, within(5e-5));
  }

  /** Two documents, worked out by hand. */
  @Test
  void measuresTwoDocuments() {
    var documents =
        List.of(
            // T={a1x, b}, P={a1y, b}: a1y is nearly right
            judged(of(A1X, B), of(A1Y, B, A1X), 2),
            // T={a2}, P={c}: roots are no siblings
            judged(of(A2), of(C, A2), 1));

    var metrics = Evaluation.metrics(TREE, documents, GRADES);

    assertThat(metrics)
        .containsEntry(Metric.STRICT_PRECISION, 1 / 3.0)
        .containsEntry(Metric.STRICT_RECALL, 1 / 3.0)
        .containsEntry(Metric.STRICT_F1, 1 / 3.0)
        .containsEntry(Metric.LENIENT_PRECISION, 1.5 / 3)
        .containsEntry(Metric.LENIENT_F1, 2 * .5 * (1 / 3.0) / (.5 + 1 / 3.0))
        .containsEntry(Metric.MACRO_F1, 1 / 3.0) // a1x 0, b 1, a2 0; a1y and c do not occur
        .containsEntry(Metric.DOCUMENT_F1, .5 / 2)
        // T⁺={a, a1, a1x, b}, P⁺={a, a1, a1y, b}; T⁺={a, a2}, P⁺={c}
        .containsEntry(Metric.HIERARCHICAL_F1, 2 * 3.0 / (4 + 4 + 2 + 1))
        .containsEntry(Metric.PRECISION_AT_1, 0.0)
        .containsEntry(Metric.PRECISION_AT_3, 3 / 6.0)
        .containsEntry(Metric.PRECISION_AT_5, 3 / 10.0)
        .containsEntry(Metric.CALIBRATION_ERROR, .5 / 3) // three scores of .5, one right
        .containsEntry(Metric.GREEN_SUBJECTS, 1.0)
        .containsEntry(Metric.RED_SUBJECTS, 2.0);
    double atRank2 = 1 / (Math.log(3) / Math.log(2));
    double atRank3 = 0.5;
    assertThat(metrics.get(Metric.NDCG_AT_10))
        .isCloseTo(((atRank2 + atRank3) / (1 + atRank2) + atRank2) / 2, within(1e-12));
  }

  @Test
  void measuresGroupsOfDocumentsByName() {
    var documents =
        List.of(
            judged(of(B), of(B)), judged(of(C), of(B)), judged(of(C), of(C)), judged(of(B), of()));
    var groups = Evaluation.groups(TREE, documents, Arrays.asList("hu", "en", "hu", null), GRADES);

    assertThat(groups).extracting(Slice::name).containsExactly("en", "hu");
    assertThat(groups).extracting(Slice::documents).containsExactly(1, 2);
    assertThat(groups.get(0).metrics()).containsEntry(Metric.STRICT_F1, 0.0);
    assertThat(groups.get(1).metrics())
        .isEqualTo(Evaluation.metrics(TREE, List.of(documents.get(0), documents.get(2)), GRADES));
  }

  @Test
  void countsAnAncestorOfTheTruthAsWrong() {
    var metrics = Evaluation.metrics(TREE, List.of(judged(of(A1X), of(A1))), GRADES);

    assertThat(metrics)
        .containsEntry(Metric.STRICT_F1, 0.0)
        .containsEntry(Metric.LENIENT_PRECISION, 0.0)
        .containsEntry(Metric.HIERARCHICAL_F1, 2 * 2.0 / (3 + 2));
  }

  @Test
  void givesHalfACreditOnceForASubjectWithTwoTrueSiblings() {
    // a2 is a sibling of a1 only; answered a1y is a sibling of a1x: one half, and a1x itself is
    // right
    var metrics = Evaluation.metrics(TREE, List.of(judged(of(A1, A1X), of(A1Y, A1X, A2))), GRADES);

    assertThat(metrics).containsEntry(Metric.LENIENT_PRECISION, (1 + .5 + .5) / 3);
  }

  @Test
  void givesLeniencyNoRecall() {
    var metrics = Evaluation.metrics(TREE, List.of(judged(of(A1X), of(A1Y))), GRADES);

    assertThat(metrics)
        .containsEntry(Metric.LENIENT_PRECISION, 0.5)
        .containsEntry(Metric.STRICT_RECALL, 0.0)
        .containsEntry(Metric.LENIENT_F1, 0.0);
  }

  @Test
  void isZeroWithoutAnyAnswer() {
    var metrics = Evaluation.metrics(TREE, List.of(judged(of(A1X), of())), GRADES);

    assertThat(metrics.values()).filteredOn(v -> v != 0).containsExactly(1.0); // one red subject
    assertThat(metrics).containsEntry(Metric.RED_SUBJECTS, 1.0);
  }

  @Test
  void isZeroWithoutDocuments() {
    assertThat(Evaluation.metrics(TREE, List.of(), GRADES).values()).containsOnly(0.0);
  }

  @Test
  void countsAnEmptyAnswerToADocumentWithoutSubjectsAsRightForThatDocument() {
    var both = List.of(judged(of(), of()), judged(of(), of(A)));

    assertThat(Evaluation.metrics(TREE, both, GRADES))
        .containsEntry(Metric.DOCUMENT_F1, 0.5)
        .containsEntry(Metric.STRICT_PRECISION, 0.0)
        .containsEntry(Metric.NDCG_AT_10, 0.0);
  }

  @Test
  void measuresEveryMetricThatFollowsFromTheAnswers() {
    assertThat(Evaluation.metrics(TREE, List.of(), GRADES).keySet())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(Metric.values())
                .filter(m -> m != Metric.LATENCY_P95_MILLIS && m != Metric.PACKAGE_MIB)
                .toList());
  }

  @Test
  void sortsScoresIntoBinsOfAFifteenth() {
    var documents =
        List.of(
            new Judged(of(A), of(A, B), new float[] {1f, .99f}, 2), // one bin: 1.99 − 1 right
            new Judged(of(A), of(C, A), new float[] {.1f, .9f}, 1)); // .1 − 0; .9 is no answer

    assertThat(Evaluation.metrics(TREE, documents, GRADES).get(Metric.CALIBRATION_ERROR))
        .isCloseTo((.99 + .1) / 3, within(1e-6));
  }

  @Test
  void reportsPerLevelBranchAndSubject() {
    var documents =
        List.of(
            judged(of(A1X, B), of(A1Y, B)), judged(of(A2), of(C)), judged(of(B1X), of(B1X, A2)));

    var report =
        Evaluation.report(
            TREE, documents, GRADES, DIGEST, DIGEST, new int[] {9, 8, 7, 6, 5, 4, 3, 2, 1});

    assertThat(report.overall())
        .returns("overall", Slice::name)
        .returns(3, Slice::documents)
        .returns(4L, Slice::trueSubjects)
        .returns(5L, Slice::answeredSubjects)
        .returns(2L, Slice::rightSubjects)
        .returns(Evaluation.metrics(TREE, documents, GRADES), Slice::metrics);
    assertThat(report.levels()).extracting(Slice::name).containsExactly("1", "2", "3");
    assertThat(report.levels().get(1)) // T={a2}, P={}; T={}, P={a2}
        .returns(2, Slice::documents)
        .returns(1L, Slice::trueSubjects)
        .returns(1L, Slice::answeredSubjects)
        .returns(0L, Slice::rightSubjects);
    assertThat(report.levels().get(2).metrics()) // T={a1x}, P={a1y}; T=P={b1x}
        .containsEntry(Metric.STRICT_F1, 0.5)
        .containsEntry(Metric.LENIENT_PRECISION, 1.5 / 2)
        .containsEntry(Metric.MACRO_F1, 0.5)
        .containsEntry(Metric.GREEN_SUBJECTS, 1.0)
        .doesNotContainKey(Metric.NDCG_AT_10);
    assertThat(report.branches()).extracting(Slice::name).containsExactly("a", "b", "c");
    assertThat(report.branches().get(1))
        .returns(2, Slice::documents)
        .returns(2L, Slice::rightSubjects);
    assertThat(report.subjects())
        .extracting(SubjectResult::subject)
        .containsExactly("a", "a1", "a1x", "a1y", "a2", "b", "b1", "b1x", "c");
    assertThat(report.subjects().get(A2))
        .isEqualTo(new SubjectResult("a2", 5, 1, 1, 0, 0, 0, 0, Grade.RED));
    assertThat(report.subjects().get(B))
        .isEqualTo(new SubjectResult("b", 4, 1, 1, 1, 1, 1, 1, Grade.GREEN));
    assertThat(report.subjects().get(B1).grade()).isEqualTo(Grade.BLUE);
  }

  @Test
  void leavesFiguresOutWhereNothingWasAskedOrAnswered() {
    var report =
        Evaluation.report(TREE, List.of(judged(of(A), of(A))), GRADES, DIGEST, DIGEST, null);

    assertThat(report.branches().get(2)).isEqualTo(new Slice("c", 0, 0, 0, 0, Map.of()));
    assertThat(report.subjects()).extracting(SubjectResult::trainingDocuments).containsOnlyNulls();
  }

  @Test
  void reportsSubjectsDownToTheTargetLevelOnly() {
    var target = new TargetLevel(TREE.taxonomy(), 2);

    var report =
        Evaluation.report(target, List.of(judged(of(A1), of(A1))), GRADES, DIGEST, DIGEST, null);

    assertThat(report.level()).isEqualTo(2);
    assertThat(report.levels()).hasSize(2);
    assertThat(report.subjects())
        .extracting(SubjectResult::subject)
        .containsExactly("a", "a1", "a2", "b", "b1", "c");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void agreesWithASecondImplementation(int seed) {
    var random = new Random(seed);
    var documents =
        Answers.random(random, random.nextInt(60), TREE.taxonomy().size(), random.nextDouble());

    var metrics = Evaluation.metrics(TREE, documents, GRADES);

    new NaiveMetrics(documents, TREE.taxonomy())
        .all()
        .forEach(
            (metric, value) ->
                assertThat(metrics.get(metric))
                    .as(metric.written())
                    .isCloseTo(value, within(1e-12)));
  }

  static IntStream seeds() {
    return IntStream.range(0, 200);
  }

  /** Slices part the pairs: their counts add up to those over all. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void slicesAddUp(int seed) {
    var documents = Answers.random(new Random(seed), 200, TREE.taxonomy().size(), .6);

    var report = Evaluation.report(TREE, documents, GRADES, DIGEST, DIGEST, null);

    for (var slices : List.of(report.levels(), report.branches())) {
      assertThat(slices.stream().mapToLong(Slice::trueSubjects).sum())
          .isEqualTo(report.overall().trueSubjects());
      assertThat(slices.stream().mapToLong(Slice::answeredSubjects).sum())
          .isEqualTo(report.overall().answeredSubjects());
      assertThat(slices.stream().mapToLong(Slice::rightSubjects).sum())
          .isEqualTo(report.overall().rightSubjects());
    }
    assertThat(report.subjects().stream().mapToLong(EvaluationReport.SubjectResult::right).sum())
        .isEqualTo(report.overall().rightSubjects());
  }
}
