package hu.mtmt.besorol.evaluation;

import static hu.mtmt.besorol.evaluation.Term.ANSWERED;
import static hu.mtmt.besorol.evaluation.Term.ANSWERED_WITH_ANCESTORS;
import static hu.mtmt.besorol.evaluation.Term.F1;
import static hu.mtmt.besorol.evaluation.Term.HITS_AT_1;
import static hu.mtmt.besorol.evaluation.Term.HITS_AT_3;
import static hu.mtmt.besorol.evaluation.Term.HITS_AT_5;
import static hu.mtmt.besorol.evaluation.Term.NDCG_AT_10;
import static hu.mtmt.besorol.evaluation.Term.NEARLY_RIGHT;
import static hu.mtmt.besorol.evaluation.Term.ONE;
import static hu.mtmt.besorol.evaluation.Term.RIGHT;
import static hu.mtmt.besorol.evaluation.Term.RIGHT_WITH_ANCESTORS;
import static hu.mtmt.besorol.evaluation.Term.TRUE;
import static hu.mtmt.besorol.evaluation.Term.TRUE_WITH_ANCESTORS;

import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.taxonomy.Taxonomy;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * A metric as a function of a few sums over documents: all but the macro average, the calibration
 * error and the counts of subjects are. This is what makes a draw of the bootstrap cheap. A share
 * of nothing is 0.
 *
 * @param function of the sums of {@code terms}, in their order
 * @param terms what each document adds
 */
record Formula(ToDoubleFunction<double[]> function, List<Term> terms) {

  /** The formula of {@code metric}, if it has one. */
  static Optional<Formula> of(Metric metric) {
    return Optional.ofNullable(
        switch (metric) {
          case STRICT_PRECISION -> formula(s -> share(s[0], s[1]), RIGHT, ANSWERED);
          case STRICT_RECALL -> formula(s -> share(s[0], s[1]), RIGHT, TRUE);
          case STRICT_F1 -> formula(s -> share(2 * s[0], s[1] + s[2]), RIGHT, ANSWERED, TRUE);
          case LENIENT_PRECISION ->
              formula(s -> share(s[0] + s[1] / 2, s[2]), RIGHT, NEARLY_RIGHT, ANSWERED);
          case LENIENT_F1 ->
              formula(
                  s -> harmonicMean(share(s[0] + s[1] / 2, s[2]), share(s[0], s[3])),
                  RIGHT,
                  NEARLY_RIGHT,
                  ANSWERED,
                  TRUE);
          case DOCUMENT_F1 -> formula(s -> share(s[0], s[1]), F1, ONE);
          case HIERARCHICAL_F1 ->
              formula(
                  s -> share(2 * s[0], s[1] + s[2]),
                  RIGHT_WITH_ANCESTORS,
                  ANSWERED_WITH_ANCESTORS,
                  TRUE_WITH_ANCESTORS);
          case NDCG_AT_10 -> formula(s -> share(s[0], s[1]), NDCG_AT_10, ONE);
          case PRECISION_AT_1 -> formula(s -> share(s[0], s[1]), HITS_AT_1, ONE);
          case PRECISION_AT_3 -> formula(s -> share(s[0], 3 * s[1]), HITS_AT_3, ONE);
          case PRECISION_AT_5 -> formula(s -> share(s[0], 5 * s[1]), HITS_AT_5, ONE);
          case MACRO_F1,
              CALIBRATION_ERROR,
              GREEN_SUBJECTS,
              RED_SUBJECTS,
              LATENCY_P95_MILLIS,
              PACKAGE_MIB ->
              null;
        });
  }

  /** The metric's value over {@code documents}. */
  double value(Collection<Judged> documents, Taxonomy taxonomy) {
    var sums = new double[terms.size()];
    for (var judged : documents) {
      for (int t = 0; t < sums.length; t++) {
        sums[t] += terms.get(t).of(judged, taxonomy);
      }
    }
    return function.applyAsDouble(sums);
  }

  static double share(double part, double whole) {
    return whole == 0 ? 0 : part / whole;
  }

  static double harmonicMean(double a, double b) {
    return share(2 * a * b, a + b);
  }

  private static Formula formula(ToDoubleFunction<double[]> function, Term... terms) {
    return new Formula(function, List.of(terms));
  }
}
