/** How good answers are: metrics, reports per level, branch and subject, paired comparisons. */
package hu.mtmt.besorol.evaluation;
