package hu.mtmt.besorol.evaluation;

import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Metrics of one classifier's answers as functions of how often each document counts: what a draw
 * of the {@link Bootstrap} is applied to. What each document adds is computed once, so that a draw
 * only adds up.
 */
final class DrawnMetric {
  private DrawnMetric() {}

  /**
   * A metric over all subjects.
   *
   * @throws IllegalArgumentException if the metric is not comparable
   */
  static ToDoubleFunction<int[]> of(Metric metric, TargetLevel target, List<Judged> answers) {
    return of(metric, target, answers, IntStream.range(0, answers.size()).toArray());
  }

  /**
   * A metric over a part of the subjects, as {@link Evaluation} measures it: documents that have to
   * do with none of them do not count.
   *
   * @throws IllegalArgumentException if the metric is not comparable
   */
  static ToDoubleFunction<int[]> of(
      Metric metric, TargetLevel target, List<Judged> answers, IntPredicate part) {
    var within = answers.stream().map(judged -> judged.within(part)).toList();
    var concerned =
        IntStream.range(0, within.size())
            .filter(d -> within.get(d).truth().length > 0 || within.get(d).answered() > 0)
            .toArray();
    return of(metric, target, Arrays.stream(concerned).mapToObj(within::get).toList(), concerned);
  }

  /**
   * @param numbers which documents {@code answers} answer
   */
  private static ToDoubleFunction<int[]> of(
      Metric metric, TargetLevel target, List<Judged> answers, int[] numbers) {
    if (!metric.comparable()) {
      throw new IllegalArgumentException(
          metric.written() + " is not a function of the documents' answers");
    }
    return Formula.of(metric)
        .map(formula -> ofSums(formula, target, answers, numbers))
        .orElseGet(() -> ofMacroF1(target, answers, numbers));
  }

  private static ToDoubleFunction<int[]> ofSums(
      Formula formula, TargetLevel target, List<Judged> answers, int[] numbers) {
    int terms = formula.terms().size();
    var rows = new double[answers.size() * terms];
    int at = 0;
    for (var judged : answers) {
      for (var term : formula.terms()) {
        rows[at++] = term.of(judged, target.taxonomy());
      }
    }
    return times -> {
      var sums = new double[terms];
      for (int d = 0, row = 0; d < numbers.length; d++, row += terms) {
        int weight = times[numbers[d]];
        if (weight != 0) {
          for (int t = 0; t < terms; t++) {
            sums[t] += weight * rows[row + t];
          }
        }
      }
      return formula.function().applyAsDouble(sums);
    };
  }

  /**
   * For every document the counters that it raises are listed. The counters of one kind, one for
   * each subject that occurs, lie side by side: true, answered, right.
   */
  private static ToDoubleFunction<int[]> ofMacroF1(
      TargetLevel target, List<Judged> answers, int[] numbers) {
    var occurring =
        answers.stream()
            .flatMapToInt(
                j -> IntStream.concat(Arrays.stream(j.truth()), Arrays.stream(j.answer())))
            .sorted()
            .distinct()
            .toArray();
    var place = new int[target.taxonomy().size()];
    for (int i = 0; i < occurring.length; i++) {
      place[occurring[i]] = i;
    }
    int subjects = occurring.length;
    var raised = new int[answers.size()][];
    Arrays.setAll(
        raised,
        d -> {
          var judged = answers.get(d);
          var counters = IntStream.builder();
          for (int s : judged.truth()) {
            counters.add(place[s]);
          }
          for (int s : judged.answer()) {
            counters.add(subjects + place[s]);
            if (judged.isTrue(s)) {
              counters.add(2 * subjects + place[s]);
            }
          }
          return counters.build().toArray();
        });
    return times -> {
      var counts = new int[3 * subjects];
      for (int d = 0; d < numbers.length; d++) {
        int weight = times[numbers[d]];
        if (weight != 0) {
          for (int counter : raised[d]) {
            counts[counter] += weight;
          }
        }
      }
      return new SubjectCounts(
              Arrays.copyOf(counts, subjects),
              Arrays.copyOfRange(counts, subjects, 2 * subjects),
              Arrays.copyOfRange(counts, 2 * subjects, 3 * subjects))
          .macroF1();
    };
  }
}
