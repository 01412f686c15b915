package hu.mtmt.besorol.operator.config;

import hu.mtmt.besorol.operator.controller.RunsOfModels;
import hu.mtmt.besorol.operator.event.EventPublisher;
import hu.mtmt.besorol.operator.metrics.OperatorMetrics;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.client.utils.TokenRefreshInterceptor;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** What the reconcilers are made of. */
@Dependent
class OperatorBeans {
  private static final String USER_AGENT = "besorol-operator/v1alpha1";

  @Produces
  @Singleton
  ClusterClock clock() {
    return new ClusterClock(Clock.systemUTC());
  }

  /**
   * As Quarkus makes it, but that the clock listens, and that the server knows who writes: the name
   * before the slash owns the fields of what is created. Who shows a certificate has no token that
   * could be new, for which the client would read its configuration again at every request.
   */
  @Produces
  @Singleton
  KubernetesClient client(
      KubernetesSerialization serialization, Config config, ClusterClock clock) {
    return new KubernetesClientBuilder()
        .withKubernetesSerialization(serialization)
        .withConfig(new ConfigBuilder(config).withUserAgent(USER_AGENT).build())
        .withHttpClientBuilderConsumer(
            http -> {
              http.addOrReplaceInterceptor("clock", clock);
              if (showsCertificate(config)) {
                http.addOrReplaceInterceptor(TokenRefreshInterceptor.NAME, null);
              }
            })
        .build();
  }

  private static boolean showsCertificate(Config config) {
    return (config.getClientCertData() != null || config.getClientCertFile() != null)
        && config.getAutoOAuthToken() == null
        && config.getOauthToken() == null
        && config.getOauthTokenProvider() == null
        && config.getAuthProvider() == null;
  }

  void close(@Disposes KubernetesClient client) {
    client.close();
  }

  @Produces
  @Singleton
  EventPublisher events(KubernetesClient client, Clock clock, OperatorMetrics metrics) {
    var events = new EventPublisher(client, clock);
    metrics.countEvents(events::waiting);
    return events;
  }

  @Produces
  @Singleton
  OperatorMetrics metrics(MeterRegistry registry) {
    return new OperatorMetrics(registry);
  }

  /** Both reconcilers have it. */
  @Produces
  @Singleton
  RunsOfModels runsOfModels() {
    return new RunsOfModels();
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
  LeaderElectionConfiguration leaderElection(Leadership leadership) {
    return leadership.configuration();
  }
}
