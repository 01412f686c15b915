package hu.mtmt.besorol.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.operator.Samples;
import hu.mtmt.besorol.operator.metrics.OperatorMetrics.RunState;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompactStoreTest {
  private final KnownRuns.Noted noted = new KnownRuns.Noted();
  private final CompactStore<TrainingRun> store = Compact.runs(noted);

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
    assertThat(store.values().map(r -> r.getMetadata().getName()))
        .containsExactlyInAnyOrder("first", "second");
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

  private static TrainingRun withoutManagers(TrainingRun run) {
    run.getMetadata().setManagedFields(List.of());
    return run;
  }
}
