package hu.mtmt.besorol.operator.promotion;

import static hu.mtmt.besorol.operator.Samples.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.ClassifierModelSpec.Promotion;
import hu.mtmt.besorol.api.ClassifierModelSpec.PromotionMode;
import hu.mtmt.besorol.api.ClassifierModelSpec.RolloutPolicy;
import hu.mtmt.besorol.api.ClassifierModelSpec.RolloutStrategy;
import hu.mtmt.besorol.api.ClassifierModelSpec.Serving;
import hu.mtmt.besorol.api.ClassifierModelStatus;
import hu.mtmt.besorol.api.ClassifierModelStatus.CanaryStatus;
import hu.mtmt.besorol.api.ClassifierModelStatus.Platform;
import hu.mtmt.besorol.api.ClassifierModelStatus.PreviousVersion;
import hu.mtmt.besorol.api.ClassifierModelStatus.ServingVersion;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.ServiceReport;
import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.operator.desired.Inference;
import hu.mtmt.besorol.operator.observe.ModelObservation;
import hu.mtmt.besorol.operator.observe.Rollout;
import hu.mtmt.besorol.operator.observe.Rollout.Role;
import hu.mtmt.besorol.operator.observe.ServiceReportSource.Told;
import hu.mtmt.besorol.operator.promotion.Traffic.CanaryPods;
import hu.mtmt.besorol.operator.promotion.Traffic.Share;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TrafficTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final ClassifierModel MODEL = Samples.model("frascati");

  private static String digest(String version) {
    return Samples.digest(version).value();
  }

  /** What is seen and wanted, and what is to be. Versions that are not named have no pods. */
  private static final class Row {
    private final String name;
    private final List<Rollout> rollouts = new ArrayList<>();
    private String wanted;
    private String serving;
    private String previous;
    private String warmUntil;
    private CanaryStatus canary;
    private String target;
    private Platform platform = Platform.DEPLOYMENT;
    private Platform asked = Platform.DEPLOYMENT;
    private Map<Role, ServiceReport> reports = Map.of();
    private Set<String> whole = Set.of();
    private String targetAfter;

    Row(String name) {
      this.name = name;
    }

    Row wants(String version) {
      wanted = version;
      return this;
    }

    Row serves(String version) {
      serving = version;
      return this;
    }

    Row served(String version, String until) {
      previous = version;
      warmUntil = until;
      return this;
    }

    Row at(CanaryStatus status) {
      canary = status;
      return this;
    }

    Row asks(String version) {
      target = version;
      return this;
    }

    /** What is to run the pods, and whose pods get the requests. */
    Row on(Platform wanted, Platform now) {
      platform = wanted;
      asked = now;
      return this;
    }

    Row has(String version, Role role, boolean complete) {
      return has(version, role, 2, complete);
    }

    /** Pods of v2 that get requests of the serving version. */
    Row beside(int pods, boolean complete) {
      return has("v2", Role.CANARY, pods, complete);
    }

    private Row has(String version, Role role, int pods, boolean complete) {
      return has(version, Platform.DEPLOYMENT, role, pods, complete);
    }

    /** Pods on Knative. */
    Row onKnative(String version, boolean complete) {
      return has(version, Platform.KNATIVE, Role.WHOLE, 2, complete);
    }

    private Row has(String version, Platform on, Role role, int pods, boolean complete) {
      rollouts.add(
          new Rollout(
              digest(version), on, role, complete, 0, pods, Optional.empty(), Optional.empty()));
      return this;
    }

    /** What the canary's pods tell; the others tell that all is well. */
    Row tells(ServiceReport report) {
      reports = Map.of(Role.CANARY, report);
      return this;
    }

    Row becomes(Set<String> versions, String asked) {
      whole = versions;
      targetAfter = asked;
      return this;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Row> rows() {
    return Stream.of(
        new Row("the first version").wants("v1").becomes(Set.of("v1"), "v1"),
        new Row("the first version comes up")
            .wants("v1")
            .asks("v1")
            .has("v1", Role.WHOLE, false)
            .becomes(Set.of("v1"), "v1"),
        new Row("nothing changes")
            .wants("v1")
            .serves("v1")
            .asks("v1")
            .has("v1", Role.WHOLE, true)
            .becomes(Set.of("v1"), "v1"),
        new Row("pods of the serving version are missing")
            .wants("v1")
            .serves("v1")
            .asks("v1")
            .has("v1", Role.WHOLE, false)
            .becomes(Set.of("v1"), "v1"),
        new Row("another version comes up")
            .wants("v2")
            .serves("v1")
            .asks("v1")
            .has("v1", Role.WHOLE, true)
            .has("v2", Role.WHOLE, false)
            .becomes(Set.of("v1", "v2"), "v1"),
        new Row("another version is up")
            .wants("v2")
            .serves("v1")
            .asks("v1")
            .has("v1", Role.WHOLE, true)
            .has("v2", Role.WHOLE, true)
            .becomes(Set.of("v1", "v2"), "v2"),
        new Row("the switch was made and nobody has told it")
            .wants("v1")
            .serves("v1")
            .asks("v2")
            .has("v1", Role.WHOLE, false)
            .has("v2", Role.WHOLE, true)
            .becomes(Set.of("v1", "v2"), "v2"),
        new Row("the one before is kept")
            .wants("v2")
            .serves("v2")
            .served("v1", "2026-01-01T12:00:01Z")
            .asks("v2")
            .has("v2", Role.WHOLE, true)
            .becomes(Set.of("v1", "v2"), "v2"),
        new Row("its time is over")
            .wants("v2")
            .serves("v2")
            .served("v1", "2026-01-01T12:00:00Z")
            .asks("v2")
            .has("v2", Role.WHOLE, true)
            .becomes(Set.of("v2"), "v2"),
        new Row("the next one comes")
            .wants("v3")
            .serves("v2")
            .served("v1", "2026-01-01T12:00:01Z")
            .asks("v2")
            .has("v2", Role.WHOLE, true)
            .becomes(Set.of("v2", "v3"), "v2"),
        new Row("back to the one before")
            .wants("v1")
            .serves("v2")
            .served("v1", "2026-01-01T12:00:01Z")
            .asks("v2")
            .has("v1", Role.WHOLE, true)
            .has("v2", Role.WHOLE, true)
            .becomes(Set.of("v1", "v2"), "v1"),
        new Row("pods of a former operator go on answering")
            .wants("v1")
            .serves("v1")
            .has("v1", Role.FORMER, true)
            .has("v1", Role.WHOLE, false)
            .becomes(Set.of("v1"), null),
        new Row("until there are others")
            .wants("v1")
            .serves("v1")
            .has("v1", Role.FORMER, true)
            .has("v1", Role.WHOLE, true)
            .becomes(Set.of("v1"), "v1"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void requestsGoToPodsThatAnswer(Row row) {
    var traffic = Traffic.of(decision(row.wanted), model(row), false, seen(row), NOW);
    assertThat(traffic.whole())
        .isEqualTo(row.whole.stream().map(TrafficTest::digest).collect(Collectors.toSet()));
    assertThat(traffic.target())
        .isEqualTo(Optional.ofNullable(row.targetAfter).map(TrafficTest::digest));
    assertThat(traffic.canary()).isEmpty();
    assertThat(traffic.progress()).isEmpty();
  }

  private static Decision decision(String wanted) {
    var versions = new Versions(List.of(version(1, 0.7), version(2, 0.7), version(3, 0.7)));
    return new Decision(versions, Optional.of(digest(wanted)), List.of(), Optional.empty());
  }

  private static ClassifierModel model(Row row) {
    var model = Samples.model("frascati");
    model.setStatus(
        new ClassifierModelStatus(
            1L,
            List.of(),
            null,
            row.serving == null
                ? null
                : new ServingVersion(digest(row.serving), null, null, null, null),
            row.previous == null ? null : new PreviousVersion(digest(row.previous), row.warmUntil),
            row.canary,
            null,
            List.of()));
    return model;
  }

  private static ModelObservation seen(Row row) {
    var serving = row.serving == null ? "v1" : row.serving;
    var pods = new ArrayList<Pod>();
    var told = new HashMap<String, Told>();
    for (var rollout : row.rollouts) {
      if (rollout.role() != Role.FORMER) {
        var pod = pod(rollout, rollout.role() == Role.WHOLE ? rollout.version() : digest(serving));
        pods.add(pod);
        var report = row.reports.getOrDefault(rollout.role(), WELL);
        told.put(pod.getMetadata().getUid(), new Told(report, NOW));
      }
    }
    return new ModelObservation(
        List.of(),
        0,
        List.of(),
        List.of(),
        pods,
        row.platform,
        row.rollouts,
        service(row),
        Optional.of(Samples.readyRoute()),
        told);
  }

  private static Pod pod(Rollout rollout, String answersFor) {
    return new PodBuilder()
        .withNewMetadata()
        .withUid(rollout.role() + rollout.version())
        .addToLabels(Labels.SHORT_VERSION, new Digest(rollout.version()).abbreviated())
        .addToLabels(Labels.ANSWERS_FOR, new Digest(answersFor).abbreviated())
        .endMetadata()
        .build();
  }

  private static final ServiceReport WELL =
      new ServiceReport(Samples.digest("v"), 10, 0, List.of(), Map.of(), Map.of(), null);
  private static final ServiceReport FAILING =
      new ServiceReport(Samples.digest("v"), 10, 5, List.of(), Map.of(), Map.of(), null);

  /** v2 is wanted in place of v1, by a canary; nothing else is there. */
  private static Row trying(String name) {
    return new Row(name).wants("v2").serves("v1").asks("v1").has("v1", Role.WHOLE, true);
  }

  private static CanaryStatus at(int step, String since) {
    return new CanaryStatus(
        digest("v2"), step, step == 1 ? 10 : 50, step == 1 ? 1 : 2, since, null);
  }

  static Stream<Arguments> canaries() {
    return Stream.of(
        arguments(trying("begins"), at(1, null), "v1"),
        arguments(trying("its pod comes up").at(at(1, null)).beside(1, false), at(1, null), "v1"),
        arguments(
            trying("its pod is up").at(at(1, null)).beside(1, true),
            at(1, "2026-01-01T12:00:00Z"),
            "v1"),
        arguments(
            trying("is held").at(at(1, "2026-01-01T11:55:01Z")).beside(1, true),
            at(1, "2026-01-01T11:55:01Z"),
            "v1"),
        arguments(
            trying("was held").at(at(1, "2026-01-01T11:55:00Z")).beside(1, true),
            at(2, null),
            "v1"),
        arguments(trying("gets more pods").at(at(2, null)).beside(1, true), at(2, null), "v1"),
        arguments(
            trying("has passed").at(at(2, "2026-01-01T11:55:00Z")).beside(2, true),
            at(3, "2026-01-01T12:00:00Z"),
            "v1"),
        arguments(
            trying("all its pods come up")
                .at(at(3, "2026-01-01T11:55:00Z"))
                .beside(2, true)
                .has("v2", Role.WHOLE, false),
            at(3, "2026-01-01T11:55:00Z"),
            "v1"),
        arguments(
            trying("all its pods are up")
                .at(at(3, "2026-01-01T11:55:00Z"))
                .beside(2, true)
                .has("v2", Role.WHOLE, true),
            null,
            "v2"),
        arguments(
            new Row("waits for pods of the serving version")
                .wants("v2")
                .serves("v1")
                .asks("v1")
                .has("v1", Role.WHOLE, false),
            null,
            "v1"),
        arguments(
            new Row("goes back without a canary")
                .wants("v1")
                .serves("v2")
                .asks("v2")
                .has("v1", Role.WHOLE, true)
                .has("v2", Role.WHOLE, true),
            null,
            "v1"),
        arguments(
            trying("another one is tried now")
                .at(new CanaryStatus(digest("v3"), 2, 50, 2, null, null)),
            at(1, null),
            "v1"));
  }

  @ParameterizedTest
  @MethodSource("canaries")
  void canaryGoesStepByStep(Row row, CanaryStatus after, String target) {
    var traffic = Traffic.of(decision(row.wanted), canary(row), false, seen(row), NOW);
    assertThat(traffic.progress()).isEqualTo(Optional.ofNullable(after));
    assertThat(traffic.target()).contains(digest(target));
    assertThat(traffic.broken()).isEmpty();
    assertThat(traffic.canary())
        .isEqualTo(
            Optional.ofNullable(after)
                .map(c -> new CanaryPods(c.version(), digest("v1"), c.step() == 1 ? 1 : 2)));
    assertThat(traffic.whole().contains(digest("v2")))
        .isEqualTo(
            row.serving.equals("v2") || target.equals("v2") || after != null && after.step() > 2);
  }

  @Test
  void canaryIsTakenBackWithAllItsPods() {
    var row = trying("fails").at(at(1, "2026-01-01T11:59:00Z")).beside(1, true).tells(FAILING);
    var traffic = Traffic.of(decision("v2"), canary(row), false, seen(row), NOW);
    assertThat(traffic.broken()).get().asString().contains("5 of 10 requests failed");
    assertThat(traffic.canary()).isEmpty();
    assertThat(traffic.whole()).containsExactly(digest("v1"));
    assertThat(traffic.target()).contains(digest("v1"));
  }

  @Test
  void podsOfACanaryByWeightAreComparedWithTheServingVersionAsLongAsTheyAre() {
    var row = trying("by weight").at(weighed(1, null));
    var begins = Traffic.of(decision("v2"), canary(row), true, seen(row), NOW);
    assertThat(begins.baseline(digest("v2"), seen(row))).contains(Samples.digest("v1"));
    assertThat(begins.baseline(digest("v1"), seen(row))).isEmpty();

    row.rollouts.add(
        new Rollout(
            digest("v2"),
            Platform.DEPLOYMENT,
            Role.WHOLE,
            true,
            2,
            2,
            Optional.of(digest("v0")),
            Optional.empty()));
    assertThat(begins.baseline(digest("v2"), seen(row)))
        .as("another one would mean other pods")
        .contains(Samples.digest("v0"));
  }

  @Test
  void podsThatTakeOverFromACanaryAreNotCompared() {
    var row = trying("by pods").at(at(3, null));
    var traffic = Traffic.of(decision("v2"), canary(row), false, seen(row), NOW);
    assertThat(traffic.whole()).contains(digest("v2"));
    assertThat(traffic.baseline(digest("v2"), seen(row))).isEmpty();
  }

  @Test
  void forcedVersionIsNoCanary() {
    var row = trying("forced");
    var model = canary(row);
    model.setSpec(
        Samples.with(
            model.getSpec(),
            new Promotion(PromotionMode.MANUAL, digest("v2"), true, "It is urgent.")));
    var traffic = Traffic.of(decision("v2"), model, false, seen(row), NOW);
    assertThat(traffic.canary()).isEmpty();
    assertThat(traffic.whole()).contains(digest("v2"));
  }

  static Stream<Arguments> weighed() {
    var started = "2026-01-01T11:59:00Z";
    var over = "2026-01-01T11:55:00Z";
    var now = "2026-01-01T12:00:00Z";
    return Stream.of(
        arguments(trying("comes up"), weighed(1, null), 0),
        arguments(trying("is up").has("v2", Role.WHOLE, true), weighed(1, now), 10),
        arguments(
            trying("is held").at(weighed(1, started)).has("v2", Role.WHOLE, true),
            weighed(1, started),
            10),
        arguments(
            trying("gets more").at(weighed(1, over)).has("v2", Role.WHOLE, true),
            weighed(2, now),
            50),
        arguments(
            trying("loses a pod").at(weighed(2, started)).has("v2", Role.WHOLE, false),
            weighed(2, started),
            50),
        arguments(
            trying("takes over").at(weighed(2, over)).has("v2", Role.WHOLE, true), null, null));
  }

  private static CanaryStatus weighed(int step, String since) {
    return new CanaryStatus(digest("v2"), step, step == 1 ? 10 : 50, 2, since, null);
  }

  @ParameterizedTest
  @MethodSource("weighed")
  void routeSharesOutByWeight(Row row, CanaryStatus after, Integer percent) {
    var traffic = Traffic.of(decision("v2"), canary(row), true, seen(row), NOW);
    assertThat(traffic.progress()).isEqualTo(Optional.ofNullable(after));
    assertThat(traffic.canary()).isEmpty();
    assertThat(traffic.whole()).containsExactlyInAnyOrder(digest("v1"), digest("v2"));
    assertThat(traffic.share())
        .isEqualTo(Optional.ofNullable(percent).map(p -> new Share(digest("v2"), p)));
    assertThat(traffic.target()).contains(digest(after == null ? "v2" : "v1"));
  }

  static Stream<Arguments> moves() {
    return Stream.of(
        arguments(
            new Row("pods come up on Knative")
                .wants("v1")
                .serves("v1")
                .asks("v1")
                .on(Platform.KNATIVE, Platform.DEPLOYMENT)
                .has("v1", Role.WHOLE, true)
                .onKnative("v1", false),
            "v1",
            Platform.DEPLOYMENT),
        arguments(
            new Row("they answer")
                .wants("v1")
                .serves("v1")
                .asks("v1")
                .on(Platform.KNATIVE, Platform.DEPLOYMENT)
                .has("v1", Role.WHOLE, true)
                .onKnative("v1", true),
            "v1",
            Platform.KNATIVE),
        arguments(
            new Row("another version waits for its pods there")
                .wants("v2")
                .serves("v1")
                .asks("v1")
                .on(Platform.KNATIVE, Platform.DEPLOYMENT)
                .has("v1", Role.WHOLE, true)
                .has("v2", Role.WHOLE, true)
                .onKnative("v1", false)
                .onKnative("v2", false),
            "v1",
            Platform.DEPLOYMENT),
        arguments(
            new Row("back to Deployments")
                .wants("v1")
                .serves("v1")
                .asks("v1")
                .on(Platform.DEPLOYMENT, Platform.KNATIVE)
                .onKnative("v1", true)
                .has("v1", Role.WHOLE, false),
            "v1",
            Platform.KNATIVE),
        arguments(
            new Row("which answer")
                .wants("v1")
                .serves("v1")
                .asks("v1")
                .on(Platform.DEPLOYMENT, Platform.KNATIVE)
                .onKnative("v1", true)
                .has("v1", Role.WHOLE, true),
            "v1",
            Platform.DEPLOYMENT),
        arguments(
            new Row("the first version").wants("v1").on(Platform.KNATIVE, Platform.KNATIVE),
            "v1",
            Platform.KNATIVE));
  }

  @ParameterizedTest
  @MethodSource("moves")
  void addressAsksTheOtherPlatformOnceItAnswersThere(Row row, String target, Platform asked) {
    var seen = seen(row);
    var traffic = Traffic.of(decision(row.wanted), model(row), false, seen, NOW);
    assertThat(traffic.target()).contains(digest(target));
    assertThat(traffic.asks(seen)).isEqualTo(asked);
  }

  @Test
  void knativeSharesOutByWeight() {
    var row =
        new Row("is up")
            .wants("v2")
            .serves("v1")
            .asks("v1")
            .on(Platform.KNATIVE, Platform.KNATIVE)
            .onKnative("v1", true)
            .onKnative("v2", true);
    var traffic = Traffic.of(decision("v2"), canary(row), false, seen(row), NOW);
    assertThat(traffic.canary()).isEmpty();
    assertThat(traffic.share()).contains(new Share(digest("v2"), 10));
    assertThat(traffic.target()).contains(digest("v1"));
  }

  private static ClassifierModel canary(Row row) {
    var model = model(row);
    var spec = model.getSpec();
    var policy = new RolloutPolicy(RolloutStrategy.CANARY, null, null, null, null);
    model.setSpec(Samples.with(spec, new Serving(spec.serving().replicas(), policy)));
    return model;
  }

  private static Optional<Service> service(Row row) {
    if (row.target != null) {
      return Optional.of(Inference.service(MODEL, Samples.digest(row.target), row.asked));
    }
    return row.rollouts.isEmpty()
        ? Optional.empty()
        : Optional.of(new ServiceBuilder().withNewMetadata().endMetadata().build());
  }
}
