package hu.mtmt.besorol.operator.status;

import static hu.mtmt.besorol.operator.Samples.version;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.ClassifierModelSpec.Promotion;
import hu.mtmt.besorol.api.ClassifierModelSpec.PromotionMode;
import hu.mtmt.besorol.api.ClassifierModelStatus.CanaryStatus;
import hu.mtmt.besorol.api.ClassifierModelStatus.ModelVersion;
import hu.mtmt.besorol.api.ClassifierModelStatus.Platform;
import hu.mtmt.besorol.api.ClassifierModelStatus.Withdrawal;
import hu.mtmt.besorol.api.Conditions.Reason;
import hu.mtmt.besorol.api.DataSource;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.api.TrainingRunStatus.Attempt;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.operator.TestConfig;
import hu.mtmt.besorol.operator.desired.Inference;
import hu.mtmt.besorol.operator.desired.TrainingJob;
import hu.mtmt.besorol.operator.observe.Kueue;
import hu.mtmt.besorol.operator.observe.ModelObservation;
import hu.mtmt.besorol.operator.observe.Rollout;
import hu.mtmt.besorol.operator.observe.Rollout.Role;
import hu.mtmt.besorol.operator.observe.RunObservation;
import hu.mtmt.besorol.operator.placement.Flavors;
import hu.mtmt.besorol.operator.placement.Forecast;
import hu.mtmt.besorol.operator.placement.Outlook;
import hu.mtmt.besorol.operator.placement.Placement;
import hu.mtmt.besorol.operator.promotion.Decision;
import hu.mtmt.besorol.operator.promotion.Versions;
import hu.mtmt.besorol.operator.queue.RunId;
import hu.mtmt.besorol.operator.queue.Verdict.Admit;
import hu.mtmt.besorol.operator.queue.Verdict.Leave;
import hu.mtmt.besorol.operator.queue.Verdict.Wait;
import hu.mtmt.besorol.operator.status.ClassifierModelStatuses.Obstacles;
import hu.mtmt.besorol.operator.status.Onlookers.Kstatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every state that a resource can be in, with the status that the operator writes, as kubectl, Flux
 * and Argo CD see it: they must agree.
 */
class OnlookersTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long GENERATION = 7;

  /** The only outcomes, each with what all onlookers say. */
  private enum Outcome {
    DONE(Kstatus.CURRENT, "Healthy", "Ready"),
    UNDER_WAY(Kstatus.IN_PROGRESS, "Progressing", null),
    /** kstatus knows no rest: who waits for Ready goes on waiting. */
    RESTING(Kstatus.IN_PROGRESS, "Suspended", "Suspended"),
    NEEDS_A_PERSON(Kstatus.FAILED, "Degraded", "Stalled"),
    GOING(Kstatus.TERMINATING, "Progressing", null);

    private final Kstatus kstatus;
    private final String health;
    private final String waitReturnsFor;

    Outcome(Kstatus kstatus, String health, String waitReturnsFor) {
      this.kstatus = kstatus;
      this.health = health;
      this.waitReturnsFor = waitReturnsFor;
    }
  }

  /**
   * A state.
   *
   * @param reason of the condition Ready, or null if there is no status
   */
  private record Row(String name, HasMetadata resource, Outcome outcome, String reason) {
    Row(String name, HasMetadata resource, Outcome outcome, Reason reason) {
      this(name, resource, outcome, reason.written());
    }

    @Override
    public String toString() {
      return "%s: %s".formatted(resource.getKind(), name);
    }
  }

  static Stream<Row> rows() {
    return Stream.concat(runs(), models());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void onlookersAgree(Row row) throws IOException {
    var resource = asServed(row.resource());
    assertThat(Onlookers.kstatus(resource)).isEqualTo(row.outcome().kstatus);
    var health = Onlookers.health(resource);
    assertThat(health.status()).isEqualTo(row.outcome().health);
    var ready = condition(resource, "Ready");
    assertThat(ready.path("reason").textValue()).isEqualTo(row.reason());
    if (row.outcome() == Outcome.GOING) {
      return; // nobody waits for what is being deleted
    }
    for (var type : List.of("Ready", "Stalled", "Suspended")) {
      assertThat(Onlookers.waitReturns(resource, type))
          .as("kubectl wait --for=condition=%s", type)
          .isEqualTo(type.equals(row.outcome().waitReturnsFor));
    }
    if (observed(resource)) {
      assertThat(health.message()).isEqualTo(ready.path("message").textValue()).isNotBlank();
    }
  }

  @Test
  void everyReasonHasARow() {
    var shown = rows().map(Row::reason).collect(Collectors.toSet());
    assertThat(Arrays.stream(Reason.values()).map(Reason::written)).isSubsetOf(shown);
  }

  private static boolean observed(JsonNode resource) {
    return resource.at("/status/observedGeneration").longValue() == GENERATION
        && resource.at("/metadata/generation").longValue() == GENERATION;
  }

  private static JsonNode condition(JsonNode resource, String type) {
    for (var condition : resource.at("/status/conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition;
      }
    }
    return JSON.createObjectNode();
  }

  /** As the API server hands it out: with the status that the CRD has for one without. */
  private static JsonNode asServed(HasMetadata resource) throws IOException {
    var served = (ObjectNode) JSON.readTree(Serialization.asJson(resource));
    if (!served.hasNonNull("status")) {
      var file = resource.getPlural() + ".besorol.mtmt.hu-v1.yml";
      served.set(
          "status",
          new YAMLMapper()
              .readTree(Path.of("../crds", file).toFile())
              .at("/spec/versions/0/schema/openAPIV3Schema/properties/status/default"));
    }
    return served;
  }

  // Runs

  private static final Placement PLACED =
      new Placement(
          List.of(new Placement.Choice(Flavors.DEFAULT.all().getFirst(), 1)),
          Forecast.UNKNOWN,
          "It fits.",
          List.of());

  private static Outlook outlook(hu.mtmt.besorol.operator.queue.Verdict verdict) {
    return new Outlook(
        PLACED, Optional.empty(), Optional.empty(), Optional.empty(), Optional.ofNullable(verdict));
  }

  private static TrainingRun run() {
    var run = Samples.run("first", "frascati");
    run.getMetadata().setNamespace("library");
    run.getMetadata().setUid("run");
    run.getMetadata().setGeneration(GENERATION);
    run.getMetadata().setCreationTimestamp("2026-01-01T11:00:00Z");
    return run;
  }

  private static TrainingRun with(TrainingRun run, RunObservation seen, Outlook outlook) {
    return with(run, seen, outlook, null, null);
  }

  private static TrainingRun with(
      TrainingRun run, RunObservation seen, Outlook outlook, String objection, String nameTaken) {
    run.setStatus(
        TrainingRunStatuses.next(
            run,
            seen,
            outlook,
            Optional.ofNullable(objection),
            Optional.ofNullable(nameTaken),
            NOW));
    return run;
  }

  private static TrainingRun failed(String reason) {
    return with(run(), seen(model(), job("Failed", reason)), outlook(null));
  }

  private static TrainingRun complete() {
    return with(
        run(),
        seen(model(), job("Complete", "CompletionsReached"), succeeded(Samples.result("v1", 0.7))),
        outlook(null));
  }

  private static RunObservation seen(ClassifierModel model, Job job, Pod... pods) {
    return new RunObservation(
        Optional.ofNullable(model), Optional.ofNullable(job), List.of(pods), Optional.empty());
  }

  private static RunObservation kueue(Job job, Kueue says) {
    return new RunObservation(
        Optional.of(model()), Optional.ofNullable(job), List.of(), Optional.empty(), says);
  }

  private static Job job() {
    var job = TrainingJob.of(run(), model(), PLACED, TestConfig.defaults(), NOW).job();
    job.getMetadata().setCreationTimestamp(NOW.toString());
    return job;
  }

  private static Job suspended() {
    var job = job();
    job.getSpec().setSuspend(true);
    return job;
  }

  private static Job job(String condition, String reason) {
    var job = job();
    job.setStatus(
        Serialization.unmarshal(
            """
            conditions:
            - {type: %s, status: "True", reason: %s, message: x, lastTransitionTime: "2026-01-01T11:00:00Z"}
            """
                .formatted(condition, reason),
            io.fabric8.kubernetes.api.model.batch.v1.JobStatus.class));
    return job;
  }

  private static Pod running() {
    return Serialization.unmarshal(
        """
        metadata: {name: first-1}
        status: {phase: Running}
        """,
        Pod.class);
  }

  private static Pod succeeded(hu.mtmt.besorol.contract.TrainingResult told) {
    return Serialization.unmarshal(
        """
        metadata: {name: first-1}
        status:
          phase: Succeeded
          containerStatuses:
          - name: besorol
            state: {terminated: {exitCode: 0, finishedAt: "2026-01-01T11:00:00Z", message: %s}}
        """
            .formatted(
                Serialization.asJson(
                    new String(ContractJson.writeLine(told), StandardCharsets.UTF_8))),
        Pod.class);
  }

  /** Of a run that gives up its Job. */
  private static Outlook leaving(String reason) {
    return new Outlook(
        PLACED,
        Optional.of(new Attempt("uid", "small", 1024L, reason, 1, NOW.toString())),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Stream<Row> runs() {
    var admitted = outlook(new Admit("default", 1));
    var nowhere =
        new Outlook(
            new Placement(List.of(), Forecast.UNKNOWN, "None fits.", List.of()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    var asksToRest = Samples.edited(run(), "suspend: false", "suspend: true");
    var deadline =
        Samples.edited(run(), "backoffLimit: 3", "backoffLimit: 3\n  activeDeadlineSeconds: 60");
    var training = with(run(), seen(model(), job(), running()), admitted);
    var changed = with(run(), seen(model(), job(), running()), admitted);
    changed.getMetadata().setGeneration(GENERATION + 1);
    var deleted = with(run(), seen(model(), job(), running()), admitted);
    deleted.getMetadata().setDeletionTimestamp(NOW.toString());
    var error = run();
    error.setStatus(TrainingRunStatuses.afterError(error, "The server is away.", NOW));
    var completeAndError = complete();
    completeAndError.setStatus(
        TrainingRunStatuses.afterError(completeAndError, "The server is away.", NOW));
    return Stream.of(
        new Row("nobody has seen it", run(), Outcome.UNDER_WAY, (String) null),
        new Row("its spec is newer", changed, Outcome.UNDER_WAY, Reason.TRAINING),
        new Row("is being deleted", deleted, Outcome.GOING, Reason.TRAINING),
        new Row(
            "no model",
            with(run(), seen(null, null), admitted),
            Outcome.UNDER_WAY,
            Reason.MODEL_NOT_FOUND),
        new Row(
            "data of a host that is not allowed",
            with(run(), seen(model(), null), admitted, "The host is not allowed.", null),
            Outcome.NEEDS_A_PERSON,
            Reason.SOURCE_NOT_ALLOWED),
        new Row(
            "no machine",
            with(run(), seen(model(), null), nowhere),
            Outcome.NEEDS_A_PERSON,
            Reason.NO_FLAVOR_FITS),
        new Row(
            "no queue of that name",
            with(run(), kueue(null, new Kueue.Unavailable("There is no such queue.")), admitted),
            Outcome.NEEDS_A_PERSON,
            Reason.QUEUE_NOT_FOUND),
        new Row(
            "waits in a queue of Kueue",
            with(run(), kueue(suspended(), new Kueue.Waiting("It waits.")), outlook(null)),
            Outcome.UNDER_WAY,
            Reason.QUEUED),
        new Row(
            "Job of another",
            with(run(), seen(model(), null), admitted, null, "Job first exists."),
            Outcome.NEEDS_A_PERSON,
            Reason.NAME_TAKEN),
        new Row(
            "Job to come",
            with(run(), seen(model(), null), admitted),
            Outcome.UNDER_WAY,
            Reason.PENDING),
        new Row(
            "pod to come",
            with(run(), seen(model(), job()), admitted),
            Outcome.UNDER_WAY,
            Reason.PENDING),
        new Row(
            "waits for its turn",
            with(
                run(),
                seen(model(), null),
                outlook(new Wait("default", 0, 1, false, 2, List.of()))),
            Outcome.UNDER_WAY,
            Reason.QUEUED),
        new Row("trains", training, Outcome.UNDER_WAY, Reason.TRAINING),
        new Row(
            "makes room",
            with(
                run(),
                seen(model(), job(), running()),
                outlook(new Leave(new RunId("library", "urgent"), 9))),
            Outcome.UNDER_WAY,
            Reason.QUEUED),
        new Row(
            "changes machines",
            with(run(), seen(model(), job()), leaving("OOMKilled")),
            Outcome.UNDER_WAY,
            Reason.MOVING),
        new Row(
            "trains again",
            with(
                run(),
                seen(model(), job("Complete", "CompletionsReached")),
                leaving("ResultMissing")),
            Outcome.UNDER_WAY,
            Reason.MOVING),
        new Row(
            "rests",
            with(asksToRest, seen(model(), suspended()), outlook(null)),
            Outcome.RESTING,
            Reason.SUSPENDED),
        new Row("complete", complete(), Outcome.DONE, Reason.COMPLETE),
        new Row("complete, then an error", completeAndError, Outcome.DONE, Reason.COMPLETE),
        new Row(
            "complete without a result",
            with(run(), seen(model(), job("Complete", "CompletionsReached")), outlook(null)),
            Outcome.NEEDS_A_PERSON,
            Reason.RESULT_MISSING),
        new Row(
            "took too long",
            with(deadline, seen(model(), job("Failed", "DeadlineExceeded")), outlook(null)),
            Outcome.NEEDS_A_PERSON,
            Reason.DEADLINE_EXCEEDED),
        new Row(
            "wrong data", failed("PodFailurePolicy"), Outcome.NEEDS_A_PERSON, "PodFailurePolicy"),
        new Row(
            "failed again and again",
            failed("BackoffLimitExceeded"),
            Outcome.NEEDS_A_PERSON,
            Reason.RETRIES_EXHAUSTED),
        new Row(
            "its model was deleted",
            with(run(), seen(null, job()), outlook(null)),
            Outcome.NEEDS_A_PERSON,
            Reason.MODEL_DELETED),
        new Row("error", error, Outcome.UNDER_WAY, Reason.RECONCILE_ERROR));
  }

  // Models

  private static ClassifierModel model() {
    var model = Samples.model("frascati");
    model.getMetadata().setNamespace("library");
    model.getMetadata().setUid("model");
    model.getMetadata().setGeneration(GENERATION);
    return model;
  }

  private static ClassifierModel naming(String version, String why) {
    return promoting(
        new Promotion(
            PromotionMode.MANUAL, version == null ? null : digest(version), why != null, why));
  }

  private static ClassifierModel promoting(Promotion promotion) {
    var model = model();
    model.setSpec(Samples.with(model.getSpec(), promotion));
    return model;
  }

  private static ClassifierModel withAnotherHoldout() {
    var model = model();
    model.setSpec(
        Samples.with(
            model.getSpec(), new DataSource(null, null, "https://h/other", digest("other"))));
    return model;
  }

  private static String digest(String version) {
    return Samples.digest(version).value();
  }

  private static ModelVersion better(int number) {
    return version(
        number,
        0.8,
        Samples.comparison(
            new ComparisonRequest(Metric.LENIENT_F1, Samples.digest("v1"), "0.95"), 0.02));
  }

  private static ModelVersion takenBack(int number) {
    var withdrawal = new Withdrawal("3 of 10 requests failed.", NOW.toString());
    return new Versions(List.of(better(number)))
        .with(digest("v" + number), withdrawal)
        .newestFirst()
        .getFirst();
  }

  private static ModelVersion unmeasured(int number) {
    var v = version(number, 0);
    return new ModelVersion(
        v.version(),
        v.trainingRun(),
        v.completedTime(),
        v.verdict(),
        List.of(),
        null,
        null,
        null,
        null);
  }

  private static Obstacles obstacles(
      String sources, String platform, String route, String nameTaken, String evaluation) {
    return new Obstacles(
        Optional.ofNullable(sources),
        Optional.ofNullable(platform),
        Optional.ofNullable(route),
        Optional.ofNullable(nameTaken),
        Optional.ofNullable(evaluation));
  }

  private static final Obstacles NONE = obstacles(null, null, null, null, null);
  private static final Obstacles UNJUDGED =
      obstacles(null, null, null, null, "The holdout is empty.");
  private static final Obstacles NOT_ALLOWED =
      obstacles("The host is not allowed.", null, null, null, null);
  private static final Obstacles NO_ROUTE =
      obstacles(null, null, "The hostname belongs to another.", null, null);
  private static final Obstacles NO_KNATIVE =
      obstacles(null, "The cluster has no Knative.", null, null, null);
  private static final Obstacles TAKEN =
      obstacles(null, null, null, "Service frascati exists.", null);

  private static Rollout rollout(String version, boolean complete, int available, String stuck) {
    return rollout(version, Role.WHOLE, complete, available, stuck);
  }

  private static Rollout rollout(
      String version, Role role, boolean complete, int available, String stuck) {
    return new Rollout(
        digest(version),
        Platform.DEPLOYMENT,
        role,
        complete,
        available,
        2,
        Optional.empty(),
        Optional.ofNullable(stuck));
  }

  private static Rollout withoutPods(String version) {
    return new Rollout(
        digest(version),
        Platform.DEPLOYMENT,
        Role.WHOLE,
        true,
        0,
        0,
        Optional.empty(),
        Optional.empty());
  }

  private static ClassifierModel with(
      ClassifierModel model,
      String serving,
      List<Rollout> rollouts,
      Obstacles obstacles,
      ModelVersion... versions) {
    return with(model, serving, rollouts, 0, obstacles, versions);
  }

  private static ClassifierModel with(
      ClassifierModel model,
      String serving,
      List<Rollout> rollouts,
      int runsUnderWay,
      Obstacles obstacles,
      ModelVersion... versions) {
    return with(model, serving, rollouts, runsUnderWay, Optional.empty(), obstacles, versions);
  }

  private static ClassifierModel with(
      ClassifierModel model,
      String serving,
      List<Rollout> rollouts,
      int runsUnderWay,
      Optional<CanaryStatus> canary,
      Obstacles obstacles,
      ModelVersion... versions) {
    var version = serving == null ? null : digest(serving);
    var decision = Decision.of(model.getSpec(), new Versions(List.of(versions)), version, NOW);
    model.setStatus(
        ClassifierModelStatuses.next(
            model,
            new ModelObservation(
                List.of(),
                runsUnderWay,
                List.of(),
                List.of(),
                List.of(),
                Platform.DEPLOYMENT,
                rollouts,
                service(version, rollouts),
                Optional.empty(),
                Map.of()),
            version,
            decision,
            canary,
            decision.versions().newestFirst(),
            obstacles,
            NOW));
    return model;
  }

  /** Requests go to the serving version, unless the pods are those of a former operator. */
  private static Optional<Service> service(String serving, List<Rollout> rollouts) {
    return rollouts.isEmpty() || rollouts.getFirst().role() == Role.FORMER
        ? Optional.empty()
        : Optional.of(
            Inference.service(
                model(),
                new Digest(serving == null ? rollouts.getFirst().version() : serving),
                Platform.DEPLOYMENT));
  }

  private static Stream<Row> models() {
    var nothing = List.<Rollout>of();
    var v1Serves = List.of(rollout("v1", true, 2, null));
    var v2Serves = List.of(rollout("v2", true, 2, null));
    var v1 = version(1, 0.7);
    var bad = version(2, 0.5);
    var changed = with(model(), "v1", v1Serves, NONE, v1);
    changed.getMetadata().setGeneration(GENERATION + 1);
    var deleted = with(model(), "v1", v1Serves, NONE, v1);
    deleted.getMetadata().setDeletionTimestamp(NOW.toString());
    var error = model();
    error.setStatus(ClassifierModelStatuses.afterError(error, "The server is away.", NOW));
    return Stream.of(
        new Row("nobody has seen it", model(), Outcome.UNDER_WAY, (String) null),
        new Row("its spec is newer", changed, Outcome.UNDER_WAY, Reason.SERVING),
        new Row("is being deleted", deleted, Outcome.GOING, Reason.SERVING),
        new Row("no run", with(model(), null, nothing, NONE), Outcome.UNDER_WAY, Reason.NO_VERSION),
        new Row(
            "first run",
            with(model(), null, nothing, 1, NONE),
            Outcome.UNDER_WAY,
            Reason.NO_VERSION),
        new Row(
            "first version is judged",
            with(model(), null, nothing, NONE, unmeasured(1)),
            Outcome.UNDER_WAY,
            Reason.JUDGING),
        new Row(
            "first version cannot be judged",
            with(model(), null, nothing, UNJUDGED, unmeasured(1)),
            Outcome.NEEDS_A_PERSON,
            Reason.EVALUATION_FAILED),
        new Row(
            "none is good enough",
            with(model(), null, nothing, NONE, bad),
            Outcome.NEEDS_A_PERSON,
            Reason.NO_VERSION_PASSED),
        new Row(
            "comes into service",
            with(model(), null, List.of(rollout("v1", false, 0, null)), NONE, v1),
            Outcome.UNDER_WAY,
            Reason.ROLLING_OUT),
        new Row(
            "better one comes into service",
            with(
                model(),
                "v1",
                List.of(rollout("v1", true, 2, null), rollout("v2", false, 2, null)),
                NONE,
                v1,
                better(2)),
            Outcome.UNDER_WAY,
            Reason.ROLLING_OUT),
        new Row(
            "does not come into service",
            with(
                model(),
                "v1",
                List.of(rollout("v1", true, 2, null), rollout("v2", false, 2, "It crashes.")),
                NONE,
                v1,
                better(2)),
            Outcome.NEEDS_A_PERSON,
            Reason.ROLLOUT_STUCK),
        new Row(
            "better one is tried",
            with(
                model(),
                "v1",
                v1Serves,
                0,
                Optional.of(new CanaryStatus(digest("v2"), 1, 10, 1, null, "Figures.")),
                NONE,
                v1,
                better(2)),
            Outcome.UNDER_WAY,
            Reason.CANARY),
        new Row(
            "better one was taken back",
            with(model(), "v1", v1Serves, NONE, v1, takenBack(2)),
            Outcome.NEEDS_A_PERSON,
            Reason.CANARY_FAILED),
        new Row(
            "one is named that was taken back",
            with(naming("v2", null), "v1", v1Serves, NONE, v1, takenBack(2)),
            Outcome.NEEDS_A_PERSON,
            Reason.CANARY_FAILED),
        new Row(
            "the serving one is named after another was taken back",
            with(naming("v1", null), "v1", v1Serves, NONE, v1, takenBack(2)),
            Outcome.DONE,
            Reason.SERVING),
        new Row("serves", with(model(), "v1", v1Serves, NONE, v1), Outcome.DONE, Reason.SERVING),
        new Row(
            "serves while a newer one is judged",
            with(model(), "v1", v1Serves, NONE, v1, unmeasured(2)),
            Outcome.DONE,
            Reason.SERVING),
        new Row(
            "serves though a newer one cannot be judged",
            with(model(), "v1", v1Serves, UNJUDGED, v1, unmeasured(2)),
            Outcome.DONE,
            Reason.SERVING),
        new Row(
            "serves though a newer one is worse",
            with(model(), "v1", v1Serves, NONE, v1, bad),
            Outcome.DONE,
            Reason.SERVING),
        new Row(
            "serves, and is judged on another holdout",
            with(withAnotherHoldout(), "v1", v1Serves, NONE, v1),
            Outcome.UNDER_WAY,
            Reason.JUDGING),
        new Row(
            "serves, and cannot be judged on another holdout",
            with(withAnotherHoldout(), "v1", v1Serves, UNJUDGED, v1),
            Outcome.NEEDS_A_PERSON,
            Reason.EVALUATION_FAILED),
        new Row(
            "serves with too few pods",
            with(model(), "v1", List.of(rollout("v1", false, 1, null)), NONE, v1),
            Outcome.UNDER_WAY,
            Reason.PODS_UNAVAILABLE),
        new Row(
            "its pods are replaced",
            with(model(), "v1", List.of(rollout("v1", false, 2, null)), NONE, v1),
            Outcome.UNDER_WAY,
            Reason.ROLLING_OUT),
        new Row(
            "its pods take over from those of a former operator",
            with(
                model(),
                "v1",
                List.of(rollout("v1", Role.FORMER, true, 2, null), rollout("v1", false, 0, null)),
                NONE,
                v1),
            Outcome.UNDER_WAY,
            Reason.ROLLING_OUT),
        new Row(
            "serves, and its data are of a host that is not allowed",
            with(model(), "v1", v1Serves, NOT_ALLOWED, v1),
            Outcome.NEEDS_A_PERSON,
            Reason.SOURCE_NOT_ALLOWED),
        new Row(
            "serves, and its route's hostname is another's",
            with(model(), "v1", v1Serves, NO_ROUTE, v1),
            Outcome.NEEDS_A_PERSON,
            Reason.ROUTE_REFUSED),
        new Row(
            "serves, and Knative is asked for where it is not",
            with(model(), "v1", v1Serves, NO_KNATIVE, v1),
            Outcome.NEEDS_A_PERSON,
            Reason.PLATFORM_REFUSED),
        new Row(
            "serves without pods, as nobody asks",
            with(model(), "v1", List.of(withoutPods("v1")), NONE, v1),
            Outcome.DONE,
            Reason.SERVING),
        new Row(
            "Service of another",
            with(model(), null, nothing, TAKEN, v1),
            Outcome.NEEDS_A_PERSON,
            Reason.NAME_TAKEN),
        new Row("error", error, Outcome.UNDER_WAY, Reason.RECONCILE_ERROR),
        new Row(
            "nobody has named one",
            with(naming(null, null), null, nothing, NONE, v1),
            Outcome.NEEDS_A_PERSON,
            Reason.VERSION_NOT_CHOSEN),
        new Row(
            "one is named that is not there",
            with(naming("v9", null), "v1", v1Serves, NONE, v1),
            Outcome.NEEDS_A_PERSON,
            Reason.VERSION_UNKNOWN),
        new Row(
            "one is named that does not pass",
            with(naming("v2", null), "v1", v1Serves, NONE, v1, bad),
            Outcome.NEEDS_A_PERSON,
            Reason.VERSION_REJECTED),
        new Row(
            "one is named that is judged",
            with(naming("v2", null), "v1", v1Serves, NONE, v1, unmeasured(2)),
            Outcome.UNDER_WAY,
            Reason.JUDGING),
        new Row(
            "one is named that cannot be judged",
            with(naming("v2", null), "v1", v1Serves, UNJUDGED, v1, unmeasured(2)),
            Outcome.NEEDS_A_PERSON,
            Reason.EVALUATION_FAILED),
        new Row(
            "one is named and a newer one is judged",
            with(naming("v1", null), "v1", v1Serves, NONE, v1, unmeasured(2)),
            Outcome.DONE,
            Reason.SERVING),
        new Row(
            "one is forced",
            with(naming("v2", "it is urgent"), "v1", v1Serves, NONE, v1, bad),
            Outcome.UNDER_WAY,
            Reason.ROLLING_OUT),
        new Row(
            "a forced one serves",
            with(naming("v2", "it is urgent"), "v2", v2Serves, NONE, v1, bad),
            Outcome.DONE,
            Reason.SERVING),
        new Row(
            "a forced one serves that cannot be judged",
            with(naming("v2", "it is urgent"), "v2", v2Serves, UNJUDGED, v1, unmeasured(2)),
            Outcome.DONE,
            Reason.SERVING));
  }
}
