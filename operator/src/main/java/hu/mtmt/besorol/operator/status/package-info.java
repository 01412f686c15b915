/** The statuses of the custom resources: pure functions of what they were and what is seen. */
package hu.mtmt.besorol.operator.status;
