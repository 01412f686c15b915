package hu.mtmt.besorol.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import hu.mtmt.besorol.api.ClassifierModelStatus;
import hu.mtmt.besorol.api.ClassifierModelStatus.ServingVersion;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.operator.metrics.OperatorMetrics.RunState;
import hu.mtmt.besorol.operator.status.TrainingRunStatuses;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.impl.cache.CacheImpl;
import io.fabric8.kubernetes.client.informers.impl.cache.ProcessorStore;
import io.fabric8.kubernetes.client.informers.impl.cache.SharedProcessor;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompactStoreTest {
  private final KnownRuns.Noted noted = new KnownRuns.Noted();
  private final CompactStore<TrainingRun> store = Compact.runs(List.of(noted));

  private static TrainingRun run(String name, String status) {
    var run = Samples.run(name, "frascati");
    run.getMetadata().setNamespace("library");
    run.getMetadata().setGeneration(1L);
    run.getMetadata().setCreationTimestamp("2026-01-01T00:00:00Z");
    run.getMetadata().setManagedFields(List.of(new ManagedFieldsEntry()));
    return Samples.edited(
        run, "metadata:", "status: {observedGeneration: 1, %s}\nmetadata:".formatted(status));
  }

  private static TrainingRun ended(String name, String type) {
    return run(
        name,
        """
        footprint: {documents: 7}, \
        conditions: [{type: %s, status: "True", reason: Any, message: any, lastTransitionTime: "2026-01-01T00:00:00Z"}]\
        """
            .formatted(type));
  }

  @Test
  void holdsWhatHasEndedPackedAndGivesItBackAsItWas() {
    var expected = Serialization.asYaml(withoutManagers(ended("first", "Failed")));
    store.put("library/first", ended("first", "Failed"));
    store.put("library/second", ended("second", "Complete"));

    assertThat(Serialization.asYaml(store.get("library/first"))).isEqualTo(expected);
    assertThat(store.get("library/first")).isNotSameAs(store.get("library/first"));
  }

  @Test
  void listsNamesAndLabelsOfAllThatHaveEnded() {
    var first = ended("first", "Failed");
    first.getMetadata().setLabels(Map.of("team", "library"));
    store.put("library/first", first);
    var second = run("second", "footprint: {documents: 7}");
    store.put("library/second", second);

    assertThat(store.values())
        .hasSize(2)
        .contains(second)
        .filteredOn(r -> r != second)
        .singleElement()
        .satisfies(
            r -> assertThat(store.getKey(r)).isEqualTo("library/first"),
            r -> assertThat(r.getMetadata().getLabels()).containsExactly(entry("team", "library")));
  }

  @Test
  void leavesAnOutlineOfWhatItHasPacked() {
    var first = ended("first", "Failed");
    store.put("library/first", first);

    assertThat(first.getSpec().algorithm()).isNull();
    assertThat(first.getStatus().footprint()).isNull();
    assertThat(TrainingRunStatuses.hasEnded(first)).isTrue();
    assertThat(store.get("library/first").getStatus().footprint().documents()).isEqualTo(7);
  }

  @Test
  void anInformerTellsOutlinesOfWhatItLists() {
    var cache = new CacheImpl<TrainingRun>();
    cache.setItemStore(store);
    var processor = new SharedProcessor<TrainingRun>();
    var told = new ArrayList<TrainingRun>();
    processor.addProcessorListener(adding(told), 0, List::of);

    new ProcessorStore<>(cache, processor).update(List.of(ended("first", "Complete")));

    assertThat(told)
        .singleElement()
        .satisfies(r -> assertThat(r.getMetadata().getName()).isEqualTo("first"))
        .satisfies(r -> assertThat(r.getSpec().algorithm()).isNull());
  }

  private static ResourceEventHandler<TrainingRun> adding(List<TrainingRun> told) {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(TrainingRun run) {
        told.add(run);
      }

      @Override
      public void onUpdate(TrainingRun before, TrainingRun run) {}

      @Override
      public void onDelete(TrainingRun run, boolean unknownState) {}
    };
  }

  @Test
  void holdsWhatHasNotEndedAsItIsButForItsManagers() {
    var active = run("first", "footprint: {documents: 7}");

    assertThat(store.put("library/first", active)).isNull();

    assertThat(store.get("library/first")).isSameAs(active);
    assertThat(active.getMetadata().getManagedFields()).isEmpty();
  }

  @Test
  void givesWhatWasThereBefore() {
    var active = run("first", "footprint: {documents: 7}");
    store.put("library/first", active);

    assertThat(store.put("library/first", ended("first", "Failed"))).isSameAs(active);
    assertThat(store.remove("library/first").getMetadata().getName()).isEqualTo("first");
    assertThat(store.remove("library/first")).isNull();
    assertThat(store.size()).isZero();
  }

  @Test
  void countsRunsAsTheyChange() {
    var first = new ResourceID("first", "library");
    store.put("library/first", run("first", "footprint: {documents: 7}"));
    store.put("library/second", ended("second", "Complete"));
    assertThat(noted.count(RunState.PENDING)).isOne();
    assertThat(noted.isSettled(first)).isFalse();

    store.put("library/first", ended("first", "Failed"));
    assertThat(noted.count(RunState.PENDING)).isZero();
    assertThat(noted.count(RunState.FAILED)).isOne();
    assertThat(noted.isSettled(first)).isTrue();

    store.remove("library/first");
    assertThat(noted.count(RunState.FAILED)).isZero();
    assertThat(noted.count(RunState.COMPLETE)).isOne();
  }

  @Test
  void jobsThatHaveEndedAreNotedByTheirRun() {
    var endedJobs = new EndedJobs();
    var jobs = Compact.jobs(List.of(endedJobs));
    var first = run("first", "footprint: {documents: 7}");
    first.getMetadata().setUid("uid-of-first");
    jobs.put("library/first", job("uid-of-first", ""));
    assertThat(endedJobs.contain(first)).isFalse();

    var failed = "status: {conditions: [{type: Failed, status: \"True\"}]}";
    jobs.put("library/first", job("uid-of-first", failed));
    assertThat(endedJobs.contain(first)).isTrue();

    jobs.put("library/first", job("uid-of-a-namesake", failed));
    assertThat(endedJobs.contain(first)).isFalse();

    jobs.put("library/first", job("uid-of-first", failed));
    jobs.remove("library/first");
    assertThat(endedJobs.contain(first)).isFalse();
  }

  @Test
  void holdsOfAJobHowItsPodsAreFoundAndWhatTheyGet() {
    var jobs = Compact.jobs(List.of());
    jobs.put(
        "library/first",
        Serialization.unmarshal(
            """
            metadata: {name: first, namespace: library, annotations: {besorol.mtmt.hu/flavor: small}}
            spec:
              completions: 2
              suspend: true
              selector: {matchLabels: {batch.kubernetes.io/controller-uid: any}}
              template:
                metadata: {labels: {besorol.mtmt.hu/run: first}, annotations: {long: text}}
                spec:
                  containers:
                    - name: besorol
                      image: trainer
                      env: [{name: A, value: b}]
                      resources: {limits: {memory: 2Gi, nvidia.com/gpu: "1"}, requests: {memory: 1Gi}}
            """,
            Job.class));

    var expected =
        """
        metadata: {name: first, namespace: library, annotations: {besorol.mtmt.hu/flavor: small}}
        spec:
          completions: 2
          suspend: true
          template:
            metadata: {labels: {besorol.mtmt.hu/run: first}}
            spec:
              containers: [{resources: {limits: {memory: 2Gi, nvidia.com/gpu: "1"}}}]
        """;
    assertThat(Serialization.asYaml(jobs.get("library/first")))
        .isEqualTo(Serialization.asYaml(Serialization.unmarshal(expected, Job.class)));
  }

  @Test
  void holdsOfAModelForItsRunsWhichVersionsThereAre() {
    var versions = List.of(Samples.version(2, 0.7), Samples.version(1, 0.6));
    var serving =
        new ServingVersion(
            versions.getFirst().version(), "second", "2026-01-02T00:00:00Z", "0.7", "0.8");
    var model = Samples.model("frascati");
    model.setStatus(
        new ClassifierModelStatus(1L, null, "url", serving, null, null, null, versions));
    var models = Compact.modelsOfRuns();

    models.put("library/frascati", model);

    var held = models.get("library/frascati");
    assertThat(held.getSpec()).isEqualTo(Samples.model("frascati").getSpec());
    assertThat(held.getStatus().serving()).isEqualTo(serving);
    assertThat(held.getStatus().versions())
        .extracting(v -> v.version())
        .containsExactlyElementsOf(versions.stream().map(v -> v.version()).toList());
    assertThat(held.getStatus().versions()).extracting(v -> v.judgement()).containsOnlyNulls();
  }

  private static Job job(String owner, String status) {
    return Serialization.unmarshal(
        """
        apiVersion: batch/v1
        kind: Job
        metadata:
          name: first
          namespace: library
          ownerReferences: [{apiVersion: besorol.mtmt.hu/v1alpha1, kind: TrainingRun, name: first, uid: %s, controller: true}]
        spec: {template: {spec: {containers: [{name: besorol, image: x}]}}}
        %s
        """
            .formatted(owner, status),
        Job.class);
  }

  private static TrainingRun withoutManagers(TrainingRun run) {
    run.getMetadata().setManagedFields(List.of());
    return run;
  }
}
