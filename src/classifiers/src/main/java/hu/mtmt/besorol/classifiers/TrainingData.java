package hu.mtmt.besorol.classifiers;

import java.util.stream.Stream;

/**
 * What a classifier learns from. Documents are streamed, as often as a family wants; the order is
 * always the same.
 */
public interface TrainingData {
  /** The subjects that are learnt; at least two. */
  Labels labels();

  /** Language that documents without one are analysed in, ISO 639-1. */
  String defaultLanguage();

  /** How many documents {@link #training} has. */
  int trainingSize();

  /** The documents to learn from; to be closed. */
  Stream<Example> training();

  /** How many documents {@link #validation} has. */
  int validationSize();

  /** The documents to choose thresholds and calibrate scores on; to be closed. */
  Stream<Example> validation();
}
