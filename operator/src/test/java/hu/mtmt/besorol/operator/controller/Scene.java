package hu.mtmt.besorol.operator.controller;

import static org.awaitility.Awaitility.await;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.ClassifierModelStatus;
import hu.mtmt.besorol.api.ClassifierModelStatus.ModelVersion;
import hu.mtmt.besorol.api.Conditions.Type;
import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.Labels.Component;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.api.TrainingRunStatus;
import hu.mtmt.besorol.contract.TrainingResult;
import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.operator.status.ConditionSet;
import hu.mtmt.besorol.testkit.RealApiServer;
import io.fabric8.knative.serving.v1.Configuration;
import io.fabric8.knative.serving.v1.Route;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.awaitility.core.ThrowingRunnable;

/** A namespace of a real API server with the operator at work in it. */
final class Scene implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  final String namespace;
  final KubernetesClient client;
  final StandInControllers cluster;

  private final KubernetesClient operatorsClient;
  private final Map<String, String> settings;
  private final Clock clock;
  private final Consumer<ConfigurationServiceOverrider> framework;
  private RunningOperator operator;

  Scene(RealApiServer server, String name) {
    this(server, name, Map.of());
  }

  Scene(RealApiServer server, String name, Map<String, String> settings) {
    this(server, server.namespace(name), settings, server.newClient(), Clock.systemUTC(), o -> {});
  }

  /** With these flavors of machines, in the namespace of the ConfigMap, which is created. */
  static Scene withFlavors(RealApiServer server, ConfigMap flavors) {
    return withFlavors(server, flavors, server.newClient());
  }

  /** The same with a client for the operator. */
  static Scene withFlavors(
      RealApiServer server, ConfigMap flavors, KubernetesClient operatorsClient) {
    server.client().resource(flavors).create();
    return new Scene(
        server,
        flavors.getMetadata().getNamespace(),
        Map.of("besorol.flavors", flavors.getMetadata().getName()),
        operatorsClient,
        Clock.systemUTC(),
        o -> {});
  }

  /** Flavors and what else stands with them, by key. */
  static ConfigMap flavors(String namespace, Map<String, String> data) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName("flavors")
        .withNamespace(namespace)
        .endMetadata()
        .withData(data)
        .build();
  }

  /**
   * @param operatorsClient the operator's own; the scene closes it
   * @param framework what is set otherwise than usual
   */
  Scene(
      RealApiServer server,
      String namespace,
      Map<String, String> settings,
      KubernetesClient operatorsClient,
      Clock clock,
      Consumer<ConfigurationServiceOverrider> framework) {
    this.namespace = namespace;
    this.client = server.newClient();
    this.cluster = new StandInControllers(client, namespace);
    this.operatorsClient = operatorsClient;
    this.settings = settings;
    this.clock = clock;
    this.framework = framework;
    startOperator();
  }

  /** Installs the routes of the Gateway API: operators that are started then find them. */
  static void installGatewayApi(RealApiServer server) throws IOException {
    try (var crd = Scene.class.getResourceAsStream("/gateway/httproutes.yaml")) {
      var definition = server.client().load(crd).items().getFirst();
      server.client().resource(definition).serverSideApply();
      until(() -> server.client().supports(HTTPRoute.class));
    }
  }

  void startOperator() {
    operator = new RunningOperator(operatorsClient, namespace, settings, clock, framework);
  }

  void stopOperator() {
    operator.close();
  }

  /** The client that the operator uses. */
  KubernetesClient operatorsClient() {
    return operatorsClient;
  }

  RunningOperator operator() {
    return operator;
  }

  ClassifierModel create(ClassifierModel model) {
    return client.resource(model).inNamespace(namespace).create();
  }

  TrainingRun create(TrainingRun run) {
    return client.resource(run).inNamespace(namespace).create();
  }

  /** A run of model {@code frascati} that ends with that result. */
  void train(String name, TrainingResult result) {
    create(Samples.run(name, "frascati"));
    until(() -> cluster.job(name) != null);
    cluster.runJob(name, result);
    until(() -> run(name).result() != null);
  }

  /** The same, and its version comes into service. */
  void trainAndServe(String name, TrainingResult result) {
    train(name, result);
    var version = result.version().value();
    until(() -> deployed().contains(version));
    cluster.rollOut("frascati");
    until(() -> version.equals(serving()));
  }

  /** Changes model {@code frascati} by a JSON merge patch. */
  void change(String mergePatch) {
    client
        .resources(ClassifierModel.class)
        .inNamespace(namespace)
        .withName("frascati")
        .patch(PatchContext.of(PatchType.JSON_MERGE), mergePatch);
  }

  /** Suspends or resumes a run. */
  void suspend(String run, boolean suspend) {
    client
        .resource(runResource(run))
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\":{\"suspend\":%b}}".formatted(suspend));
  }

  TrainingRun runResource(String name) {
    return client.resources(TrainingRun.class).inNamespace(namespace).withName(name).get();
  }

  TrainingRunStatus run(String name) {
    var run = runResource(name);
    return run == null || run.getStatus() == null
        ? new TrainingRunStatus(
            null, null, null, null, null, null, null, null, null, null, null, null, null)
        : run.getStatus();
  }

  ClassifierModelStatus model() {
    var model =
        client.resources(ClassifierModel.class).inNamespace(namespace).withName("frascati").get();
    return model == null || model.getStatus() == null
        ? new ClassifierModelStatus(null, null, null, null, null, null, null, null)
        : model.getStatus();
  }

  String serving() {
    return model().serving() == null ? null : model().serving().version();
  }

  /** The versions that have pods. */
  Set<String> deployed() {
    return cluster.deployments("frascati").stream()
        .map(d -> d.getSpec().getTemplate().getMetadata().getAnnotations().get(Labels.VERSION))
        .collect(Collectors.toSet());
  }

  /** The labels of the pods that get the requests. */
  Map<String, String> asked() {
    return client
        .services()
        .inNamespace(namespace)
        .withName("frascati")
        .get()
        .getSpec()
        .getSelector();
  }

  Optional<ModelVersion> version(String text) {
    var digest = Samples.digest(text).value();
    return model().versions().stream().filter(v -> v.version().equals(digest)).findFirst();
  }

  /** The Job of that component, when there is one. */
  Job awaitJob(Component component) {
    until(() -> !cluster.jobs(component).isEmpty());
    return cluster.jobs(component).getFirst();
  }

  Condition condition(List<Condition> conditions, Type type) {
    return ConditionSet.find(conditions, type).orElse(new Condition());
  }

  String modelReason() {
    return condition(model().conditions(), Type.READY).getReason();
  }

  String runReason(String name) {
    return condition(run(name).conditions(), Type.READY).getReason();
  }

  /** Everything that the operator writes, by kind and name, with its version. */
  Map<String, String> versionsOfEverything() {
    var all = new TreeMap<String, String>();
    List.<List<? extends HasMetadata>>of(
            client.resources(ClassifierModel.class).inNamespace(namespace).list().getItems(),
            client.resources(TrainingRun.class).inNamespace(namespace).list().getItems(),
            client.configMaps().inNamespace(namespace).list().getItems(),
            client.services().inNamespace(namespace).list().getItems(),
            client.pods().inNamespace(namespace).list().getItems(),
            client.v1().events().inNamespace(namespace).list().getItems(),
            client.batch().v1().jobs().inNamespace(namespace).list().getItems(),
            client.apps().deployments().inNamespace(namespace).list().getItems(),
            client.policy().v1().podDisruptionBudget().inNamespace(namespace).list().getItems(),
            ifSupported(HTTPRoute.class),
            ifSupported(Configuration.class),
            ifSupported(Route.class))
        .forEach(
            list ->
                list.forEach(
                    r ->
                        all.put(
                            r.getKind() + "/" + r.getMetadata().getName(),
                            r.getMetadata().getResourceVersion())));
    return all;
  }

  private <R extends HasMetadata> List<R> ifSupported(Class<R> type) {
    return client.supports(type)
        ? client.resources(type).inNamespace(namespace).list().getItems()
        : List.of();
  }

  /** Waits until the operator has written nothing for a second. */
  void awaitQuiet() {
    var last = new AtomicReference<>(versionsOfEverything());
    await()
        .atMost(PATIENCE)
        .during(Duration.ofSeconds(1))
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              var now = versionsOfEverything();
              return now.equals(last.getAndSet(now));
            });
  }

  /** The weights of the model's route, by the name of the Service. */
  Map<String, Integer> weights() {
    var route = client.resources(HTTPRoute.class).inNamespace(namespace).withName("frascati").get();
    return route == null
        ? Map.of()
        : route.getSpec().getRules().getFirst().getBackendRefs().stream()
            .collect(Collectors.toMap(b -> b.getName(), b -> b.getWeight()));
  }

  List<String> eventReasons() {
    return client.v1().events().inNamespace(namespace).list().getItems().stream()
        .map(e -> e.getReason())
        .toList();
  }

  static void until(Callable<Boolean> condition) {
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(condition);
  }

  /** What an assertion looks at may not be there yet: it is asked again, as if it were not so. */
  static void eventually(ThrowingRunnable assertion) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsInstanceOf(NullPointerException.class)
        .untilAsserted(assertion);
  }

  @Override
  public void close() {
    operator.close();
    operatorsClient.close();
    client.close();
  }
}
