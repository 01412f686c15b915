/** Events: what happened, and how it is written. */
package hu.mtmt.besorol.operator.event;
