/**
 * From raw scores to answers, the same for every family: calibration on the validation documents,
 * and the choice of thresholds.
 */
package hu.mtmt.besorol.classifiers.answers;
