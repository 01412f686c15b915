package hu.mtmt.besorol.classifiers.ensemble;

import java.io.DataOutputStream;

/** The weighted mean as it is. */
record MeanCombination() implements Combination {

  @Override
  public Combiner combiner() {
    return (candidates, length, scores) -> {
      for (int c = 0; c < candidates.size(); c++) {
        scores.add(candidates.label(c), candidates.logit(c));
      }
    };
  }

  @Override
  public void write(DataOutputStream out) {
    // nothing was learnt beyond the mixture
  }
}
