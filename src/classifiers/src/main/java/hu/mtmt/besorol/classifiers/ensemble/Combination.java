package hu.mtmt.besorol.classifiers.ensemble;

import java.io.DataOutputStream;
import java.io.IOException;

/** How the members' scores become one, as it was learnt. Thread-safe. */
sealed interface Combination permits MeanCombination, StackedCombination, NeuralCombination {

  /** What combines, for the use of one thread. */
  Combiner combiner();

  void write(DataOutputStream out) throws IOException;
}
