package hu.mtmt.besorol.classifiers.ensemble;

import java.io.DataOutputStream;
import java.io.IOException;

/** How the members' scores become one, as it was learnt. Thread-safe. */
sealed interface Combination permits MeanCombination, StackedCombination, NeuralCombination {

  /** What combines, for the use of one thread. */
  Combiner combiner();

  void write(DataOutputStream out) throws IOException;

  /** Is told how far the learning is. */
  @FunctionalInterface
  interface Progress {
    /**
     * @param share that is done, 0 to 1
     * @param step tree or pass, from 1
     * @param loss on what is kept aside
     */
    void at(double share, int step, double loss);
  }
}
