/** Whose turn it is to take machines: pure functions of who has some and who waits. */
package hu.mtmt.besorol.operator.queue;
