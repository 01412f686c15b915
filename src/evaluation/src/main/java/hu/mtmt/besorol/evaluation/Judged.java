package hu.mtmt.besorol.evaluation;

/**
 * What is true of a document and what a classifier answered. Subjects are numbers of the taxonomy,
 * rolled up to the target level.
 *
 * @param truth true subjects, ascending, each once; maybe none
 * @param ranked subjects that were answered or nearly so, the best first, each once; at least ten
 *     if the classifier knows so many
 * @param scores of {@code ranked}, calibrated, 0 to 1
 * @param answered how many of {@code ranked}, from its front, are the answer
 */
public record Judged(int[] truth, int[] ranked, float[] scores, int answered) {}
