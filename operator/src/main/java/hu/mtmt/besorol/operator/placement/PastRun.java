package hu.mtmt.besorol.operator.placement;

import hu.mtmt.besorol.api.Conditions.Type;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.api.TrainingRunStatus.Attempt;
import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.Footprint;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a run whose data was read, or that had too small a machine.
 *
 * @param algorithm what learnt
 * @param data digest of the training documents
 * @param footprint what it needed
 * @param seconds how long it took; empty unless it is complete
 * @param flavor where it was at last
 * @param nodes how many of them
 * @param attempts what it left, as it was too small
 * @param time when it was created
 */
public record PastRun(
    Algorithm algorithm,
    String data,
    Footprint footprint,
    Optional<Integer> seconds,
    String flavor,
    int nodes,
    List<Attempt> attempts,
    String time) {

  private static final Footprint UNKNOWN = new Footprint(null, null, null, null);

  /** What is known of that run, if anything is. */
  public static Optional<PastRun> of(TrainingRun run) {
    var status = run.getStatus();
    if (status == null || status.footprint() == null && status.attempts().isEmpty()) {
      return Optional.empty();
    }
    var complete =
        status.conditions().stream()
            .anyMatch(
                c -> Type.COMPLETE.written().equals(c.getType()) && "True".equals(c.getStatus()));
    return Optional.of(
        new PastRun(
            run.getSpec().algorithm(),
            run.getSpec().training().digest(),
            Optional.ofNullable(status.footprint()).orElse(UNKNOWN),
            complete && status.result() != null
                ? Optional.ofNullable(status.result().trainSeconds())
                : Optional.empty(),
            status.placement() == null ? null : status.placement().flavor(),
            Optional.ofNullable(status.placement()).map(p -> p.nodes()).orElse(1),
            status.attempts(),
            Optional.ofNullable(run.getMetadata().getCreationTimestamp()).orElse("")));
  }

  /**
   * The same in less memory: of many runs few learnt anything else.
   *
   * @param algorithms that are known, to which a new one is added
   */
  public PastRun sharing(Map<Algorithm, Algorithm> algorithms) {
    return new PastRun(
        algorithms.computeIfAbsent(algorithm, a -> a),
        data.intern(),
        footprint,
        seconds,
        flavor == null ? null : flavor.intern(),
        nodes,
        attempts,
        time);
  }
}
