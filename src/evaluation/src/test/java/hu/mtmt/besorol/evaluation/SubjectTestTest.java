package hu.mtmt.besorol.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubjectTestTest {
  private static final int SUBJECTS = Answers.TREE.taxonomy().size();

  /**
   * Where only found documents are in dispute, F1 grows with them, and the test is the sign test:
   * 2·P(X ≤ smaller) of a binomial distribution, 1 if both are equal.
   */
  @ParameterizedTest
  @CsvSource({
    "10, 0, 0.001953125", // 2/1024
    "9, 1, 0.021484375", // 2·11/1024
    "8, 2, 0.109375", // 2·56/1024
    "0, 6, 0.03125", // 2/64
    "1, 0, 1",
    "3, 3, 1"
  })
  void isTheSignTestIfOnlyFoundDocumentsAreInDispute(int first, int second, double p) {
    assertThat(new SubjectTest(20, 4, first, second, 3, 0, 0).pValue()).isCloseTo(p, within(1e-12));
  }

  /** All 2ⁿ ways to say who gave which answer, gone through one by one. */
  @Test
  void isTheShareOfAllExchangesOfAnswers() {
    var random = new Random(3);
    for (int trial = 0; trial < 20; trial++) {
      var one = Answers.random(random, 11, SUBJECTS, .5);
      var other = new ArrayList<Judged>();
      one.forEach(j -> other.add(Answers.answer(random, j.truth(), SUBJECTS, .7)));
      var tests = SubjectTest.of(one, other, SUBJECTS);
      for (int s = 0; s < SUBJECTS; s++) {
        int subject = s;
        double observed = Math.abs(f1(one, s) - f1(other, s));
        long asLarge =
            IntStream.range(0, 1 << one.size())
                .filter(
                    exchanged -> {
                      var first = exchange(one, other, exchanged);
                      var second = exchange(other, one, exchanged);
                      return Math.abs(f1(first, subject) - f1(second, subject)) >= observed - 1e-12;
                    })
                .count();

        assertThat(tests[s].difference()).isCloseTo(f1(one, s) - f1(other, s), within(1e-12));
        assertThat(tests[s].pValue())
            .isCloseTo((double) asLarge / (1 << one.size()), within(1e-12));
      }
    }
  }

  private static List<Judged> exchange(List<Judged> own, List<Judged> others, int exchanged) {
    return IntStream.range(0, own.size())
        .mapToObj(d -> (exchanged >> d & 1) == 0 ? own.get(d) : others.get(d))
        .toList();
  }

  private static double f1(List<Judged> answers, int subject) {
    return SubjectCounts.of(answers, SUBJECTS).f1(subject);
  }

  @Test
  void isNeverZeroHoweverManyDocumentsAreInDispute() {
    assertThat(new SubjectTest(3000, 0, 3000, 0, 0, 0, 0).pValue()).isPositive().isLessThan(1e-300);
    assertThat(new SubjectTest(3000, 0, 1000, 1000, 0, 500, 500).pValue())
        .isCloseTo(1, within(1e-9));
  }

  @Test
  void testsNothingWhereNothingCanDiffer() {
    assertThat(new SubjectTest(5, 3, 0, 0, 1, 0, 0).canDiffer()).as("same answers").isFalse();
    assertThat(new SubjectTest(0, 0, 0, 0, 0, 4, 1).canDiffer()).as("no documents").isFalse();
    assertThat(new SubjectTest(5, 0, 0, 0, 0, 4, 1).canDiffer()).as("none found").isFalse();
    assertThat(new SubjectTest(5, 1, 0, 0, 0, 4, 1).canDiffer()).isTrue();
  }

  /** If nothing differs, p ≤ 0.05 comes at most as often as it says. */
  @Test
  void isNoSmallerThanItShouldBe() {
    var random = new Random(8);
    int small = 0;
    int tests = 0;
    for (int trial = 0; trial < 60; trial++) {
      var one = Answers.random(random, 150, SUBJECTS, .5);
      var other = new ArrayList<Judged>();
      one.forEach(j -> other.add(Answers.answer(random, j.truth(), SUBJECTS, .5)));
      for (var test : SubjectTest.of(one, other, SUBJECTS)) {
        tests++;
        small += test.pValue() <= .05 ? 1 : 0;
      }
    }

    // Three standard deviations of a binomial share are 0.028; the test is discrete, so below.
    assertThat((double) small / tests).isBetween(.02, .05 + .028);
  }
}
