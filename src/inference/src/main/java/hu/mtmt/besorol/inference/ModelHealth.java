package hu.mtmt.besorol.inference;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/** Started and ready mean the same here: the package is verified, loaded and self-tested. */
@Startup
@Readiness
@ApplicationScoped
class ModelHealth implements HealthCheck {
  private final ServedModel served;

  ModelHealth(ServedModel served) {
    this.served = served;
  }

  @Override
  public HealthCheckResponse call() {
    var response = HealthCheckResponse.named("model");
    return served
        .get()
        .map(model -> response.up().withData("version", model.version().value()))
        .orElseGet(response::down)
        .build();
  }
}
