package hu.mtmt.besorol.operator.config;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of several processes acts. One that is not the leader any more ends at once: two that
 * reconcile would write against each other. A leader that is asked to stop gives its lease back
 * when it has stopped, so that the next one need not wait until the lease runs out; the framework
 * does not, and its own way of ending would wait there for itself.
 */
@Singleton
class Leadership {
  private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
  private static final int BEFORE_THE_OPERATOR = 1;
  private static final int AFTER_THE_OPERATOR = 10_000;
  private static final int ATTEMPTS = 5;
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(200);

  private final OperatorConfig.LeaderElection election;
  private final KubernetesClient client;
  private final Clock clock;
  private final AtomicBoolean stopping = new AtomicBoolean();

  /** The pod's name, as the framework has it. */
  private final String identity =
      Optional.ofNullable(System.getenv("HOSTNAME"))
          .filter(name -> !name.isBlank())
          .orElseGet(() -> UUID.randomUUID().toString());

  Leadership(OperatorConfig config, KubernetesClient client, Clock clock) {
    this.election = config.leaderElection();
    this.client = client;
    this.clock = clock;
  }

  /** Null if there is no election. */
  LeaderElectionConfiguration configuration() {
    return election.enabled()
        ? new LeaderElectionConfiguration(
            election.leaseName(),
            election.namespace().orElse(null),
            election.leaseDuration(),
            election.renewDeadline(),
            election.retryPeriod(),
            identity,
            new LeaderCallbacks(() -> {}, this::lost, this::tell),
            false)
        : null;
  }

  void stop(@Observes @Priority(BEFORE_THE_OPERATOR) ShutdownEvent event) {
    stopping.set(true);
  }

  void stopped(@Observes @Priority(AFTER_THE_OPERATOR) ShutdownEvent event)
      throws InterruptedException {
    if (!election.enabled()) {
      return;
    }
    // A renewal that was under way when the framework stopped may still be written: before this
    // one, which is refused then, or after it.
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (isAnothers()) {
        return;
      }
      Thread.sleep(BETWEEN_ATTEMPTS);
    }
    LOG.warn("The lease was not given back and has to run out.");
  }

  /** Whether the lease names this process no more; if it does, it is given back. */
  private boolean isAnothers() {
    var namespace = election.namespace().orElseGet(() -> client.getConfiguration().getNamespace());
    var lease = new LeaseLock(namespace, election.leaseName(), identity);
    try {
      var held = lease.get(client);
      if (held == null || !identity.equals(held.getHolderIdentity())) {
        return true;
      }
      var now = ZonedDateTime.now(clock).truncatedTo(ChronoUnit.MICROS);
      lease.update(
          client,
          new LeaderElectionRecord(
              "", Duration.ofSeconds(1), now, now, held.getLeaderTransitions()));
    } catch (KubernetesClientException e) {
      LOG.info("The lease could not be given back yet: {}", e.getMessage());
    }
    return false;
  }

  private void tell(String leader) {
    LOG.info("{} leads.", leader.isEmpty() ? "Nobody" : leader);
  }

  private void lost() {
    if (!stopping.get()) {
      LOG.error(
          "This process is not the leader any more, because the lease could not be renewed in time:"
              + " it ends, to be started again.");
      Runtime.getRuntime().halt(1);
    }
  }
}
