package hu.mtmt.besorol.operator.promotion;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.ClassifierModelSpec.Route;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Says why a model has no route though it asks for one. */
public final class Routes {
  /** Of two models with one hostname the older has it. */
  private static final Comparator<ClassifierModel> ELDER =
      Comparator.comparing((ClassifierModel m) -> m.getMetadata().getCreationTimestamp())
          .thenComparing(m -> m.getMetadata().getNamespace())
          .thenComparing(m -> m.getMetadata().getName());

  private Routes() {}

  /**
   * Why the route is not made, in a sentence, or empty if it may be or none is asked for.
   *
   * @param installed whether the cluster has the Gateway API
   * @param all the models that are known
   */
  public static Optional<String> objection(
      ClassifierModel model, boolean installed, Stream<ClassifierModel> all) {
    var route = model.getSpec().serving().route();
    if (route == null) {
      return Optional.empty();
    }
    if (!installed) {
      return Optional.of(
          "spec.serving.route needs the Gateway API (HTTPRoute of gateway.networking.k8s.io/v1),"
              + " which this cluster had not when the operator started: install it and restart the"
              + " operator, or leave route out.");
    }
    return all.filter(other -> ELDER.compare(other, model) < 0)
        .filter(other -> other.getSpec().serving().route() != null)
        .filter(other -> gateway(other).equals(gateway(model)))
        .flatMap(
            other ->
                other.getSpec().serving().route().hostnames().stream()
                    .filter(route.hostnames()::contains)
                    .map(
                        name ->
                            "Hostname %s of Gateway %s belongs to model %s/%s already: write another one to spec.serving.route.hostnames."
                                .formatted(
                                    name,
                                    gateway(model),
                                    other.getMetadata().getNamespace(),
                                    other.getMetadata().getName())))
        .findFirst();
  }

  private static String gateway(ClassifierModel model) {
    Route route = model.getSpec().serving().route();
    var namespace = route.gateway().namespace();
    return "%s/%s"
        .formatted(
            namespace == null ? model.getMetadata().getNamespace() : namespace,
            route.gateway().name());
  }

  /** What the Gateway has against a route, if it does not accept it. */
  public static Optional<String> refusal(HTTPRoute route) {
    return Stream.ofNullable(route.getStatus())
        .flatMap(s -> s.getParents().stream())
        .flatMap(p -> p.getConditions().stream())
        .filter(c -> "Accepted".equals(c.getType()) && "False".equals(c.getStatus()))
        .map(
            c ->
                "The Gateway does not accept the route (%s): %s"
                    .formatted(c.getReason(), c.getMessage()))
        .findFirst();
  }
}
