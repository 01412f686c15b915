package hu.mtmt.besorol.operator.controller;

import hu.mtmt.besorol.operator.TestConfig;
import hu.mtmt.besorol.operator.event.EventPublisher;
import hu.mtmt.besorol.operator.placement.Flavors;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import java.time.Clock;
import java.util.Map;

/** The operator, in the process of the test, for one namespace. */
final class RunningOperator implements AutoCloseable {
  private final Operator operator;

  RunningOperator(KubernetesClient client, String namespace) {
    this(client, namespace, Map.of());
  }

  RunningOperator(KubernetesClient client, String namespace, Map<String, String> settings) {
    var values = new java.util.HashMap<>(Map.of("besorol.progress-interval", "100ms"));
    values.putAll(settings);
    var config = TestConfig.of(values);
    var clock = Clock.systemUTC();
    var events = new EventPublisher(client, clock);
    operator = new Operator(o -> o.withKubernetesClient(client).withCloseClientOnStop(false));
    operator.register(
        new TrainingRunReconciler(config, Flavors.DEFAULT, events, clock),
        o -> o.settingNamespace(namespace));
    operator.register(
        new ClassifierModelReconciler(config, events, clock), o -> o.settingNamespace(namespace));
    operator.start();
  }

  @Override
  public void close() {
    operator.stop();
  }
}
