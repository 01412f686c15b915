/**
 * Classifiers: what every family keeps to ({@link hu.mtmt.besorol.classifiers.ClassifierFamily},
 * {@link hu.mtmt.besorol.classifiers.Classifier}), and the package in which a trained one is kept
 * ({@link hu.mtmt.besorol.classifiers.ModelPackage}). Each family has a package of its own below
 * this one.
 */
package hu.mtmt.besorol.classifiers;
