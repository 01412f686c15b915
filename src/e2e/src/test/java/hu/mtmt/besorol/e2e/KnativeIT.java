package hu.mtmt.besorol.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.ClassifierModelStatus.Platform;
import hu.mtmt.besorol.testkit.SteadyClient;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * A model moves from Deployments to a real Knative and back while clients ask, and on Knative is
 * tried, goes back, and starts from zero. It is skipped where the directory of the cluster's
 * scripts has none that installs Knative.
 */
@ClusterTest
@Order(Order.DEFAULT + 1)
class KnativeIT {
  private static final String SCRIPT = "knative.sh";
  private static final int PER_SECOND = 20;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LONGEST_START = Duration.ofSeconds(20);

  private static final String SHORT_GRACE = "--grace-period=1";
  private static final String MAKES_PODS =
      "configurations.serving.knative.dev,revisions.serving.knative.dev,deployments";

  /** What Knative does not let pods have unless it is told to. */
  private static final String FEATURES =
      """
      {"data": {"kubernetes.podspec-persistent-volume-claim": "enabled",
                "kubernetes.podspec-priorityclassname": "enabled"}}\
      """;

  private static final String SERVING =
      """
      - op: replace
        path: /spec/serving
        value:
          platform: Deployment
          replicas: {minimum: 1}
          rollout:
            {strategy: Canary, steps: [50], stepSeconds: 3600, keepPreviousSeconds: 60, bounds: {divergence: "1", agreement: "0"}}
      """;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Test
  void movesIsTriedGoesBackAndStartsFromZero(Cluster cluster) throws Exception {
    assumeTrue(cluster.hasScript(SCRIPT), "the cluster's scripts have no " + SCRIPT);
    cluster.afterwards(() -> uninstall(cluster));
    cluster.script(SCRIPT);
    cluster.install(Cluster.overlay("dev"));
    var workspace = Workspace.create(cluster, "knative");
    cluster.afterwards(() -> endPods(cluster));
    workspace.applyQuickstart(SERVING);
    var first = workspace.awaitVersion("quickstart-1");
    workspace.awaitServing(first);

    try (var asking = SteadyClient.start(workspace.url(), Workspace.document(), PER_SECOND)) {
      asking.awaitAnswersOf(first, PER_SECOND);
      serveBy(workspace, "\"platform\": \"Knative\"");
      awaitReason(workspace, "PlatformRefused");
      cluster.kubectl(
          "patch",
          "cm",
          "config-features",
          "-n",
          "knative-serving",
          "--type=merge",
          "-p",
          FEATURES);
      awaitMoved(workspace, Platform.KNATIVE);
      asking.awaitAnswersOf(first, asking.answersOf(first) + 3 * PER_SECOND);
      tell("Moved to Knative", asking);

      workspace.applyRun("quickstart-2", 7);
      var second = workspace.awaitVersion("quickstart-2");
      awaitReason(workspace, "Canary");
      await().atMost(PATIENCE).until(() -> ask(cluster, 10).size() == 2);
      var drawn = ask(cluster, 100);
      System.out.printf("A canary with 50 %% has answered %d of 100.%n", drawn.get(second));
      assertThat(drawn.get(second)).isBetween(20, 80);
      serveBy(workspace, "\"rollout\": {\"stepSeconds\": 1}");
      workspace.awaitServing(second);

      var start = Instant.now();
      workspace.patchModel(
          "{\"spec\": {\"promotion\": {\"mode\": \"Manual\", \"version\": \"%s\"}}}"
              .formatted(first));
      await().atMost(PATIENCE).until(() -> ask(cluster, 10).equals(Map.of(first, 10)));
      System.out.printf(
          "Back to the version before by traffic: %d ms.%n",
          Duration.between(start, Instant.now()).toMillis());
      workspace.awaitServing(first);
      tell("Tried and gone back", asking);

      serveBy(workspace, "\"platform\": \"Deployment\"");
      awaitMoved(workspace, Platform.DEPLOYMENT);
      asking.awaitAnswersOf(first, asking.answersOf(first) + 3 * PER_SECOND);
      tell("Moved back to Deployments", asking);
    }

    // Nobody asks the Service any more, which starts no pods: the Route does.
    serveBy(workspace, "\"platform\": \"Knative\", \"replicas\": {\"minimum\": 0}");
    awaitMoved(workspace, Platform.KNATIVE);
    awaitZero(cluster);
    var start = Instant.now();
    assertThat(ask(cluster, 1)).isEqualTo(Map.of(first, 1));
    var took = Duration.between(start, Instant.now());
    System.out.printf("The first answer from zero: %d ms.%n", took.toMillis());
    assertThat(took).isLessThan(LONGEST_START);
  }

