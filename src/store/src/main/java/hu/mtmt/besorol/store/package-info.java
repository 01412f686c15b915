/**
 * Buckets of services that speak the S3 protocol: packages of versions, checkpoints and data sets
 * in them. Every byte that is read is checked against a digest, and what was interrupted goes on
 * where it was.
 */
package hu.mtmt.besorol.store;
