/**
 * What kube-controller-manager is elsewhere: Jobs, Deployments and their ReplicaSets, claims.
 * Decisions are pure functions ({@code JobStep}, {@code Rollout}) of what the API server says.
 */
package hu.mtmt.besorol.local.controller;
