package hu.mtmt.besorol.operator.promotion;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.operator.config.OperatorConfig;
import hu.mtmt.besorol.operator.desired.Inference;
import hu.mtmt.besorol.operator.desired.KnativeInference;
import hu.mtmt.besorol.operator.observe.ModelObservation;
import hu.mtmt.besorol.operator.promotion.Traffic.Share;
import hu.mtmt.besorol.operator.status.ClassifierModelStatuses;
import io.fabric8.knative.serving.v1.Configuration;
import io.fabric8.knative.serving.v1.Route;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The objects by which the cluster does what {@link Traffic} says: a pure function, too.
 *
 * @param wanted those that there are to be, pods before the addresses that ask them
 * @param alone kinds of which the model has no others any more
 * @param aloneWhenRouted the same once Knative does as its Route says: until then requests go to
 *     the pods of before
 */
public record TrafficObjects(
    List<HasMetadata> wanted,
    List<Class<? extends HasMetadata>> alone,
    List<Class<? extends HasMetadata>> aloneWhenRouted) {

  private static final List<Class<? extends HasMetadata>> KNATIVE =
      List.of(Configuration.class, Route.class);

  /**
   * Says them.
   *
   * @param routed whether a route of the Gateway API shares requests out
   */
  public static TrafficObjects of(
      Traffic traffic,
      ClassifierModel model,
      boolean routed,
      ModelObservation seen,
      OperatorConfig config,
      Instant now) {
    var wanted =
        new ArrayList<HasMetadata>(
            switch (seen.platform()) {
              case DEPLOYMENT -> onDeployments(traffic, model, seen, config);
              case KNATIVE -> onKnative(traffic, model, seen, config, now);
            });
    var share = traffic.share().map(s -> new Digest(s.version()));
    traffic
        .target()
        .map(v -> Inference.service(model, new Digest(v), traffic.asks(seen)))
        .ifPresent(wanted::add);
    if (routed) {
      share.map(c -> Inference.canaryService(model, c)).ifPresent(wanted::add);
      wanted.add(Inference.route(model, share, traffic.share().map(Share::percent).orElse(0)));
    }
    wanted.add(Inference.disruptionBudget(model));
    return withoutOthers(wanted, traffic, model, seen, now);
  }

  private static List<Deployment> onDeployments(
      Traffic traffic, ClassifierModel model, ModelObservation seen, OperatorConfig config) {
    var deployments = new ArrayList<Deployment>();
    for (var version : traffic.whole()) {
      var baseline = traffic.baseline(version, seen);
      deployments.add(Inference.pods(model, new Digest(version), baseline, config));
    }
    traffic
        .canary()
        .map(
            c ->
                Inference.canary(
                    model, new Digest(c.version()), new Digest(c.serving()), c.pods(), config))
        .ifPresent(deployments::add);
    return deployments;
  }

  private static List<HasMetadata> onKnative(
      Traffic traffic,
      ClassifierModel model,
      ModelObservation seen,
      OperatorConfig config,
      Instant now) {
    var objects = new ArrayList<HasMetadata>();
    for (var version : traffic.whole()) {
      var baseline = traffic.baseline(version, seen);
      objects.add(KnativeInference.configuration(model, new Digest(version), baseline, config));
    }
    traffic.target().map(v -> route(v, traffic, model, seen, now)).ifPresent(objects::add);
    return objects;
  }

  /** A version that has never answered on Knative would keep the Route from every other. */
  private static Route route(
      String target, Traffic traffic, ClassifierModel model, ModelObservation seen, Instant now) {
    var canary = traffic.share().filter(c -> c.percent() > 0);
    var former =
        Traffic.warm(ClassifierModelStatuses.previous(model), now)
            .filter(traffic.whole()::contains)
            .filter(v -> !v.equals(target))
            .filter(v -> Traffic.answers(v, seen));
    return KnativeInference.route(
        model,
        new Digest(target),
        canary.map(c -> new Digest(c.version())),
        canary.map(Share::percent).orElse(0),
        former.map(Digest::new));
  }

  private static TrafficObjects withoutOthers(
      List<HasMetadata> wanted,
      Traffic traffic,
      ClassifierModel model,
      ModelObservation seen,
      Instant now) {
    var alone = new ArrayList<Class<? extends HasMetadata>>();
    if (model.getSpec().serving().route() == null) {
      alone.add(HTTPRoute.class);
    }
    if (traffic.target().isEmpty()) { // the address still asks pods of no version
      return new TrafficObjects(wanted, alone, List.of());
    }
    alone.add(Service.class);
    boolean left = otherIsLeft(traffic, model, seen, now);
    return switch (seen.platform()) {
      case DEPLOYMENT -> {
        alone.add(Deployment.class);
        if (left) {
          alone.addAll(KNATIVE);
        }
        yield new TrafficObjects(wanted, alone, List.of());
      }
      case KNATIVE -> {
        if (left) {
          alone.add(Deployment.class);
        }
        yield new TrafficObjects(wanted, alone, KNATIVE);
      }
    };
  }

  /** Whether what the other platform ran is not kept any longer. */
  private static boolean otherIsLeft(
      Traffic traffic, ClassifierModel model, ModelObservation seen, Instant now) {
    return traffic.asks(seen) == seen.platform()
        && Platforms.otherKeptUntil(model, seen.platform())
            .filter(time -> !time.isAfter(now))
            .isPresent();
  }

  /** Whether an object is one that there is to be. */
  public boolean wants(HasMetadata object) {
    return wanted.stream()
        .anyMatch(
            w ->
                w.getClass() == object.getClass()
                    && w.getMetadata().getName().equals(object.getMetadata().getName()));
  }
}
