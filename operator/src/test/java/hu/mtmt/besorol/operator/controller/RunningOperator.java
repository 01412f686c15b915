package hu.mtmt.besorol.operator.controller;

import hu.mtmt.besorol.operator.TestConfig;
import hu.mtmt.besorol.operator.event.EventPublisher;
import hu.mtmt.besorol.operator.metrics.OperatorMetrics;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The operator, in the process of the test, for one namespace. */
final class RunningOperator implements AutoCloseable {
  private final Operator operator;
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final AtomicInteger reconciliations = new AtomicInteger();

  RunningOperator(
      KubernetesClient client,
      String namespace,
      Map<String, String> settings,
      Clock clock,
      Consumer<ConfigurationServiceOverrider> framework) {
    var values =
        new HashMap<>(Map.of("besorol.progress-interval", "100ms", "besorol.namespace", namespace));
    values.putAll(settings);
    var config = TestConfig.of(values);
    var events = new EventPublisher(client, clock);
    var metrics = new OperatorMetrics(meters);
    operator =
        new Operator(
            o -> {
              o.withKubernetesClient(client).withCloseClientOnStop(false).withMetrics(counting());
              framework.accept(o);
            });
    var runsOfModels = new RunsOfModels();
    var runs = new TrainingRunReconciler(config, events, metrics, clock, runsOfModels);
    operator.register(
        runs,
        o -> {
          o.settingNamespace(namespace);
          runs.updateConfigurationFrom(o);
        });
    var models = new ClassifierModelReconciler(config, events, metrics, clock, runsOfModels);
    operator.register(
        models,
        o -> {
          o.settingNamespace(namespace);
          models.updateConfigurationFrom(o);
        });
    operator.start();
  }

  private Metrics counting() {
    return new Metrics() {
      @Override
      public void finishedReconciliation(HasMetadata resource, Map<String, Object> metadata) {
        reconciliations.incrementAndGet();
      }
    };
  }

  /** How many reconciliations have ended well. */
  int reconciliations() {
    return reconciliations.get();
  }

  /** What Prometheus would be told. */
  MeterRegistry meters() {
    return meters;
  }

  @Override
  public void close() {
    operator.stop();
  }
}
