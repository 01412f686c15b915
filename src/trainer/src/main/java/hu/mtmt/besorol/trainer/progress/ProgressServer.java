package hu.mtmt.besorol.trainer.progress;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Progress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Serves how far a job is over HTTP: {@value Progress#ROUTE} (JSON), {@code /metrics} (Prometheus)
 * and {@code /healthz}.
 */
public final class ProgressServer implements AutoCloseable {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * Starts to serve.
   *
   * @param port on all addresses; 0 takes a free one
   * @throws BesorolException if the port cannot be had
   */
  public ProgressServer(int port, Supplier<Progress> progress) {
    try {
      server = HttpServer.create(new InetSocketAddress(port), 0);
    } catch (IOException e) {
      throw BesorolException.machine(
          "Progress cannot be served on port %d (%s): set PORT to a free one."
              .formatted(port, e.getMessage()),
          e);
    }
    server.setExecutor(executor);
    route(
        Progress.ROUTE,
        "application/json",
        () -> new String(ContractJson.writeLine(progress.get()), StandardCharsets.UTF_8));
    route("/metrics", PROMETHEUS, () -> ProgressMetrics.print(progress.get()));
    route("/healthz", "text/plain", () -> "ok\n");
    server.createContext("/", exchange -> answer(exchange, 404, "text/plain", "not found\n"));
    server.start();
  }

  /** The port that is served. */
  public int port() {
    return server.getAddress().getPort();
  }

  private void route(String path, String type, Supplier<String> body) {
    HttpHandler handler =
        exchange -> {
          if (!exchange.getRequestURI().getPath().equals(path)) {
            answer(exchange, 404, "text/plain", "not found\n");
          } else if (!exchange.getRequestMethod().equals("GET")) {
            answer(exchange, 405, "text/plain", "only GET is answered here\n");
          } else {
            answer(exchange, 200, type, body.get());
          }
        };
    server.createContext(path, handler);
  }

  private static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    try (exchange) {
      var bytes = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    executor.close();
  }
}
