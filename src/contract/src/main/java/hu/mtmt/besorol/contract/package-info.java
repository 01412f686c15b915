/**
 * The documents that cross a process boundary, one record each.
 *
 * <pre>
 * operator ── {@link hu.mtmt.besorol.contract.TrainingPlan} ─────▶ training pod
 * operator ── {@link hu.mtmt.besorol.contract.ProcessGroup} ─────▶ training pod (environment; pods that train together)
 * operator ◀─ {@link hu.mtmt.besorol.contract.Progress} ────────── training pod (GET :8080/progress)
 * operator ◀─ {@link hu.mtmt.besorol.contract.TrainingResult} ──── training pod (termination message)
 * store    ◀─ {@link hu.mtmt.besorol.contract.ModelManifest} ───── training pod (model.json of a package)
 * store    ◀─ {@link hu.mtmt.besorol.contract.EvaluationReport} ── training pod (evaluation.json of a package)
 * database ◀─ {@link hu.mtmt.besorol.contract.Classification} ──── inference service
 * </pre>
 *
 * <p>Every document names its own schema and version in the field {@code schema}, so that a foreign
 * or a newer one is refused with a sentence instead of being misread. Algorithm parameters live
 * here too: the custom resources and the plans embed the very same records.
 */
package hu.mtmt.besorol.contract;
