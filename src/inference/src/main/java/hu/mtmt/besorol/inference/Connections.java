package hu.mtmt.besorol.inference;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * What holds for every answer, whatever its route: it names the version that is served, and once
 * the service is to stop it tells the client to take another connection.
 */
@ApplicationScoped
class Connections {
  static final String VERSION_HEADER = "Besorol-Version";
  private static final int BEFORE_ALL_ROUTES = 100;

  private final ServedModel served;
  private volatile boolean draining;

  Connections(ServedModel served) {
    this.served = served;
  }

  void onDrain(@Observes ShutdownDelayInitiatedEvent event) {
    draining = true;
  }

  void register(@Observes Filters filters) {
    filters.register(this::handle, BEFORE_ALL_ROUTES);
  }

  private void handle(RoutingContext request) {
    request.addHeadersEndHandler(
        written -> {
          var response = request.response();
          served.get().ifPresent(m -> response.putHeader(VERSION_HEADER, m.version().value()));
          if (draining) {
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            request.addEndHandler(done -> request.request().connection().close());
          }
        });
    request.next();
  }
}
