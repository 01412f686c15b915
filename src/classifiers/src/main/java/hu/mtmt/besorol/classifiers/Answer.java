package hu.mtmt.besorol.classifiers;

/**
 * What a model says of a document.
 *
 * @param labels numbers of labels, the best first
 * @param scores of these labels, calibrated, 0 to 1
 * @param decided how many of them, from the front, are the final answer
 */
public record Answer(int[] labels, float[] scores, int decided) {}
