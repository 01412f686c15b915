package hu.mtmt.besorol.classifiers;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
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

  /**
   * Those of the documents to learn from that have labels; to be closed.
   *
   * @param wanted which of them, numbered from 0
   */
  default Stream<Example> labelled(IntPredicate wanted) {
    var number = new AtomicInteger();
    return training()
        .filter(e -> e.labels().length > 0)
        .filter(e -> wanted.test(number.getAndIncrement()));
  }

  /** How many documents {@link #validation} has. */
  int validationSize();

  /** The documents to choose thresholds and calibrate scores on; to be closed. */
  Stream<Example> validation();

  /**
   * Some of them; to be closed.
   *
   * @param wanted which, numbered from 0
   */
  default Stream<Example> validation(IntPredicate wanted) {
    var number = new AtomicInteger();
    return validation().filter(e -> wanted.test(number.getAndIncrement()));
  }
}
