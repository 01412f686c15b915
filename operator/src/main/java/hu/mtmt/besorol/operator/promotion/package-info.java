/** Which version of a model is to serve: pure functions of gates and of what was measured. */
package hu.mtmt.besorol.operator.promotion;
