/** What Prometheus is told. */
package hu.mtmt.besorol.operator.metrics;
