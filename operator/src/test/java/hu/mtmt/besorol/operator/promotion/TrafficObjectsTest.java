package hu.mtmt.besorol.operator.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.ClassifierModelStatus;
import hu.mtmt.besorol.api.ClassifierModelStatus.Platform;
import hu.mtmt.besorol.api.ClassifierModelStatus.PlatformStatus;
import hu.mtmt.besorol.api.ClassifierModelStatus.PreviousVersion;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.operator.TestConfig;
import hu.mtmt.besorol.operator.config.OperatorConfig;
import hu.mtmt.besorol.operator.desired.Inference;
import hu.mtmt.besorol.operator.desired.Names;
import hu.mtmt.besorol.operator.observe.ModelObservation;
import hu.mtmt.besorol.operator.observe.Rollout;
import hu.mtmt.besorol.operator.observe.Rollout.Role;
import hu.mtmt.besorol.operator.promotion.Traffic.CanaryPods;
import hu.mtmt.besorol.operator.promotion.Traffic.Share;
import io.fabric8.knative.serving.v1.Route;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrafficObjectsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final OperatorConfig CONFIG = TestConfig.defaults();
  private static final Digest V1 = Samples.digest("v1");
  private static final Digest V2 = Samples.digest("v2");

  /** What is seen and decided, and which objects are to be; versions are v1 and v2. */
  private static final class Row {
    private final String name;
    private final Platform platform;
    private final Traffic traffic;
    private Platform asked;
    private Instant since = NOW;
    private String former;
    private boolean hasRoute;
    private boolean routed;
    private List<String> wanted = List.of();
    private Set<String> alone = Set.of();
    private Set<String> aloneWhenRouted = Set.of();

    Row(String name, Platform platform, Traffic traffic) {
      this.name = name;
      this.platform = platform;
      this.traffic = traffic;
      this.asked = platform;
    }

    /** Whose pods get the requests. */
    Row asks(Platform now) {
      asked = now;
      return this;
    }

    Row since(String time) {
      since = Instant.parse(time);
      return this;
    }

    Row former(Digest version) {
      former = version.value();
      return this;
    }

    /**
     * The model names a gateway.
     *
     * @param routed whether that can be done
     */
    Row route(boolean routed) {
      hasRoute = true;
      this.routed = routed;
      return this;
    }

    Row wants(String... objects) {
      wanted = List.of(objects);
      return this;
    }

    Row alone(String... kinds) {
      alone = Set.of(kinds);
      return this;
    }

    Row aloneWhenRouted(String... kinds) {
      aloneWhenRouted = Set.of(kinds);
      return this;
    }

    ClassifierModel model() {
      var bare = Samples.model("frascati");
      var model = hasRoute ? Samples.routed(bare) : bare;
      model.setStatus(
          new ClassifierModelStatus(
              1L,
              List.of(),
              null,
              null,
              former == null ? null : new PreviousVersion(former, NOW.plusSeconds(1).toString()),
              null,
              new PlatformStatus(asked, since.toString()),
              List.of()));
      return model;
    }

    ModelObservation seen() {
      var rollouts =
          Stream.of(V1, V2)
              .map(
                  v ->
                      new Rollout(
                          v.value(),
                          platform,
                          Role.WHOLE,
                          asked == platform,
                          0,
                          2,
                          Optional.empty(),
                          Optional.empty()))
              .toList();
      return new ModelObservation(
          List.of(),
          0,
          List.of(),
          List.of(),
          List.of(),
          platform,
          rollouts,
          Optional.of(Inference.service(Samples.model("frascati"), V1, asked)),
          Optional.of(Samples.readyRoute()),
          Map.of());
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Traffic serving(Digest target, Digest... whole) {
    return traffic(Optional.of(target), Optional.empty(), Optional.empty(), whole);
  }

  private static Traffic traffic(
      Optional<Digest> target,
      Optional<CanaryPods> beside,
      Optional<Share> share,
      Digest... whole) {
    var versions = new LinkedHashSet<>(Arrays.stream(whole).map(Digest::value).toList());
    return new Traffic(
        versions, beside, target.map(Digest::value), share, Optional.empty(), Optional.empty());
  }

  static Stream<Row> rows() {
    var share = Optional.of(new Share(V2.value(), 10));
    var nobody = Optional.<Digest>empty();
    return Stream.of(
        new Row("one version", Platform.DEPLOYMENT, serving(V1, V1))
            .wants("Deployment v1", "Service", "PodDisruptionBudget")
            .alone("HTTPRoute", "Service", "Deployment"),
        new Row(
                "an address that is not to be changed",
                Platform.DEPLOYMENT,
                traffic(nobody, Optional.empty(), Optional.empty(), V1))
            .wants("Deployment v1", "PodDisruptionBudget")
            .alone("HTTPRoute"),
        new Row(
                "pods beside those that serve",
                Platform.DEPLOYMENT,
                traffic(
                    Optional.of(V1),
                    Optional.of(new CanaryPods(V2.value(), V1.value(), 1)),
                    Optional.empty(),
                    V1))
            .wants("Deployment v1", "Deployment v2 for v1", "Service", "PodDisruptionBudget")
            .alone("HTTPRoute", "Service", "Deployment"),
        new Row(
                "a share of what a gateway sends",
                Platform.DEPLOYMENT,
                traffic(Optional.of(V1), Optional.empty(), share, V1, V2))
            .route(true)
            .wants(
                "Deployment v1",
                "Deployment v2",
                "Service",
                "Service v2",
                "HTTPRoute",
                "PodDisruptionBudget")
            .alone("Service", "Deployment"),
        new Row("a gateway that refuses keeps what it has", Platform.DEPLOYMENT, serving(V1, V1))
            .route(false)
            .wants("Deployment v1", "Service", "PodDisruptionBudget")
            .alone("Service", "Deployment"),
        new Row("Knative", Platform.KNATIVE, serving(V1, V1))
            .wants("Configuration v1", "Route 100", "Service", "PodDisruptionBudget")
            .alone("HTTPRoute", "Service")
            .aloneWhenRouted("Configuration", "Route"),
        new Row(
                "a share of Knative's traffic",
                Platform.KNATIVE,
                traffic(Optional.of(V1), Optional.empty(), share, V1, V2))
            .wants(
                "Configuration v1",
                "Configuration v2",
                "Route 90 10",
                "Service",
                "PodDisruptionBudget")
            .alone("HTTPRoute", "Service")
            .aloneWhenRouted("Configuration", "Route"),
        new Row("the version before, by its tag", Platform.KNATIVE, serving(V2, V2, V1))
            .former(V1)
            .wants(
                "Configuration v2",
                "Configuration v1",
                "Route 100 0",
                "Service",
                "PodDisruptionBudget")
            .alone("HTTPRoute", "Service")
            .aloneWhenRouted("Configuration", "Route"),
        new Row("to Knative, whose pods do not answer yet", Platform.KNATIVE, serving(V1, V1))
            .asks(Platform.DEPLOYMENT)
            .since("2026-01-01T00:00:00Z")
            .wants("Configuration v1", "Route 100", "Service", "PodDisruptionBudget")
            .alone("HTTPRoute", "Service")
            .aloneWhenRouted("Configuration", "Route"),
        new Row("long on Knative", Platform.KNATIVE, serving(V1, V1))
            .since("2026-01-01T00:00:00Z")
            .wants("Configuration v1", "Route 100", "Service", "PodDisruptionBudget")
            .alone("HTTPRoute", "Service", "Deployment")
            .aloneWhenRouted("Configuration", "Route"),
        new Row(
                "back to Deployments, which do not answer yet",
                Platform.DEPLOYMENT,
                serving(V1, V1))
            .asks(Platform.KNATIVE)
            .since("2026-01-01T00:00:00Z")
            .wants("Deployment v1", "Service", "PodDisruptionBudget")
            .alone("HTTPRoute", "Service", "Deployment"),
        new Row("long on Deployments again", Platform.DEPLOYMENT, serving(V1, V1))
            .since("2026-01-01T00:00:00Z")
            .wants("Deployment v1", "Service", "PodDisruptionBudget")
            .alone("HTTPRoute", "Service", "Deployment", "Configuration", "Route"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void clusterDoesWhatWasDecided(Row row) {
    var model = row.model();
    var objects = TrafficObjects.of(row.traffic, model, row.routed, row.seen(), CONFIG, NOW);
    assertThat(objects.wanted().stream().map(o -> told(o, model)))
        .containsExactlyElementsOf(row.wanted);
    assertThat(kinds(objects.alone())).isEqualTo(row.alone);
    assertThat(kinds(objects.aloneWhenRouted())).isEqualTo(row.aloneWhenRouted);
    assertThat(objects.wanted()).allMatch(objects::wants);
    assertThat(objects.wants(Inference.pods(model, Samples.digest("v3"), Optional.empty(), CONFIG)))
        .isFalse();
  }

  private static Set<String> kinds(List<Class<? extends HasMetadata>> types) {
    return Set.copyOf(types.stream().map(Class::getSimpleName).toList());
  }

  /** Its kind and whose it is: the name of the model itself is left out. */
  private static String told(HasMetadata object, ClassifierModel model) {
    var names =
        Map.of(
            Names.inference(model), "",
            Names.inference(model, V1), " v1",
            Names.inference(model, V2), " v2",
            Names.canary(model, V2, V1), " v2 for v1");
    return object instanceof Route route
        ? "Route"
            + route.getSpec().getTraffic().stream()
                .map(t -> " " + t.getPercent())
                .reduce("", String::concat)
        : object.getKind() + names.get(object.getMetadata().getName());
  }
}
