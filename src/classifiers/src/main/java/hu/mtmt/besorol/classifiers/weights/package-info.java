/**
 * How learnt weights lie in a package: written once, then memory-mapped, so that opening them costs
 * nothing and pods on one node share their pages.
 */
package hu.mtmt.besorol.classifiers.weights;
