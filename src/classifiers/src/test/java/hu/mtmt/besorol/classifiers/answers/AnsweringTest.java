package hu.mtmt.besorol.classifiers.answers;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.classifiers.Answer;
import hu.mtmt.besorol.classifiers.Labels;
import hu.mtmt.besorol.classifiers.Scores;
import hu.mtmt.besorol.classifiers.answers.ValidationRanking.Ranked;
import hu.mtmt.besorol.contract.AnswerParameters;
import hu.mtmt.besorol.contract.AnswerParameters.Objective;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.ModelManifest.Decision;
import hu.mtmt.besorol.taxonomy.Subject;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import hu.mtmt.besorol.taxonomy.Taxonomy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AnsweringTest {
  /** Labels 0 and 1 are roots with the leaves 2, 3 and 4, 5. */
  private static final Labels TREE =
      labels(
          new Subject("A", null, "A"),
          new Subject("B", null, "B"),
          new Subject("A.1", "A", "A.1"),
          new Subject("A.2", "A", "A.2"),
          new Subject("B.1", "B", "B.1"),
          new Subject("B.2", "B", "B.2"));

  private static Labels labels(Subject... subjects) {
    return new Labels(
        new TargetLevel(Taxonomy.of(List.of(subjects)), null),
        IntStream.range(0, subjects.length).toArray());
  }

  @Test
  void findsTheThresholdThatPartsRightFromWrong() {
    var documents = new ArrayList<Ranked>();
    for (int i = 0; i < 5000; i++) { // right down to a margin of 0.5, wrong from 0.3 on
      documents.add(ranked(new float[] {2f, 0.5f, 0.3f, -1f}, 2, 3));
      documents.add(ranked(new float[] {0.3f, 0.2f, -1f, -1f}, 5));
    }
    var answering = choose("{}", documents);

    assertThat(answer(answering, 2f, 0.5f, 0.3f, -1f).decided()).isEqualTo(2);
    assertThat(answer(answering, 0.3f, 0.2f, -1f).decided()).isZero();
    assertThat(answering.decision().maximumSubjects()).isEqualTo(2);
  }

  @Test
  void answersTheBestEvenIfItIsUnsureWhereThatPays() {
    var documents = new ArrayList<Ranked>();
    for (int i = 0; i < 100; i++) { // the best is always right, whatever its margin
      documents.add(ranked(new float[] {i % 2 == 0 ? 2f : -2f, i % 2 == 0 ? 1f : -3f}, 2));
    }
    var answering = choose("{}", documents);

    assertThat(answer(answering, 2f, 1f).decided()).isOne();
    assertThat(answer(answering, -2f, -3f).decided()).isOne();
  }

  @Test
  void noOtherThresholdIsBetterForMacroF1() {
    var documents = documents(new SplittableRandom(4), 60);
    var answering = choose("{'objective': 'MacroF1'}", documents);
    double chosen = value(Objective.MACRO_F1, answering, answering.decision(), documents);

    assertThat(chosen).isBetween(0.3, 0.95);
    var best = bestFor(Objective.MACRO_F1, answering, documents);
    assertThat(value(Objective.MACRO_F1, answering, best, documents))
        .isLessThanOrEqualTo(chosen + 1e-12);
  }

  @ParameterizedTest
  @EnumSource(names = "MACRO_F1", mode = EnumSource.Mode.EXCLUDE)
  void aThresholdChosenOnFewDocumentsIsBetterForOthersThanTheBestForThese(Objective objective) {
    var random = new SplittableRandom(4);
    var others = logistic(random, 1000);
    double chosen = 0;
    double best = 0;
    for (int round = 0; round < 20; round++) {
      var documents = logistic(random, 40);
      var answering = choose("{'objective': '%s'}".formatted(written(objective)), documents);
      chosen += value(objective, answering, answering.decision(), others) / 20;
      var ofThese = bestFor(objective, answering, documents);
      best += value(objective, answering, ofThese, others) / 20;
    }

    assertThat(chosen).isBetween(0.3, 0.95).isGreaterThan(best);
  }

  /** Documents each of whose labels is right with the probability of its margin. */
  private static List<Ranked> logistic(SplittableRandom random, int size) {
    return IntStream.range(0, size)
        .mapToObj(
            i -> {
              var margins = random(random, 4);
              var labels = random.ints(0, 6).distinct().limit(4).toArray();
              var right =
                  IntStream.range(0, 4)
                      .filter(r -> random.nextDouble() < 1 / (1 + Math.exp(-2 * margins[r])))
                      .map(r -> labels[r])
                      .sorted()
                      .toArray();
              return new Ranked(labels, margins, right);
            })
        .toList();
  }

  /** The best of many decisions, by trying all. */
  private static Decision bestFor(
      Objective objective, Answering answering, List<Ranked> documents) {
    Decision best = null;
    double most = -1;
    for (int minimum = 0; minimum <= 1; minimum++) {
      for (int maximum = 1; maximum <= 4; maximum++) {
        for (int percent = 0; percent < 100; percent += 2) {
          var decision = new Decision(percent / 100.0, minimum, maximum);
          double value = value(objective, answering, decision, documents);
          if (value > most) {
            most = value;
            best = decision;
          }
        }
      }
    }
    return best;
  }

  @Test
  void aSubjectThatIsScoredTooLowGetsALowerThreshold() {
    var random = new SplittableRandom(5);
    var documents = new ArrayList<Ranked>();
    for (int i = 0; i < 2000; i++) { // label 3 is right from -1.2 on, the others from 0.2 on
      int label = 2 + random.nextInt(4);
      float margin = (float) random.nextDouble(-2, 2);
      boolean right = margin > (label == 3 ? -1.2 : 0.2);
      documents.add(
          new Ranked(new int[] {label}, new float[] {margin}, new int[] {right ? label : 0}));
    }
    var common = choose("{'objective': 'MacroF1'}", documents);
    var own = choose("{'objective': 'MacroF1', 'thresholds': 'PerSubject'}", documents);

    assertThat(decided(common, 3, -0.8f)).isFalse();
    assertThat(decided(own, 3, -0.8f)).isTrue();
    assertThat(decided(own, 2, -0.8f)).isFalse();
    assertThat(decided(own, 2, 0.5f)).isTrue();
  }

  @Test
  void aSubjectOfFewDocumentsKeepsNearlyTheCommonThreshold() {
    var random = new SplittableRandom(6);
    var documents = new ArrayList<Ranked>();
    for (int i = 0; i < 2000; i++) { // right from 0.2 on
      int label = 2 + random.nextInt(4);
      float margin = (float) random.nextDouble(-2, 2);
      documents.add(
          new Ranked(
              new int[] {label}, new float[] {margin}, new int[] {margin > 0.2 ? label : 1}));
    }
    documents.add(new Ranked(new int[] {0}, new float[] {-1.9f}, new int[] {0})); // seen once
    var common = choose("{'objective': 'MacroF1'}", documents);
    var own = choose("{'objective': 'MacroF1', 'thresholds': 'PerSubject'}", documents);

    assertThat(decided(common, 0, -1.9f)).isFalse();
    assertThat(decided(own, 0, -1.9f)).isFalse();
  }

  private static boolean decided(Answering answering, int label, float margin) {
    var scores = new Scores();
    scores.add(label, margin);
    return answering.answer(scores, 1).decided() == 1;
  }

  @Test
  void isotonicScoresAreTheSharesOfRightAnswers() {
    var random = new SplittableRandom(7);
    var documents = new ArrayList<Ranked>();
    for (int i = 0; i < 20_000; i++) { // a step, which no sigmoid can be
      float margin = (float) random.nextDouble(-2, 2);
      boolean right = random.nextDouble() < (margin < 0 ? 0.2 : 0.7);
      documents.add(new Ranked(new int[] {2}, new float[] {margin}, new int[] {right ? 2 : 3}));
    }
    var sigmoid = choose("{}", documents);
    var isotonic = choose("{'calibration': 'Isotonic'}", documents);

    assertThat((double) answer(isotonic, 0.4f).scores()[0]).isBetween(0.65, 0.75);
    assertThat((double) answer(sigmoid, 0.4f).scores()[0]).isLessThan(0.65);
    assertThat((double) answer(isotonic, -0.4f).scores()[0]).isBetween(0.15, 0.25);
  }

  @Test
  void poolsAdjacentViolators() {
    var fitted =
        Isotonic.fit(
            List.of(
                new Isotonic.Observation(0.1, false),
                new Isotonic.Observation(0.3, true),
                new Isotonic.Observation(0.5, false),
                new Isotonic.Observation(0.9, true)));

    assertThat(fitted.shares()).containsExactly(0.0, 0.5, 1.0);
    assertThat(fitted.scores()).containsExactly(0.1, 0.4, 0.9);
    assertThat(fitted.apply(0.05f)).isZero();
    assertThat(fitted.apply(0.4f)).isEqualTo(0.5f);
    assertThat(fitted.apply(0.65f)).isEqualTo(0.75f);
    assertThat(fitted.apply(0.95f)).isOne();
  }

  @Test
  void anAncestorIsNeverLessLikelyThanADescendant() {
    var random = new SplittableRandom(8);
    var answering = choose("{'consistent': true}", documents(random, 200));
    for (int round = 0; round < 200; round++) {
      var answer = answer(answering, random(random, 6));
      for (int label = 2; label < 6; label++) {
        assertThat(score(answer, (label - 2) / 2)).isGreaterThanOrEqualTo(score(answer, label));
      }
      assertThat(answer.scores()).isSortedAccordingTo((a, b) -> Float.compare(b, a));
    }
  }

  @Test
  void anUnsureSubjectGivesWayToItsParent() {
    var documents = new ArrayList<Ranked>();
    for (int i = 0; i < 300; i++) { // two leaves of A of which one is right, the other may be
      float margin = i % 3 == 0 ? 2f : 0.1f;
      documents.add(
          new Ranked(new int[] {2, 3}, new float[] {margin, margin - 0.1f}, new int[] {2 + i % 2}));
    }
    var answering = choose("{'consistent': true, 'backOffBelow': '0.6'}", documents);
    var scores = new Scores();
    scores.add(2, 0.1f);
    scores.add(3, 0f);
    var answer = answering.answer(scores, 10);

    assertThat(answer.decided()).isOne();
    assertThat(answer.labels()[0]).isZero();
    assertThat(answer.labels()).doesNotHaveDuplicates();
  }

  @Test
  void withoutDocumentsItIsCautious() {
    assertThat(choose("{}", List.of()).decision()).isEqualTo(new Decision(0.5, 1, 3));
    assertThat(choose("{'maximumSubjects': 1}", List.of()).decision())
        .isEqualTo(new Decision(0.5, 1, 1));
  }

  @Test
  void noAnswerIsLongerThanAllowed() {
    var documents = new ArrayList<Ranked>();
    for (int i = 0; i < 100; i++) {
      documents.add(ranked(new float[] {2f, 1f, 0.9f, 0.8f}, 2, 3, 4, 5));
    }

    assertThat(choose("{'maximumSubjects': 2}", documents).decision().maximumSubjects())
        .isEqualTo(2);
    assertThat(choose("{}", documents).decision().maximumSubjects()).isEqualTo(4);
  }

  /** By the definitions. */
  private static double value(
      Objective objective, Answering answering, Decision decision, List<Ranked> documents) {
    var taxonomy = TREE.target().taxonomy();
    var truths = new int[6];
    var answers = new int[6];
    var right = new int[6];
    double near = 0;
    for (var document : documents) {
      IntStream.of(document.truth()).forEach(t -> truths[t]++);
      var scored = answering.scored(document.labels(), document.margins());
      for (int r = 0; r < scored.size(); r++) {
        if (r < decision.minimumSubjects()
            || r < decision.maximumSubjects() && scored.values()[r] >= decision.threshold()) {
          int label = scored.labels()[r];
          answers[label]++;
          if (document.right(r)) {
            right[label]++;
          } else if (IntStream.of(document.truth()).anyMatch(t -> taxonomy.siblings(t, label))) {
            near += 0.5;
          }
        }
      }
    }
    if (objective == Objective.MACRO_F1) {
      return IntStream.range(0, 6)
          .filter(l -> truths[l] > 0)
          .mapToDouble(l -> 2.0 * right[l] / (truths[l] + answers[l]))
          .average()
          .orElse(0);
    }
    double hits = Arrays.stream(right).sum();
    double credit = objective == Objective.LENIENT_F1 ? near : 0;
    double precision = (hits + credit) / Math.max(1, Arrays.stream(answers).sum());
    double recall = hits / Arrays.stream(truths).sum();
    return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
  }

  /** Documents whose labels are right the more probably the higher they are scored. */
  private static List<Ranked> documents(SplittableRandom random, int size) {
    var documents = new ArrayList<Ranked>();
    while (documents.size() < size) {
      var margins = random(random, 4);
      var labels = random.ints(0, 6).distinct().limit(4).toArray();
      var truth = IntStream.builder();
      for (int r = 0; r < 4; r++) {
        if (random.nextDouble() < 0.6 - 0.15 * r + 0.1 * margins[r]) {
          truth.add(labels[r]);
        }
      }
      var right = truth.build().toArray();
      if (right.length > 0) {
        documents.add(new Ranked(labels, margins, right));
      }
    }
    return documents;
  }

  /** Margins, the highest first. */
  private static float[] random(SplittableRandom random, int size) {
    var sorted = random.doubles(size, -2, 2).sorted().toArray();
    var margins = new float[size];
    for (int i = 0; i < size; i++) {
      margins[i] = (float) sorted[size - 1 - i];
    }
    return margins;
  }

  /** A document whose best labels are 2, 3, … */
  private static Ranked ranked(float[] margins, int... truth) {
    return new Ranked(IntStream.range(2, 2 + margins.length).toArray(), margins, truth);
  }

  private static Answer answer(Answering answering, float... margins) {
    var scores = new Scores();
    for (int i = 0; i < margins.length; i++) {
      scores.add((i + 2) % 6, margins[i]);
    }
    return answering.answer(scores, 10);
  }

  private static float score(Answer answer, int label) {
    for (int rank = 0; rank < answer.labels().length; rank++) {
      if (answer.labels()[rank] == label) {
        return answer.scores()[rank];
      }
    }
    return 0;
  }

  private static Answering choose(String json, List<Ranked> documents) {
    return Answering.choose(parameters(json), new ValidationRanking(documents), TREE);
  }

  private static String written(Objective objective) {
    return switch (objective) {
      case STRICT_F1 -> "StrictF1";
      case LENIENT_F1 -> "LenientF1";
      case MACRO_F1 -> "MacroF1";
    };
  }

  private static AnswerParameters parameters(String json) {
    return ContractJson.readPart(
        json.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
        AnswerParameters.class,
        "parameters");
  }
}
