/** What is in the cluster, as records that the pure parts decide on. */
package hu.mtmt.besorol.operator.observe;
