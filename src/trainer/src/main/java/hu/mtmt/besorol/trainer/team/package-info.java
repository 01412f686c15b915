/**
 * How processes on several nodes train together. Rank 0 keeps what the others give, by name, and
 * serves it to all over HTTP; nobody keeps a state that cannot be made again, so any of them may be
 * killed and started again.
 */
package hu.mtmt.besorol.trainer.team;
