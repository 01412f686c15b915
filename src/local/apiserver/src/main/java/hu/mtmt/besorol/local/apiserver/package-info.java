/**
 * A small Kubernetes API server in the process, for the kinds that Besorol uses: JSON trees in a
 * sorted map under one revision counter, served over HTTP.
 *
 * <p>A request walks one line: {@code Front} (authentication, errors) → {@code Router} (paths) →
 * {@code Resources} and {@code Deletion} (the verbs) → {@code Writes} and {@code Admission} (owners
 * of fields, defaults, schema, rules) → {@code Store} (revision, history, journal). What it does,
 * it does as kube-apiserver does, which a test holds it against; what it does not do, it answers
 * with 501 and a sentence.
 */
package hu.mtmt.besorol.local.apiserver;
