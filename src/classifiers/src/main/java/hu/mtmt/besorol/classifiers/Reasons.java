package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.classifiers.text.FeatureSpace;
import hu.mtmt.besorol.contract.Reason;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Finds what counted most. */
public final class Reasons {
  private Reasons() {}

  /**
   * The terms of a document that counted most for a linear score.
   *
   * @param weight of a feature; the term counts its value in the vector times this
   * @param limit how many at most
   */
  public static List<Reason> ofTerms(
      Query query, FeatureSpace space, IntToDoubleFunction weight, int limit) {
    var vector = query.vector(space);
    var terms = query.terms(space);
    return weightiest(
        IntStream.range(0, vector.size())
            .mapToObj(
                i ->
                    new Reason(
                        Reason.Kind.TERM,
                        terms[i],
                        vector.value(i) * weight.applyAsDouble(vector.index(i))))
            .filter(r -> r.weight() != 0)
            .toList(),
        limit);
  }

  /** The reasons of the largest weights, whatever their sign, the weightiest first. */
  public static List<Reason> weightiest(List<Reason> reasons, int limit) {
    return reasons.stream()
        .sorted(Comparator.comparingDouble((Reason r) -> -Math.abs(r.weight())))
        .limit(limit)
        .toList();
  }
}
