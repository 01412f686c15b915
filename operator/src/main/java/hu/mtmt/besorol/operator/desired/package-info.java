/**
 * What there should be in the cluster: pure functions from custom resources and configuration to
 * Kubernetes objects.
 */
package hu.mtmt.besorol.operator.desired;
