package hu.mtmt.besorol.evaluation;

import static hu.mtmt.besorol.evaluation.Answers.TREE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hu.mtmt.besorol.contract.ComparisonReport;
import hu.mtmt.besorol.contract.ComparisonReport.Difference;
import hu.mtmt.besorol.contract.ComparisonReport.Part;
import hu.mtmt.besorol.contract.ComparisonReport.SubjectDifference;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.EvaluationReport.Slice;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ContestTest {
  private static final Digest DOCUMENTS = Digest.of(new byte[] {1});
  private static final Digest TAXONOMY = Digest.of(new byte[] {2});
  private static final int SUBJECTS = TREE.taxonomy().size();

  private final List<Judged> poor = Answers.random(new Random(7), 400, SUBJECTS, .3);
  private final List<Judged> fair = again(1, .6);
  private final List<Judged> good = again(2, .9);

  private List<Judged> again(long seed, double skill) {
    var random = new Random(seed);
    var all = new ArrayList<Judged>();
    poor.forEach(j -> all.add(Answers.answer(random, j.truth(), SUBJECTS, skill)));
    return all;
  }

  private static ComparisonReport report(int baseline, List<List<Judged>> answers) {
    var entries = new ArrayList<Contest.Entry>();
    for (var judged : answers) {
      entries.add(new Contest.Entry("c" + entries.size(), null, DOCUMENTS, judged));
    }
    return new Contest(TREE, entries, baseline, Metric.STRICT_F1, "0.95", 42)
        .report(DOCUMENTS, TAXONOMY);
  }

  @Test
  void comparesEachWithTheBaselineAsTheGatesDo() {
    var report = report(1, List.of(good, poor, fair));

    assertThat(report.baseline()).isEqualTo("c1");
    assertThat(report.comparisons()).extracting(v -> v.contestant()).containsExactly("c0", "c2");
    for (var difference : report.comparisons().getFirst().overall().differences()) {
      var gate =
          PairedBootstrap.compare(
              new ComparisonRequest(difference.metric(), DOCUMENTS, "0.95"), TREE, good, poor, 42);
      assertThat(difference)
          .returns(gate.difference(), Difference::difference)
          .returns(gate.lower(), Difference::lower)
          .returns(gate.upper(), Difference::upper)
          .returns(2.0 / 2001, Difference::p);
    }
  }

  @Test
  void measuresLevelsBranchesAndSubjectsAsTheReportDoes() {
    var report = report(0, List.of(poor, good)).comparisons().getFirst();
    var grades = new Grades("0.7", "0.4", 1);
    var ofPoor = Evaluation.report(TREE, poor, grades, DOCUMENTS, TAXONOMY, null);
    var ofGood = Evaluation.report(TREE, good, grades, DOCUMENTS, TAXONOMY, null);

    assertThat(report.levels()).extracting(Part::name).containsExactly("1", "2", "3");
    assertThat(report.branches())
        .extracting(Part::name)
        .as("c has no subjects")
        .containsExactly("a", "b");
    for (int level = 0; level < 3; level++) {
      same(report.levels().get(level), ofPoor.levels().get(level), ofGood.levels().get(level));
    }
    same(report.branches().getFirst(), ofPoor.branches().getFirst(), ofGood.branches().getFirst());
    assertThat(report.subjects()).hasSize(SUBJECTS);
    for (int s = 0; s < SUBJECTS; s++) {
      var subject = report.subjects().get(s);
      assertThat(subject.subject()).isEqualTo(ofGood.subjects().get(s).subject());
      assertThat(subject.value()).isCloseTo(ofGood.subjects().get(s).f1(), within(1e-12));
      assertThat(subject.baseline()).isCloseTo(ofPoor.subjects().get(s).f1(), within(1e-12));
      assertThat(subject.lower()).isLessThan(subject.difference());
      assertThat(subject.upper()).isGreaterThan(subject.difference());
      assertThat(subject.q()).isGreaterThanOrEqualTo(subject.p());
    }
  }

  private static void same(Part part, Slice baseline, Slice value) {
    assertThat(part.differences()).isNotEmpty();
    for (var d : part.differences()) {
      assertThat(d.baseline()).isCloseTo(baseline.metrics().get(d.metric()), within(1e-12));
      assertThat(d.value()).isCloseTo(value.metrics().get(d.metric()), within(1e-12));
      assertThat(d.difference()).isEqualTo(d.value() - d.baseline());
      assertThat(d.lower()).isLessThanOrEqualTo(d.difference());
      assertThat(d.upper()).isGreaterThanOrEqualTo(d.difference());
    }
  }

  /** A subject's F1 in a draw is the macro F1 of the part that is this subject alone. */
  @Test
  void drawsASubjectAsThePartOfItAlone() {
    var bootstrap = new Bootstrap(good.size(), 3);
    for (int s = 0; s < SUBJECTS; s++) {
      int subject = s;
      var values =
          bootstrap.values(
              List.of(
                  DrawnSubject.of(good, SUBJECTS)[s],
                  DrawnMetric.of(Metric.STRICT_F1, TREE, good, other -> other == subject)));
      assertThat(values[0]).containsExactly(values[1], within(1e-12));
    }
  }

  @Test
  void ranksAllAndSaysHowSureThatIs() {
    var report = report(0, List.of(poor, good, fair, good));

    var places = report.contestants().stream().map(c -> c.place()).toList();
    assertThat(places).extracting(p -> p.rank()).containsExactly(4, 1, 3, 1);
    assertThat(places).extracting(p -> p.best()).containsExactly(4, 1, 3, 1);
    assertThat(places).extracting(p -> p.worst()).containsExactly(4, 1, 3, 1);
    assertThat(places).extracting(p -> p.first()).containsExactly(0.0, 1.0, 0.0, 1.0);

    var close = report(0, List.of(fair, again(5, .6))).contestants().getFirst().place();
    assertThat(close.best()).isEqualTo(1);
    assertThat(close.worst()).isEqualTo(2);
  }

  @Test
  void testsNothingBetweenTheSameAnswers() {
    var versus = report(0, List.of(good, good)).comparisons().getFirst();

    assertThat(versus.overall().differences())
        .allSatisfy(d -> assertThat(d.p()).isEqualTo(1))
        .allSatisfy(d -> assertThat(d.lower()).isZero());
    assertThat(versus.subjects()).extracting(SubjectDifference::p).containsOnlyNulls();
  }

  @Test
  void refusesOtherDocumentsAndTooFew() {
    assertThatThrownBy(() -> report(0, List.of(good))).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> report(0, List.of(good, good.reversed())))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
