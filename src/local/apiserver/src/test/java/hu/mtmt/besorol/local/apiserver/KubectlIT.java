package hu.mtmt.besorol.local.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hu.mtmt.besorol.testkit.KubernetesBinaries;
import io.fabric8.kubernetes.api.model.EventBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the user types. Skipped where there is no kubectl. */
class KubectlIT {
  private static final String RUN =
      """
      apiVersion: besorol.mtmt.hu/v1alpha1
      kind: TrainingRun
      metadata: {name: run}
      spec:
        modelRef: {name: model}
        training:
          persistentVolumeClaim: {claimName: data}
          path: train.jsonl
          digest: sha256:0000000000000000000000000000000000000000000000000000000000000000
        algorithm: {type: Linear, linear: {}}
      """;

  private static final String DEPLOYMENT =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: d}
      spec:
        selector: {matchLabels: {app: d}}
        template:
          metadata: {labels: {app: d}}
          spec: {containers: [{name: c, image: "i:1", ports: [{containerPort: 80}]}]}
      """;

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: p}
      spec: {containers: [{name: c, image: "i:1"}]}
      """;

  @RegisterExtension
  final ServerExtension api =
      new ServerExtension(
          LocalApiServer.Options.inMemory()
              .withLogSource(
                  (query, out) -> {
                    if (query.previous()) {
                      throw new LogSource.NoLogException("there was no earlier container");
                    }
                    out.write(
                        (query.container() + " says: ready\n").getBytes(StandardCharsets.UTF_8));
                  }));

  @TempDir Path home;
  private Kubectl kubectl;

  @BeforeEach
  void find() throws IOException {
    var program = KubernetesBinaries.find().flatMap(KubernetesBinaries::kubectl);
    assumeTrue(program.isPresent(), "no kubectl: set KUBEBUILDER_ASSETS to a directory with it");
    kubectl = new Kubectl(program.get(), api.server().kubeconfig(home.resolve("config")), home);
  }

  private String apply(String manifest, String... more) throws Exception {
    var arguments = new ArrayList<>(List.of("apply", "-f", "-"));
    arguments.addAll(List.of(more));
    return kubectl.runWith(manifest, arguments.toArray(String[]::new)).text();
  }

  @Test
  void appliesDefinitionsAndTheirObjects() throws Exception {
    var crds = KubernetesBinaries.repository().resolve("crds").toString();
    assertThat(kubectl.run("apply", "--server-side", "--force-conflicts", "-k", crds).text())
        .contains("trainingruns.besorol.mtmt.hu serverside-applied");
    assertThat(apply(RUN)).contains("run created");
    assertThat(apply(RUN)).contains("run unchanged");
  }

  @Test
  void aBadManifestIsRefusedWithASentence() throws Exception {
    var output =
        kubectl.runWith(RUN.replace("path: train.jsonl", "path: /train.jsonl"), "apply", "-f", "-");
    assertThat(output.code()).isEqualTo(1);
    assertThat(output.err())
        .contains(
            "spec.training.path: Invalid value: \"/train.jsonl\": write a path relative to the");
    assertThat(kubectl.runWith(RUN.replace("path:", "paht:"), "apply", "-f", "-").err())
        .contains("unknown field \"spec.training.paht\"");
  }

  @Test
  void getsColumnsAndDocuments() throws Exception {
    apply(RUN);
    assertThat(kubectl.run("get", "trun").text())
        .containsPattern(
            "NAME +MODEL +ALGORITHM +FLAVOR +PROGRESS +F1 +READY +REASON +AGE +PLACEMENT\n"
                + "run +model +Linear ");
    assertThat(kubectl.run("get", "besorol", "-A", "-o", "yaml").text()).contains("cost: \"1.0\"");
    apply(DEPLOYMENT);
    assertThat(kubectl.run("get", "deploy", "-o", "wide").text())
        .containsPattern("d +0/1 +0 +0 +\\d+s +c +i:1 +app=d");
    assertThat(
            kubectl.run("get", "deploy,pods,jobs,svc,cm,pvc,events,lease,ns,nodes,pdb,rs").code())
        .isZero();
    assertThat(kubectl.run("get", "trun", "other").err())
        .contains("trainingruns.besorol.mtmt.hu \"other\" not found");
  }

  @Test
  void watches() throws Exception {
    try (var watch = kubectl.follow("get", "trun", "-w", "--output-watch-events")) {
      apply(RUN);
      assertThat(watch.line()).startsWith("EVENT");
      assertThat(watch.line()).startsWith("ADDED").contains("run");
      kubectl.run("label", "trun", "run", "a=b").text();
      assertThat(watch.line()).startsWith("MODIFIED");
      kubectl.run("delete", "trun", "run").text();
      assertThat(watch.line()).startsWith("DELETED");
    }
  }

  @Test
  void showsDifferences() throws Exception {
    apply(DEPLOYMENT);
    assertThat(kubectl.runWith(DEPLOYMENT, "diff", "-f", "-").code()).isZero();
    var changed = DEPLOYMENT.replace("i:1", "i:2");
    for (var mode : new String[] {"--server-side=false", "--server-side=true"}) {
      var output =
          kubectl.runWith(
              changed, "diff", mode, "--force-conflicts=" + mode.endsWith("true"), "-f", "-");
      assertThat(output.code()).as(output.err()).isEqualTo(1);
      assertThat(output.out()).contains("-      - image: i:1").contains("+      - image: i:2");
    }
    assertThat(kubectl.run("get", "deploy", "d", "-o", "jsonpath={..image}").text())
        .isEqualTo("i:1");
  }

  @Test
  void movesFromClientSideToServerSideApply() throws Exception {
    apply(DEPLOYMENT);
    assertThat(
            kubectl.runWith(DEPLOYMENT.replace("i:1", "i:2"), "apply", "--server-side", "-f", "-"))
        .satisfies(o -> assertThat(o.text()).contains("serverside-applied"))
        .satisfies(o -> assertThat(o.err()).as("no conflict, no warning").isEmpty());
    var owners = "jsonpath={.metadata.managedFields[*].operation}";
    assertThat(kubectl.run("get", "deploy", "d", "--show-managed-fields", "-o", owners).text())
        .as("nothing is left of the client-side manager")
        .isEqualTo("Apply Apply");
  }

  @Test
  void waitsForConditionsAndForDeletion() throws Exception {
    apply(RUN);
    var status =
        """
        {"status": {"observedGeneration": 1, "conditions": [{"type": "Ready", "status": "True",
          "reason": "Done", "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z"}]}}\
        """;
    kubectl
        .run("patch", "trun", "run", "--subresource=status", "--type=merge", "-p", status)
        .text();
    assertThat(kubectl.run("wait", "trun", "run", "--for=condition=Ready", "--timeout=20s").text())
        .contains("condition met");
    assertThat(kubectl.run("get", "trun", "run").text()).containsPattern("True +Done");
    kubectl.run("delete", "trun", "run", "--wait=false").text();
    assertThat(kubectl.run("wait", "trun", "run", "--for=delete", "--timeout=20s").code()).isZero();
  }

  @Test
  void explains() throws Exception {
    assertThat(kubectl.run("explain", "trun.spec.algorithm.linear.cost").text())
        .contains("Weight C of the training documents");
    assertThat(kubectl.run("explain", "cmodel", "--recursive").text())
        .contains("gates\t<[]Object>")
        .contains("confidence\t<string>");
    assertThat(kubectl.run("explain", "pods.spec.containers").text())
        .contains("imagePullPolicy\t<string>");
  }

  @Test
  void describesWithEvents() throws Exception {
    apply(RUN);
    var uid = kubectl.run("get", "trun", "run", "-o", "jsonpath={.metadata.uid}").text();
    api.client()
        .v1()
        .events()
        .resource(
            new EventBuilder()
                .withNewMetadata()
                .withName("run.1")
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion("besorol.mtmt.hu/v1alpha1")
                .withKind("TrainingRun")
                .withName("run")
                .withNamespace("default")
                .withUid(uid)
                .endInvolvedObject()
                .withReason("Placed")
                .withMessage("on a machine")
                .withType("Normal")
                .withFirstTimestamp("2026-01-01T00:00:00Z")
                .withLastTimestamp("2026-01-01T00:00:00Z")
                .withCount(1)
                .build())
        .create();
    assertThat(kubectl.run("describe", "trun", "run").text())
        .contains("Model Ref:")
        .containsPattern("Normal +Placed +.* on a machine");
    assertThat(kubectl.run("events", "--for", "trainingrun/run").text()).contains("on a machine");
  }

  @Test
  void printsLogs() throws Exception {
    apply(POD);
    assertThat(kubectl.run("logs", "p").text()).isEqualTo("c says: ready\n");
    assertThat(kubectl.run("logs", "-f", "p", "-c", "c").text()).isEqualTo("c says: ready\n");
    assertThat(kubectl.run("logs", "p", "--previous").err())
        .contains("there was no earlier container");
    assertThat(kubectl.run("logs", "other").err()).contains("pods \"other\" not found");
  }

  @Test
  void patchesLabelsAnnotatesAndScales() throws Exception {
    apply(RUN);
    kubectl
        .run("patch", "trun", "run", "--type=merge", "-p", "{\"spec\":{\"suspend\":true}}")
        .text();
    kubectl
        .run(
            "patch",
            "trun",
            "run",
            "--type=json",
            "-p",
            "[{\"op\":\"replace\",\"path\":\"/spec/suspend\",\"value\":false}]")
        .text();
    assertThat(
            kubectl
                .run("patch", "trun", "run", "--type=merge", "-p", "{\"spec\":{\"seed\":7}}")
                .err())
        .contains("a run cannot be changed except for suspend");
    kubectl.run("label", "trun", "run", "a=b").text();
    kubectl.run("annotate", "trun", "run", "note=text").text();
    assertThat(kubectl.run("get", "trun", "-l", "a=b", "-o", "name").text())
        .isEqualTo("trainingrun.besorol.mtmt.hu/run\n");
    apply(DEPLOYMENT);
    kubectl.run("scale", "deploy", "d", "--replicas=3").text();
    kubectl.run("set", "image", "deploy/d", "c=i:3").text();
    assertThat(
            kubectl.run("get", "deploy", "d", "-o", "jsonpath={.spec.replicas} {..image}").text())
        .isEqualTo("3 i:3");
  }

  @Test
  void deletes() throws Exception {
    apply(RUN);
    apply(DEPLOYMENT);
    assertThat(kubectl.run("delete", "trun", "run").text()).contains("deleted");
    assertThat(kubectl.runWith(DEPLOYMENT, "delete", "--cascade=foreground", "-f", "-").text())
        .contains("deleted");
    assertThat(kubectl.run("delete", "trun", "--all").text()).contains("No resources found");
    kubectl.run("delete", "crd", "--all").text();
    assertThat(kubectl.run("get", "trun").code()).as("the kind is gone").isEqualTo(1);
  }

  @Test
  void listsKinds() throws Exception {
    assertThat(kubectl.run("api-resources").text())
        .containsPattern("trainingruns +trun +besorol.mtmt.hu/v1alpha1 +true +TrainingRun")
        .containsPattern("deployments +deploy +apps/v1 +true +Deployment");
    assertThat(kubectl.run("version").text()).contains("Server Version: v1.");
  }

  @Test
  void whatItCannotReadIsRefusedWithTheRemedy() throws Exception {
    assertThat(kubectl.run("create", "namespace", "n").err())
        .contains("this server reads JSON and YAML, not protobuf")
        .contains("kubectl apply -f");
    apply(POD);
    assertThat(kubectl.run("exec", "p", "--", "ls").err())
        .contains("exec of pods is not done by the local cluster");
  }
}
