package hu.mtmt.besorol.operator.config;

import hu.mtmt.besorol.operator.event.EventPublisher;
import hu.mtmt.besorol.operator.metrics.OperatorMetrics;
import hu.mtmt.besorol.operator.placement.Flavors;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** What the reconcilers are made of. */
@Dependent
class OperatorBeans {
  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  @Produces
  @Singleton
  Flavors flavors(OperatorConfig config) {
    return config.flavors().map(Flavors::read).orElse(Flavors.DEFAULT);
  }

  @Produces
  @Singleton
  EventPublisher events(KubernetesClient client, Clock clock) {
    return new EventPublisher(client, clock);
  }

  @Produces
  @Singleton
  OperatorMetrics metrics(MeterRegistry registry) {
    return new OperatorMetrics(registry);
  }

  /** Reconciliations by controller: meters of every single resource would fill the memory. */
  @Produces
  @Singleton
  Metrics reconciliations(MeterRegistry registry) {
    return MicrometerMetrics.withoutPerResourceMetrics(registry);
  }

  /** Null means that there is no election, and so must be of the scope that allows it. */
  @Produces
  @Dependent
  LeaderElectionConfiguration leaderElection(OperatorConfig config, Leadership leadership) {
    var election = config.leaderElection();
    return election.enabled()
        ? new LeaderElectionConfiguration(
            election.leaseName(),
            election.namespace().orElse(null),
            election.leaseDuration(),
            election.renewDeadline(),
            election.retryPeriod(),
            null,
            leadership.callbacks(),
            false)
        : null;
  }
}
