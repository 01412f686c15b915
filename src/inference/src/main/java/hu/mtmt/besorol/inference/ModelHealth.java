package hu.mtmt.besorol.inference;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/**
 * Started, and ready until it is to stop, is a service whose package is verified, loaded and
 * self-tested.
 */
@Startup
@Readiness
@ApplicationScoped
class ModelHealth implements HealthCheck {
  private final ServedModel served;
  private final Connections connections;

  ModelHealth(ServedModel served, Connections connections) {
    this.served = served;
    this.connections = connections;
  }

  @Override
  public HealthCheckResponse call() {
    var response = HealthCheckResponse.named("model");
    return served
        .get()
        .filter(model -> !connections.draining())
        .map(model -> response.up().withData("version", model.version().value()))
        .orElseGet(response::down)
        .build();
  }
}
