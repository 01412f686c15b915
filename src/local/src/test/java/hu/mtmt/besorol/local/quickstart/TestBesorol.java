package hu.mtmt.besorol.local.quickstart;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.Conditions;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.local.BesorolInstallation;
import hu.mtmt.besorol.local.LocalCluster;
import hu.mtmt.besorol.local.Programs;
import hu.mtmt.besorol.testkit.KubernetesBinaries;
import hu.mtmt.besorol.testkit.RealApiServer;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A local cluster with the operator of this checkout, on a real API server or on the embedded. */
final class TestBesorol implements AutoCloseable {
  private static final Programs PROGRAMS = new Programs(KubernetesBinaries.repository());
  private static final LocalCluster.Pauses PAUSES =
      new LocalCluster.Pauses(Duration.ofMillis(50), Duration.ofMillis(500));
  private static final String EMBEDDED_NAMESPACE = "default";

  final LocalCluster cluster;
  final String namespace;
  private final FirstRun flow;

  private TestBesorol(LocalCluster cluster, String namespace, String operatorNamespace) {
    this.cluster = cluster;
    this.namespace = namespace;
    var installation = new BesorolInstallation(cluster.client(), operatorNamespace);
    installation.install(PROGRAMS.crds(), Optional.of(namespace));
    this.flow =
        new FirstRun(
            cluster,
            installation,
            namespace,
            new Screen(new PrintStream(System.out, true, StandardCharsets.UTF_8), false));
  }

  static TestBesorol onReal(RealApiServer api, String namespace, Path directory) {
    var cluster =
        LocalCluster.on(
            api.kubeconfig(), settings(directory, api.kubeconfig(), Optional.of(namespace)));
    return new TestBesorol(cluster, namespace, namespace);
  }

  static TestBesorol embedded(Path directory) {
    var cluster =
        LocalCluster.embedded(
            settings(directory, LocalCluster.kubeconfig(directory), Optional.empty()));
    return new TestBesorol(cluster, EMBEDDED_NAMESPACE, BesorolInstallation.NAMESPACE);
  }

  private static LocalCluster.Settings settings(
      Path directory, Path kubeconfig, Optional<String> namespace) {
    return new LocalCluster.Settings(
        directory, PROGRAMS.images(kubeconfig), namespace, Optional.empty(), PAUSES);
  }

  /**
   * The manifests and the corpus of the quickstart, without the gate that measures the time of a
   * machine that may be busy with other tests, and with room for as many versions as tests make.
   */
  static QuickstartInput sample() {
    var input = QuickstartInput.ofSample(PROGRAMS.quickstart());
    var model = spec(input.model());
    model.put("retainedVersions", 100);
    model.compute(
        "gates",
        (_, gates) ->
            ((List<?>) gates)
                .stream().filter(g -> !"fast".equals(((Map<?, ?>) g).get("name"))).toList());
    return input;
  }

  /** The same with another run, which learns with another seed: another version. */
  static QuickstartInput sample(String run, int seed) {
    var input = sample().withRunName(run);
    spec(input.run()).put("seed", seed);
    return input;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> spec(GenericKubernetesResource resource) {
    return (Map<String, Object>) resource.getAdditionalProperties().get("spec");
  }

  KubernetesClient client() {
    return cluster.client();
  }

  void submit(QuickstartInput input) {
    flow.submit(input);
  }

  /** Waits until the run is complete or has failed. */
  TrainingRun awaitEnd(String run) {
    return await(
        TrainingRun.class,
        run,
        r ->
            r.getStatus() != null
                && Stream.of(Conditions.Type.COMPLETE, Conditions.Type.FAILED)
                    .anyMatch(t -> isTrue(r.getStatus().conditions(), t)));
  }

  /** Waits until the model serves that version, and no other one any more. */
  ClassifierModel awaitServing(String version) {
    return await(
        ClassifierModel.class,
        "quickstart",
        m ->
            m.getStatus() != null
                && m.getStatus().serving() != null
                && m.getStatus().serving().version().equals(version)
                && isTrue(m.getStatus().conditions(), Conditions.Type.READY)
                && m.getStatus().observedGeneration().equals(m.getMetadata().getGeneration()));
  }

  /** Waits for an object to be as described; tells everything if it does not come to be. */
  <T extends HasMetadata> T await(Class<T> type, String name, Predicate<T> wanted) {
    try {
      return client()
          .resources(type)
          .inNamespace(namespace)
          .withName(name)
          .waitUntilCondition(o -> o != null && wanted.test(o), 4, TimeUnit.MINUTES);
    } catch (RuntimeException e) {
      throw new AssertionError("what was waited for did not come:\n" + describe(), e);
    }
  }

  static boolean isTrue(List<Condition> conditions, Conditions.Type type) {
    return conditions.stream()
        .anyMatch(c -> c.getType().equals(type.written()) && c.getStatus().equals("True"));
  }

  private String describe() {
    var text = new StringBuilder();
    for (var kind : List.of(TrainingRun.class, ClassifierModel.class)) {
      client().resources(kind).inNamespace(namespace).list().getItems().stream()
          .map(Serialization::asYaml)
          .forEach(text::append);
    }
    for (var pod : client().pods().inAnyNamespace().list().getItems()) {
      var metadata = pod.getMetadata();
      text.append(metadata.getName()).append(Serialization.asYaml(pod.getStatus()));
      var container = pod.getSpec().getContainers().getFirst().getName();
      text.append(cluster.logs().tail(metadata.getNamespace(), metadata.getName(), container, 40));
    }
    return text.toString();
  }

  @Override
  public void close() {
    cluster.close();
  }
}
