/**
 * The family {@code LabelMatch}: subjects found by their names in the text, after Maui (Medelyan
 * 2009) and MLLM of Annif. It can propose subjects that no training document has.
 */
package hu.mtmt.besorol.classifiers.labelmatch;