  private static void serveBy(Workspace workspace, String fields) {
    workspace.patchModel("{\"spec\": {\"serving\": {%s}}}".formatted(fields));
  }

  private static void awaitReason(Workspace workspace, String reason) {
    workspace.await(
        ClassifierModel.class,
        "quickstart",
        m ->
            m.getStatus().conditions().stream()
                .anyMatch(c -> c.getType().equals("Ready") && c.getReason().equals(reason)));
  }

  private static void awaitMoved(Workspace workspace, Platform platform) {
    workspace.await(
        ClassifierModel.class,
        "quickstart",
        m -> m.getStatus().platform() != null && m.getStatus().platform().name() == platform);
    awaitReason(workspace, "Serving");
  }

  private static void tell(String what, SteadyClient asking) {
    System.out.printf(
        "%s: %d requests were answered, %d failed.%n",
        what, asking.answers(), asking.failures().size());
    assertThat(asking.failures()).isEmpty();
  }

  /** How often which version answers at the address of Knative. */
  private Map<String, Integer> ask(Cluster cluster, int times)
      throws IOException, InterruptedException {
    var host = "quickstart-kn.knative.svc.cluster.local";
    var request =
        HttpRequest.newBuilder(URI.create(ingress(cluster) + "/v1/classify"))
            .header("Host", host)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Workspace.document()))
            .build();
    var answers = new HashMap<String, Integer>();
    for (int i = 0; i < times; i++) {
      var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      answers.merge(answer.headers().firstValue("Besorol-Version").orElseThrow(), 1, Integer::sum);
    }
    return answers;
  }

  /** Where the Service that Knative makes for the Route points. */
  private static String ingress(Cluster cluster) {
    var name =
        service(cluster, "knative", "quickstart-kn").getSpec().getExternalName().split("\\.");
    return "http://" + service(cluster, name[1], name[0]).getSpec().getClusterIP();
  }

  private static Service service(Cluster cluster, String namespace, String name) {
    return cluster.client().services().inNamespace(namespace).withName(name).get();
  }

  /** Pods that end answer nobody any more. */
  private static void awaitZero(Cluster cluster) {
    await().atMost(PATIENCE).until(() -> pods(cluster).stream().allMatch(Pod::isMarkedForDeletion));
  }

  private static List<Pod> pods(Cluster cluster) {
    return cluster
        .client()
        .pods()
        .inNamespace("knative")
        .withLabel("serving.knative.dev/configuration")
        .list()
        .getItems();
  }

  /**
   * Knative's pods may take five minutes to end, and who deletes a namespace with such pods in it
   * looks again only after half of that: nobody waits for their answers any more.
   */
  private static void endPods(Cluster cluster) {
    cluster.kubectl("delete", "classifiermodels", "-n", "knative", "--all");
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                cluster.kubectl(
                    "get", MAKES_PODS, "-n", "knative", "-o", "name", "--ignore-not-found"),
            String::isBlank);
    cluster.kubectl(
        "delete", "pods", "-n", "knative", "-l", "serving.knative.dev/configuration", SHORT_GRACE);
  }

  /** Other tests find none, so that their models are served by Deployments. */
  private static void uninstall(Cluster cluster) {
    cluster.kubectl("delete", "deployments", "-n", "knative-serving", "--all");
    cluster.kubectl("delete", "pods", "-n", "knative-serving", "--all", SHORT_GRACE);
    cluster.kubectl(
        "delete",
        "mutatingwebhookconfigurations,validatingwebhookconfigurations,crds,clusterroles,clusterrolebindings,namespaces",
        "-l",
        "app.kubernetes.io/name=knative-serving",
        "--timeout=2m");
  }
}
