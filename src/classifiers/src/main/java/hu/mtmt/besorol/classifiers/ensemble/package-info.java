/** The family {@code Ensemble}: several classifiers that answer together. */
package hu.mtmt.besorol.classifiers.ensemble;
