/**
 * The family {@code DecisionTree}: classification trees on sparse features (Breiman, Friedman,
 * Olshen and Stone 1984) and random forests of them (Breiman 2001).
 */
package hu.mtmt.besorol.classifiers.trees;
