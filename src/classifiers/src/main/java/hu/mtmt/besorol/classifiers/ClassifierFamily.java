package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.contract.AlgorithmParameters;

/**
 * A kind of classifier: how it learns and how it is loaded. The same data, parameters and seed give
 * the same files, whatever the number of threads and however often training was interrupted.
 */
public interface ClassifierFamily<P extends AlgorithmParameters> {

  /**
   * Learns, and writes what was learnt into {@code files}. In a process of a team that does not
   * lead, it learns a part and writes nothing.
   *
   * @throws CancelledException if the context asked it to stop; what was finished is in the
   *     checkpoint
   * @throws hu.mtmt.besorol.contract.BesorolException if it cannot learn this
   */
  void train(P parameters, TrainingSet set, TrainingContext context, ModelFiles files);

  /**
   * Loads what {@link #train} wrote; digests were verified before.
   *
   * @throws hu.mtmt.besorol.contract.BesorolException if the files are not what it wrote
   */
  Scorer load(P parameters, ModelFiles files);
}
