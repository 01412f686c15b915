package hu.mtmt.besorol.operator.config;

import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process at once when it is not the leader any more: two that reconcile would write
 * against each other. A leader that is asked to stop ends as any program does; the framework's own
 * way of ending would wait there for itself.
 */
@Singleton
class Leadership {
  private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
  private static final int BEFORE_THE_OPERATOR = 1;

  private final AtomicBoolean stopping = new AtomicBoolean();

  LeaderCallbacks callbacks() {
    return new LeaderCallbacks(() -> {}, this::lost, leader -> LOG.info("{} leads.", leader));
  }

  void stop(@Observes @Priority(BEFORE_THE_OPERATOR) ShutdownEvent event) {
    stopping.set(true);
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
