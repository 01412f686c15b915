package hu.mtmt.besorol.inference;

import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.ServiceReport;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Answers {@link ServiceReport#ROUTE}: open to everybody, like health and metrics. */
@ApplicationScoped
class ServiceReports {
  private static final int NOT_READY = 503;

  private final ServedModel served;
  private final Newest newest;

  ServiceReports(ServedModel served, Newest newest) {
    this.served = served;
    this.newest = newest;
  }

  void register(@Observes Router router) {
    router.get(ServiceReport.ROUTE).handler(this::answer);
  }

  private void answer(RoutingContext request) {
    var response = request.response();
    served
        .get()
        .ifPresentOrElse(
            model ->
                response
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .end(Buffer.buffer(ContractJson.writeLine(newest.report(model)))),
            () -> response.setStatusCode(NOT_READY).end());
  }
}
