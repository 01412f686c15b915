/**
 * The family {@code Linear}: one linear classifier per subject, one versus rest, on tf-idf vectors.
 *
 * <p>{@link hu.mtmt.besorol.classifiers.linear.LaneSolver} trains eight subjects side by side; its
 * subclasses are the losses. {@link hu.mtmt.besorol.classifiers.weights.WeightMatrix} is the file
 * that answers are computed from.
 */
package hu.mtmt.besorol.classifiers.linear;
