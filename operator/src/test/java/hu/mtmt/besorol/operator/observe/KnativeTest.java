package hu.mtmt.besorol.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.ClassifierModelStatus.Platform;
import hu.mtmt.besorol.operator.observe.Rollout.Role;
import io.fabric8.knative.serving.v1.Configuration;
import io.fabric8.knative.serving.v1.Route;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnativeTest {
  private static final String READY = "{type: Ready, status: \"True\"}";

  private static Configuration configuration(long observed, String created, String condition) {
    return Serialization.unmarshal(
        """
        metadata: {name: a, generation: 2}
        spec:
          template:
            metadata:
              annotations: {besorol.mtmt.hu/version: v, autoscaling.knative.dev/min-scale: "1"}
        status:
          observedGeneration: %d
          latestCreatedRevisionName: %s
          latestReadyRevisionName: a-00002
          conditions: [%s]
        """
            .formatted(observed, created, condition),
        Configuration.class);
  }

  private static Route route(String... conditions) {
    return Serialization.unmarshal(
        """
        metadata: {name: a-kn, generation: 1}
        status:
          observedGeneration: 1
          address: {url: "http://a-kn.library.svc.cluster.local"}
          conditions: [%s]
        """
            .formatted(String.join(", ", conditions)),
        Route.class);
  }

  private static Pod pod(String configuration, String ready) {
    return Serialization.unmarshal(
        """
        metadata: {name: a, labels: {serving.knative.dev/configuration: %s}}
        status: {conditions: [{type: Ready, status: "%s"}]}
        """
            .formatted(configuration, ready),
        Pod.class);
  }

  @ParameterizedTest
  @CsvSource({
    "2, a-00002, True, true",
    "1, a-00002, True, false", // what is seen is not of this template
    "2, a-00003, True, false", // pods of the newest come up
    "2, a-00002, Unknown, false"
  })
  void isCompleteWhenTheNewestRevisionIsReady(
      long observed, String created, String ready, boolean complete) {
    var rollout =
        Rollout.of(
            configuration(observed, created, "{type: Ready, status: \"%s\"}".formatted(ready)),
            List.of());
    assertThat(rollout.complete()).isEqualTo(complete);
    assertThat(rollout.stuck()).isEmpty();
  }

  @Test
  void itsOwnPodsAreCounted() {
    var pods = List.of(pod("a", "True"), pod("a", "False"), pod("b", "True"));
    assertThat(Rollout.of(configuration(2, "a-00002", READY), pods))
        .isEqualTo(
            new Rollout(
                "v", Platform.KNATIVE, Role.WHOLE, true, 1, 1, Optional.empty(), Optional.empty()));
  }

  @Test
  void whatKnativeSaysOfAFailureIsTold() {
    var failed = "{type: Ready, status: \"False\", reason: RevisionFailed, message: No image.}";
    assertThat(Rollout.of(configuration(2, "a-00003", failed), List.of()).stuck())
        .contains("No image.");
  }

  @Test
  void routeThatSendsNothingIsTold() {
    var notOwned = "{type: Ready, status: \"False\", reason: NotOwned, message: It is another's.}";
    assertThat(Knative.refusal(route(READY))).isEmpty();
    assertThat(Knative.refusal(route(notOwned)))
        .contains("Knative sends no requests to Route a-kn (NotOwned): It is another's.");
    assertThat(Knative.refusal(route(notOwned, "{type: AllTrafficAssigned, status: \"False\"}")))
        .as("that is told of the version")
        .isEmpty();
    assertThat(Knative.address(route(READY))).contains("http://a-kn.library.svc.cluster.local");
  }

  @Test
  void routeIsReadyOnceKnativeHasSeenWhatItSaysNow() {
    var route = route(READY);
    assertThat(Knative.isReady(route)).isTrue();
    route.getMetadata().setGeneration(2L);
    assertThat(Knative.isReady(route)).isFalse();
  }

  @Test
  void refusalOfTheWebhookIsTold() {
    var message =
        "admission webhook \"validation.webhook.serving.knative.dev\" denied the request:"
            + " validation failed: Persistent volume claim support is disabled";
    assertThat(Knative.refusal(exception(400, message)))
        .get()
        .asString()
        .contains(message, "or write platform: Deployment.");
    assertThat(Knative.refusal(exception(500, message))).isEmpty();
    assertThat(Knative.refusal(exception(400, "something else"))).isEmpty();
  }

  private static KubernetesClientException exception(int code, String message) {
    return new KubernetesClientException(
        message, code, new StatusBuilder().withMessage(message).build());
  }
}
