package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.contract.AlgorithmParameters;
import hu.mtmt.besorol.contract.ModelManifest.Decision;
import java.nio.file.Path;

/**
 * A kind of classifier: how it learns and how it is loaded. The same data, parameters and seed give
 * the same files, whatever the number of threads and however often training was interrupted.
 */
public interface ClassifierFamily<P extends AlgorithmParameters> {

  /**
   * Learns, and writes what was learnt as files into {@code directory}.
   *
   * @return how scores become answers, chosen on the validation part
   * @throws CancelledException if the context asked it to stop; what was finished is in the
   *     checkpoint
   * @throws hu.mtmt.besorol.contract.BesorolException if it cannot learn this
   */
  Decision train(P parameters, TrainingData data, TrainingContext context, Path directory);

  /**
   * Loads what {@link #train} wrote; digests were verified before.
   *
   * @param labels how many labels it has
   * @param defaultLanguage language that documents without one are analysed in
   */
  Classifier load(P parameters, Path directory, int labels, String defaultLanguage);
}
