package hu.mtmt.besorol.local.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The server as the client library of Besorol's programs sees it. */
class ClientTest {
  @RegisterExtension final ServerExtension api = new ServerExtension();

  private static ConfigMap configMap(String name, Map<String, String> data) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withData(data)
        .build();
  }

  @Test
  void createsReadsChangesAndDeletes() {
    var maps = api.client().configMaps();
    var created = maps.resource(configMap("a", Map.of("k", "1"))).create();
    assertThat(created.getMetadata().getUid()).isNotBlank();
    assertThat(created.getMetadata().getNamespace()).isEqualTo("default");

    maps.withName("a").edit(m -> new ConfigMapBuilder(m).addToData("l", "2").build());
    assertThat(maps.withName("a").get().getData())
        .containsOnly(Map.entry("k", "1"), Map.entry("l", "2"));

    maps.withName("a").delete();
    assertThat(maps.withName("a").get()).isNull();
  }

  @Test
  void refusesAnOutdatedResourceVersion() {
    var maps = api.client().configMaps();
    var first = maps.resource(configMap("a", Map.of("k", "1"))).create();
    maps.withName("a").edit(m -> new ConfigMapBuilder(m).addToData("k", "2").build());

    first.setData(Map.of("k", "3"));
    assertThatThrownBy(() -> maps.resource(first).update())
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));
  }

  @Test
  void appliesOnlyWhatTheManagerOwns() {
    var maps = api.client().configMaps();
    var x =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("x")
            .build();
    var y =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("y")
            .build();
    maps.resource(configMap("a", Map.of("k", "1", "l", "1"))).patch(x);
    maps.resource(configMap("a", Map.of("m", "1"))).patch(y);
    maps.resource(configMap("a", Map.of("k", "1"))).patch(x);
    assertThat(maps.withName("a").get().getData()).containsOnlyKeys("k", "m");

    assertThatThrownBy(() -> maps.resource(configMap("a", Map.of("k", "2"))).patch(y))
        .hasMessageContaining("conflict with \"x\": .data.k");
  }

  @Test
  void aNoOpKeepsTheResourceVersion() {
    var maps = api.client().configMaps();
    var x =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("x")
            .build();
    var first = maps.resource(configMap("a", Map.of("k", "1"))).patch(x);
    var second = maps.resource(configMap("a", Map.of("k", "1"))).patch(x);
    assertThat(second.getMetadata().getResourceVersion())
        .isEqualTo(first.getMetadata().getResourceVersion());
  }

  @Test
  void keepsAPodThatRunsUntilItsKubeletIsDone() {
    var pods = api.client().pods();
    pods.resource(
            new PodBuilder()
                .withNewMetadata()
                .withName("p")
                .endMetadata()
                .withNewSpec()
                .withNodeName("here")
                .addNewContainer()
                .withName("c")
                .withImage("i")
                .endContainer()
                .endSpec()
                .build())
        .create();
    pods.withName("p").delete();
    var deleted = pods.withName("p").get();
    assertThat(deleted.getMetadata().getDeletionTimestamp()).isNotNull();
    assertThat(deleted.getMetadata().getDeletionGracePeriodSeconds()).isEqualTo(30);

    pods.withName("p").withGracePeriod(0).delete();
    assertThat(pods.withName("p").get()).isNull();
  }

  @Test
  void dependentsGoWithTheirOwner() {
    var maps = api.client().configMaps();
    var owner = maps.resource(configMap("owner", Map.of())).create();
    var owned =
        new ConfigMapBuilder(configMap("owned", Map.of()))
            .editMetadata()
            .addNewOwnerReference()
            .withApiVersion("v1")
            .withKind("ConfigMap")
            .withName("owner")
            .withUid(owner.getMetadata().getUid())
            .endOwnerReference()
            .endMetadata()
            .build();
    maps.resource(owned).create();
    maps.withName("owner").withPropagationPolicy(DeletionPropagation.BACKGROUND).delete();
    maps.withName("owned").waitUntilCondition(m -> m == null, 10, TimeUnit.SECONDS);
  }

  private ConfigMap owned(ConfigMap owner, String name) {
    return new ConfigMapBuilder(configMap(name, Map.of()))
        .editMetadata()
        .addNewOwnerReference()
        .withApiVersion("v1")
        .withKind("ConfigMap")
        .withName(owner.getMetadata().getName())
        .withUid(owner.getMetadata().getUid())
        .withBlockOwnerDeletion(true)
        .endOwnerReference()
        .endMetadata()
        .build();
  }

  @Test
  void dependentsStayWithAnotherOwner() {
    var maps = api.client().configMaps();
    var first = maps.resource(configMap("first", Map.of())).create();
    var second = maps.resource(configMap("second", Map.of())).create();
    var owned = owned(first, "owned");
    owned
        .getMetadata()
        .getOwnerReferences()
        .addAll(owned(second, "x").getMetadata().getOwnerReferences());
    maps.resource(owned).create();
    maps.withName("first").delete();
    maps.resource(owned(second, "witness")).create();
    maps.withName("second").delete();
    maps.withName("witness").waitUntilCondition(m -> m == null, 10, TimeUnit.SECONDS);
    maps.withName("owned").waitUntilCondition(m -> m == null, 10, TimeUnit.SECONDS);
  }

  @Test
  void inForegroundTheOwnerWaitsForItsDependents() {
    var maps = api.client().configMaps();
    var owner = maps.resource(configMap("owner", Map.of())).create();
    var owned = owned(owner, "owned");
    owned.getMetadata().setFinalizers(List.of("besorol.test/slow"));
    maps.resource(owned).create();
    maps.withName("owner").withPropagationPolicy(DeletionPropagation.FOREGROUND).delete();
    maps.withName("owned")
        .waitUntilCondition(
            m -> m.getMetadata().getDeletionTimestamp() != null, 10, TimeUnit.SECONDS);
    assertThat(maps.withName("owner").get().getMetadata().getFinalizers())
        .containsExactly("foregroundDeletion");
    maps.withName("owned")
        .edit(m -> new ConfigMapBuilder(m).editMetadata().withFinalizers().endMetadata().build());
    maps.withName("owner").waitUntilCondition(m -> m == null, 10, TimeUnit.SECONDS);
    assertThat(maps.withName("owned").get()).isNull();
  }

  @Test
  void orphansStay() {
    var maps = api.client().configMaps();
    var owner = maps.resource(configMap("owner", Map.of())).create();
    maps.resource(owned(owner, "owned")).create();
    maps.withName("owner").withPropagationPolicy(DeletionPropagation.ORPHAN).delete();
    maps.withName("owner").waitUntilCondition(m -> m == null, 10, TimeUnit.SECONDS);
    assertThat(maps.withName("owned").get().getMetadata().getOwnerReferences()).isEmpty();
  }

  @Test
  void whatComesAfterItsOwnerHasGoneGoesToo() {
    var maps = api.client().configMaps();
    var owner = maps.resource(configMap("owner", Map.of())).create();
    maps.withName("owner").delete();
    maps.resource(owned(owner, "late")).create();
    maps.withName("late").waitUntilCondition(m -> m == null, 10, TimeUnit.SECONDS);
  }

  @Test
  void definitionsTakeTheirObjectsWithThem() {
    var runs = api.client().genericKubernetesResources("besorol.mtmt.hu/v1alpha1", "TrainingRun");
    runs.load(ClientTest.class.getResourceAsStream("/run.yaml")).create();
    var definitions = api.client().apiextensions().v1().customResourceDefinitions();
    definitions.withName("trainingruns.besorol.mtmt.hu").delete();
    definitions
        .withName("trainingruns.besorol.mtmt.hu")
        .waitUntilCondition(d -> d == null, 10, TimeUnit.SECONDS);
    assertThat(definitions.withName("classifiermodels.besorol.mtmt.hu").get()).isNotNull();
  }

  @Test
  void aNamespaceGoesWithEverythingInIt() {
    api.client()
        .namespaces()
        .resource(new NamespaceBuilder().withNewMetadata().withName("n").endMetadata().build())
        .create();
    api.client().configMaps().inNamespace("n").resource(configMap("a", Map.of())).create();
    api.client().namespaces().withName("n").delete();
    api.client()
        .namespaces()
        .withName("n")
        .waitUntilCondition(n -> n == null, 10, TimeUnit.SECONDS);
    assertThat(api.client().configMaps().inNamespace("n").list().getItems()).isEmpty();
  }

  @Test
  void informersResumeAndListAgainAfterTheHistoryIsForgotten() throws InterruptedException {
    var seen = new LinkedBlockingQueue<String>();
    var maps = api.client().configMaps();
    try (var informer = maps.inform(recorder(seen))) {
      assertThat(informer.isRunning()).isTrue();
      maps.resource(configMap("a", Map.of())).create();
      assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("added a");

      api.server().endWatches();
      maps.resource(configMap("b", Map.of())).create();
      assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("added b");

      api.server().endWatches();
      api.server().forgetHistory();
      maps.resource(configMap("c", Map.of())).create();
      assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("added c");
      maps.withName("a").delete();
      assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("deleted a");
    }
    assertThat(List.copyOf(seen)).as("nothing is told twice").isEmpty();
  }

  private static ResourceEventHandler<ConfigMap> recorder(LinkedBlockingQueue<String> seen) {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(ConfigMap map) {
        seen.add("added " + map.getMetadata().getName());
      }

      @Override
      public void onUpdate(ConfigMap before, ConfigMap map) {
        if (!before
            .getMetadata()
            .getResourceVersion()
            .equals(map.getMetadata().getResourceVersion())) {
          seen.add("changed " + map.getMetadata().getName());
        }
      }

      @Override
      public void onDelete(ConfigMap map, boolean unknown) {
        seen.add("deleted " + map.getMetadata().getName());
      }
    };
  }
}
