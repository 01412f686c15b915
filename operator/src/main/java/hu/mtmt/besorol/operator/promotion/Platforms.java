package hu.mtmt.besorol.operator.promotion;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.ClassifierModelSpec.PlatformChoice;
import hu.mtmt.besorol.api.ClassifierModelSpec.Serving;
import hu.mtmt.besorol.api.ClassifierModelStatus;
import hu.mtmt.besorol.api.ClassifierModelStatus.Platform;
import hu.mtmt.besorol.operator.status.ClassifierModelStatuses;
import java.time.Instant;
import java.util.Optional;

/** Says what runs the pods that answer. */
public final class Platforms {
  private Platforms() {}

  /**
   * What a manifest asks for.
   *
   * @param installed whether the cluster has Knative's API
   */
  public static Platform of(Serving serving, boolean installed) {
    return switch (serving.platform()) {
      case DEPLOYMENT -> Platform.DEPLOYMENT;
      case KNATIVE -> Platform.KNATIVE;
      case AUTO -> installed && serving.route() == null ? Platform.KNATIVE : Platform.DEPLOYMENT;
    };
  }

  /** Why that cannot be, in a sentence. */
  public static Optional<String> objection(Serving serving, boolean installed) {
    return serving.platform() == PlatformChoice.KNATIVE && !installed
        ? Optional.of(
            "spec.serving.platform is Knative, whose API (serving.knative.dev/v1) this cluster had"
                + " not when the operator started: install Knative Serving and restart the"
                + " operator, or write platform: Deployment.")
        : Optional.empty();
  }

  /**
   * Until when what the other platform ran is kept; empty if the address does not ask the wanted
   * one yet, or nobody has noted since when it does.
   */
  public static Optional<Instant> otherKeptUntil(ClassifierModel model, Platform wanted) {
    var seconds = model.getSpec().serving().rollout().keepPreviousSeconds();
    return Optional.ofNullable(ClassifierModelStatuses.previous(model).platform())
        .filter(p -> p.name() == wanted)
        .map(ClassifierModelStatus.PlatformStatus::sinceTime)
        .map(since -> Instant.parse(since).plusSeconds(seconds));
  }
}
