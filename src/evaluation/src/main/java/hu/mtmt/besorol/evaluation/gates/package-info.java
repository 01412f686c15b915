/** Whether a version may serve: pure functions of what was measured. */
package hu.mtmt.besorol.evaluation.gates;
