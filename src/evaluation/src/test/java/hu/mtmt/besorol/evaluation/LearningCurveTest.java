package hu.mtmt.besorol.evaluation;

import static hu.mtmt.besorol.evaluation.Answers.TREE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.LearningCurveReport.MetricCurve;
import hu.mtmt.besorol.contract.LearningCurveReport.SubjectCurve;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.evaluation.LearningCurve.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LearningCurveTest {
  private static final int SUBJECTS = TREE.taxonomy().size();
  private static final int DOCUMENTS = 600;

  /**
   * Every document has one subject, which is found with a chance that grows with the sample for
   * {@code a1} and is the same for all others; nothing else is answered.
   */
  private static Sample sample(int size, int... withoutDocuments) {
    var random = new Random(3);
    var judged = new ArrayList<Judged>();
    for (int d = 0; d < DOCUMENTS; d++) {
      int subject = d % SUBJECTS;
      double chance = subject == Answers.A1 ? .9 - 8 / Math.sqrt(size) : .6;
      boolean found = random.nextDouble() < chance;
      judged.add(Answers.judged(Answers.of(subject), found ? Answers.of(subject) : new int[0]));
    }
    var learnt = new int[SUBJECTS];
    Arrays.fill(learnt, size / 10);
    for (int s : withoutDocuments) {
      learnt[s] = 0;
    }
    return new Sample(size, learnt, judged);
  }

  private static LearningCurve curve(List<List<Sample>> samples) {
    return new LearningCurve(TREE, samples, "0.95", 42);
  }

  private static List<List<Sample>> growing() {
    return List.of(
        List.of(sample(200)), List.of(sample(400)), List.of(sample(800)), List.of(sample(2000)));
  }

  @Test
  void saysWhichSubjectGains() {
    var subjects = curve(growing()).subjects();

    assertThat(subjects.curves()).hasSize(SUBJECTS);
    var first = subjects.curves().getFirst();
    assertThat(first.subject()).isEqualTo("a1");
    assertThat(first.clear()).isTrue();
    assertThat(first.lower()).isLessThanOrEqualTo(first.gain());
    assertThat(first.upper()).isGreaterThanOrEqualTo(first.gain());
    assertThat(first.measured())
        .extracting(m -> m.trainingDocuments())
        .containsExactly(20.0, 40.0, 80.0, 200.0);
    assertThat(first.gain())
        .isCloseTo(
            new PowerLaw(first.limit(), first.factor(), subjects.exponent()).gain(200, 100),
            within(1e-12));
    // The others were answered the same in every sample.
    assertThat(subjects.curves().subList(1, SUBJECTS))
        .allSatisfy(c -> assertThat(c.gain()).isCloseTo(0, within(1e-9)))
        .noneMatch(SubjectCurve::clear);
  }

  @Test
  void laysACurveThroughEveryMetric() {
    var metrics = curve(growing()).metrics();

    assertThat(metrics)
        .extracting(MetricCurve::metric)
        .containsExactlyElementsOf(
            Arrays.stream(Metric.values()).filter(Metric::comparable).toList());
    var recall =
        metrics.stream().filter(m -> m.metric() == Metric.STRICT_RECALL).findFirst().orElseThrow();
    assertThat(recall.doubled()).isGreaterThan(recall.value());
    assertThat(recall.lower()).isPositive().isLessThanOrEqualTo(recall.doubled() - recall.value());
    assertThat(recall.upper()).isGreaterThanOrEqualTo(recall.doubled() - recall.value());
    assertThat(recall.value())
        .isCloseTo(
            Evaluation.metrics(
                    TREE, growing().getLast().getFirst().judged(), new Grades("0.7", "0.4", 1))
                .get(Metric.STRICT_RECALL),
            within(.01));
  }

  @Test
  void hasNoCurveForASubjectOfTooFewSamples() {
    var samples =
        List.of(
            List.of(sample(200, Answers.C)),
            List.of(sample(400, Answers.C, Answers.B)),
            List.of(sample(800)),
            List.of(sample(2000)));

    var subjects = curve(samples).subjects().curves();

    assertThat(subjects.getLast())
        .returns("c", SubjectCurve::subject)
        .returns(null, SubjectCurve::gain)
        .returns(false, SubjectCurve::clear);
    assertThat(subjects).filteredOn(s -> s.subject().equals("b")).allMatch(s -> s.gain() != null);
  }

  @Test
  void takesTheMeanOfRepeats() {
    var better = sample(800);
    var worse = new Sample(800, better.trainingDocuments(), sample(200).judged());
    var samples = List.of(List.of(sample(200)), List.of(better, worse), List.of(sample(2000)));

    var measured = curve(samples).subjects().curves().getFirst().measured();

    var ofBetter = SubjectCounts.of(better.judged(), SUBJECTS).f1(Answers.A1);
    var ofWorse = SubjectCounts.of(worse.judged(), SUBJECTS).f1(Answers.A1);
    assertThat(measured.get(1).f1()).isCloseTo((ofBetter + ofWorse) / 2, within(1e-12));
  }

  @Test
  void refusesTooFewSizesAndOtherDocuments() {
    assertThatThrownBy(() -> curve(growing().subList(0, 2)))
        .isInstanceOf(IllegalArgumentException.class);
    var other = new Sample(500, new int[SUBJECTS], sample(200).judged().reversed());
    assertThatThrownBy(
            () -> curve(List.of(List.of(sample(200)), List.of(other), List.of(sample(800)))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
