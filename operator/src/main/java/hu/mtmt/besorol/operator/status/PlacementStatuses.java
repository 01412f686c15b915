package hu.mtmt.besorol.operator.status;

import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.api.TrainingRunStatus;
import hu.mtmt.besorol.api.TrainingRunStatus.PlacementStatus;
import hu.mtmt.besorol.api.TrainingRunStatus.RejectedFlavor;
import hu.mtmt.besorol.operator.observe.Gang;
import hu.mtmt.besorol.operator.observe.PodFailure;
import hu.mtmt.besorol.operator.observe.RunObservation;
import hu.mtmt.besorol.operator.placement.Flavor;
import hu.mtmt.besorol.operator.placement.Outlook;
import hu.mtmt.besorol.operator.placement.Placement;
import hu.mtmt.besorol.operator.queue.Verdict;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** What a run's status says of where it was placed. */
final class PlacementStatuses {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT);

  private PlacementStatuses() {}

  /** What was decided when the Job was created stays, whatever becomes of the flavors. */
  static PlacementStatus next(
      TrainingRun run,
      Outlook outlook,
      TrainingRunStatus previous,
      RunObservation seen,
      Optional<String> heldBack) {
    var annotations = seen.job().map(j -> j.getMetadata().getAnnotations());
    var placed = annotations.map(a -> a.get(Labels.FLAVOR));
    var told = previous.placement();
    var nodes = seen.job().map(Gang::nodes);
    var waits = heldBack.or(() -> waits(run, placed, outlook, seen));
    if (told != null
        && placed.filter(p -> p.equals(told.flavor())).isPresent()
        && nodes.filter(n -> n.equals(told.nodes())).isPresent()) {
      return withReason(
          told,
          waits.or(() -> annotations.map(a -> a.get(Labels.PLACED_BECAUSE))).orElse(told.reason()));
    }
    if (seen.model().isEmpty() && placed.isEmpty()) {
      return told;
    }
    var now = placement(run, outlook.placement(), placed, nodes);
    return waits.map(reason -> withReason(now, reason)).orElse(now);
  }

  private static Optional<String> waits(
      TrainingRun run, Optional<String> placed, Outlook outlook, RunObservation seen) {
    return switch (outlook.verdict().orElse(null)) {
      case Verdict.Wait wait -> Optional.of(QueueStatuses.sentence(run, wait));
      case Verdict.Leave leave -> Optional.of(QueueStatuses.sentence(run, leave));
      case null, default -> placed.flatMap(flavor -> waitingForNode(flavor, outlook, seen));
    };
  }

  private static PlacementStatus withReason(PlacementStatus told, String reason) {
    return new PlacementStatus(
        told.flavor(),
        told.nodes(),
        told.estimatedMemoryMiB(),
        told.estimatedDiskMiB(),
        told.estimatedSeconds(),
        reason,
        told.rejected());
  }

  private static PlacementStatus placement(
      TrainingRun run, Placement placement, Optional<String> placed, Optional<Integer> ofJob) {
    var forecast = placement.forecast();
    int nodes =
        ofJob.or(placement::nodes).orElseGet(() -> run.getSpec().placement().nodes().minimum());
    return new PlacementStatus(
        placed.orElseGet(() -> placement.flavor().map(Flavor::name).orElse(null)),
        nodes,
        orNull(forecast.memoryMebibytes()),
        orNull(forecast.diskMebibytes()),
        placement.flavor().flatMap(f -> forecast.secondsOn(f, nodes)).orElse(null),
        placement.reason(),
        placement.rejected().stream()
            .map(r -> new RejectedFlavor(r.flavor(), r.reason()))
            .toList());
  }

  private static Long orNull(OptionalLong number) {
    return number.isPresent() ? number.getAsLong() : null;
  }

  private static Optional<String> waitingForNode(
      String flavor, Outlook outlook, RunObservation seen) {
    return PodFailure.unschedulableSince(seen.pods())
        .map(
            since ->
                "Waiting for a node of %s since %s: %s.%s"
                    .formatted(
                        flavor,
                        minute(since),
                        outlook
                            .fallback()
                            .map(
                                f ->
                                    "from %s on %s is tried"
                                        .formatted(minute(f.time()), f.flavor()))
                            .orElse("no other flavor fits"),
                        seen.strayNodes().map(" "::concat).orElse("")));
  }

  static String minute(Instant time) {
    return MINUTE.format(time.atOffset(ZoneOffset.UTC));
  }
}
