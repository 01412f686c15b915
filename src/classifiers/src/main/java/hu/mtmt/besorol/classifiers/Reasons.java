package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.classifiers.text.FeatureSpace;
import hu.mtmt.besorol.contract.Reason;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.IntToDoubleFunction;

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
    var weights = new LinkedHashMap<String, Double>(); // a term may be several features
    for (int i = 0; i < terms.length; i++) {
      weights.merge(terms[i], vector.value(i) * weight.applyAsDouble(vector.index(i)), Double::sum);
    }
    return weightiest(
        weights.entrySet().stream()
            .filter(term -> term.getValue() != 0)
            .map(term -> new Reason(Reason.Kind.TERM, term.getKey(), term.getValue()))
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
