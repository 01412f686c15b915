/**
 * The family {@code Bonsai}: trees whose leaves are labels, with linear classifiers in the nodes
 * that choose the way down.
 *
 * <p>{@link hu.mtmt.besorol.classifiers.bonsai.LabelTree} is the shape of a tree, {@link
 * hu.mtmt.besorol.classifiers.bonsai.LabelClusters} and {@link
 * hu.mtmt.besorol.classifiers.bonsai.TaxonomyTree} are where it comes from, {@link
 * hu.mtmt.besorol.classifiers.bonsai.TreeTraining} learns the nodes' classifiers, {@link
 * hu.mtmt.besorol.classifiers.bonsai.TreesFile} is how they lie in the package, and {@link
 * hu.mtmt.besorol.classifiers.bonsai.BeamSearch} answers.
 */
package hu.mtmt.besorol.classifiers.bonsai;
