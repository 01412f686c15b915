/**
 * Gradient-boosted regression trees (Friedman 2001) on dense features, grown on histograms as in
 * LightGBM (Ke et al. 2017). It knows nothing of documents and subjects.
 */
package hu.mtmt.besorol.classifiers.boosting;
