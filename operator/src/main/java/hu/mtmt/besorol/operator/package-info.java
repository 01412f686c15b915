/** The operator. */
package hu.mtmt.besorol.operator;
