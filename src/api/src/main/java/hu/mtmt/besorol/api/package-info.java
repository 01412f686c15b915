/**
 * The two custom resources, {@link hu.mtmt.besorol.api.ClassifierModel} and {@link
 * hu.mtmt.besorol.api.TrainingRun}, and the names and labels of what they own. The CRDs in {@code
 * crds/} are generated from these records: descriptions, bounds, defaults and rules stand beside
 * the field they hold for.
 */
package hu.mtmt.besorol.api;
