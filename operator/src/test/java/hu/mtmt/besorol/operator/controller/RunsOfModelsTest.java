package hu.mtmt.besorol.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.operator.Samples;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a model is told of its runs, and when. */
class RunsOfModelsTest {
  private final ClassifierModel model = model("frascati");
  private final ClassifierModel other = model("other");
  private final RunsOfModels source = new RunsOfModels();
  private final CompactStore<TrainingRun> store = Compact.runs(List.of(source));
  private final Cache<TrainingRun> runs =
      cache(() -> store.keySet().toList(), key -> Optional.ofNullable(store.get(key)));
  private final List<String> told = new ArrayList<>();

  private interface Keys {
    List<String> all();
  }

  private static <T> Cache<T> cache(Keys keys, Function<String, Optional<T>> get) {
    return new Cache<>() {
      @Override
      public Optional<T> get(ResourceID id) {
        return get.apply(id.getNamespace().orElseThrow() + "/" + id.getName());
      }

      @Override
      public Stream<ResourceID> keys() {
        return keys.all().stream().map(k -> new ResourceID(k.split("/")[1], k.split("/")[0]));
      }

      @Override
      public Stream<T> list(Predicate<T> wanted) {
        return keys.all().stream().flatMap(k -> get.apply(k).stream()).filter(wanted);
      }
    };
  }

  private static ClassifierModel model(String name) {
    var model = Samples.model(name);
    model.getMetadata().setNamespace("library");
    model.getMetadata().setUid("uid-of-" + name);
    return model;
  }

  private void put(String name, String model, String status) {
    var run = Samples.run(name, model);
    run.getMetadata().setNamespace("library");
    run.getMetadata().setGeneration(1L);
    store.put(
        "library/" + name,
        Samples.edited(run, "metadata:", "status: {%s}\nmetadata:".formatted(status)));
  }

  private static String ended(String type, String recordedBy) {
    return """
    recordedBy: %s, conditions: [{type: %s, status: "True", reason: Any, message: any, \
    lastTransitionTime: "2026-01-01T00:00:00Z"}]\
    """
        .formatted(recordedBy, type);
  }

  private List<String> of(ClassifierModel model) {
    return source.getSecondaryResources(model).stream()
        .map(r -> r.getMetadata().getName())
        .sorted()
        .toList();
  }

  private List<String> told() {
    var now = List.copyOf(told);
    told.clear();
    return now;
  }

  @BeforeEach
  void listen() {
    source.setEventHandler(
        event -> {
          if (event instanceof Event e) {
            told.add(e.getRelatedCustomResourceID().getName());
          }
        });
    source.tells(cache(() -> List.of("library/frascati", "library/other"), _ -> Optional.empty()));
    source.start();
  }

  @Test
  void tellsNothingBeforeAllRunsAreKnownAndThenAllModels() {
    put("first", "frascati", "jobName: first");
    assertThat(source.isRunning()).isFalse();
    assertThat(of(model)).isEmpty();
    assertThat(told()).isEmpty();

    var known = source.whileKnown(runs);
    known.start();
    assertThat(source.isRunning()).isTrue();
    assertThat(of(model)).containsExactly("first");
    assertThat(told()).containsExactly("frascati", "other");

    known.stop();
    assertThat(source.isRunning()).isFalse();
    assertThat(of(model)).isEmpty();
  }

  @Test
  void tellsAModelOfItsRunsUntilItHasRecordedThem() {
    source.whileKnown(runs).start();
    told();
    put("first", "frascati", "jobName: first");
    put("second", "frascati", "jobName: second");
    put("third", "other", "jobName: third");
    assertThat(told()).containsExactly("frascati", "frascati", "other");
    assertThat(of(model)).containsExactly("first", "second");
    assertThat(of(other)).containsExactly("third");

    put("first", "frascati", "jobName: first, attempts: []");
    assertThat(told()).as("how far it is does not matter").isEmpty();

    put("first", "frascati", ended("Complete", null));
    put("second", "frascati", ended("Failed", null));
    assertThat(told()).containsExactly("frascati", "frascati");
    assertThat(of(model)).containsExactly("first");

    put("first", "frascati", ended("Complete", "uid-of-frascati"));
    assertThat(told()).containsExactly("frascati");
    assertThat(of(model)).isEmpty();

    put("first", "frascati", ended("Complete", "uid-of-a-namesake"));
    assertThat(of(model)).as("recorded by a model that was deleted").containsExactly("first");
  }

  @Test
  void tellsOfRunsThatGo() {
    source.whileKnown(runs).start();
    put("first", "frascati", "jobName: first");
    put("second", "frascati", "jobName: second");
    told();

    store.remove("library/first");
    assertThat(told()).containsExactly("frascati");
    assertThat(of(model)).containsExactly("second");

    put("second", "other", "jobName: second");
    assertThat(told()).as("another of that name").containsExactly("frascati", "other");
    assertThat(of(model)).isEmpty();
    assertThat(of(other)).containsExactly("second");
  }
}
