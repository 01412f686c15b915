package hu.mtmt.besorol.operator.observe;

import io.fabric8.knative.pkg.apis.Condition;
import io.fabric8.knative.serving.v1.Route;
import io.fabric8.knative.serving.v1.RouteStatus;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What Knative says of what was asked of it. */
public final class Knative {
  private static final String GROUP = "serving.knative.dev";
  private static final String READY = "Ready";

  /** Its webhooks refuse with the first, the API server by its CRDs with the last. */
  private static final Set<Integer> REFUSED =
      Set.of(HttpURLConnection.HTTP_BAD_REQUEST, HttpURLConnection.HTTP_FORBIDDEN, 422);

  private Knative() {}

  /** The condition that sums up the others, if it says anything yet. */
  static Optional<Condition> ready(List<Condition> conditions) {
    return condition(conditions, READY);
  }

  private static Optional<Condition> condition(List<Condition> conditions, String type) {
    return conditions.stream().filter(c -> type.equals(c.getType())).findFirst();
  }

  /** Whether requests go where the Route sends them now. */
  public static boolean isReady(Route route) {
    return ready(conditions(route)).filter(c -> "True".equals(c.getStatus())).isPresent();
  }

  /** The conditions, if they are about what the Route says now. */
  private static List<Condition> conditions(Route route) {
    return Stream.ofNullable(route.getStatus())
        .filter(s -> s.getObservedGeneration() != null)
        .filter(s -> s.getObservedGeneration() >= route.getMetadata().getGeneration())
        .findFirst()
        .map(RouteStatus::getConditions)
        .orElseGet(List::of);
  }

  /** Where a Route is asked from within the cluster. */
  public static Optional<String> address(Route route) {
    return Optional.ofNullable(route.getStatus())
        .flatMap(s -> Optional.ofNullable(s.getAddress()))
        .map(a -> a.getUrl());
  }

  /**
   * Why a Route sends no requests, if it cannot. That one of its versions has no pods is told of
   * the version.
   */
  public static Optional<String> refusal(Route route) {
    var conditions = conditions(route);
    return ready(conditions)
        .filter(c -> "False".equals(c.getStatus()))
        .filter(
            c ->
                condition(conditions, "AllTrafficAssigned")
                    .filter(a -> "False".equals(a.getStatus()))
                    .isEmpty())
        .map(
            c ->
                "Knative sends no requests to Route %s (%s): %s"
                    .formatted(route.getMetadata().getName(), c.getReason(), c.getMessage()));
  }

  /** Why something was not written, if Knative, or the API server by its CRDs, has refused it. */
  public static Optional<String> refusal(KubernetesClientException e) {
    return REFUSED.contains(e.getCode()) && e.getMessage().contains(GROUP)
        ? Optional.of(
            "Knative refuses the pods: %s. Have it allowed (docs/operations.md, Knative), or write platform: Deployment."
                .formatted(PodFailure.withoutFullStop(reason(e))))
        : Optional.empty();
  }

  private static String reason(KubernetesClientException e) {
    var told = e.getStatus() == null ? null : e.getStatus().getMessage();
    return (told == null ? e.getMessage() : told).replaceAll("\\s+", " ");
  }
}
