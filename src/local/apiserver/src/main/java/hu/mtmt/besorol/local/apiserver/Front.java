package hu.mtmt.besorol.local.apiserver;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * HTTP: who may come in, what a request says, and how an answer or an error is written.
 *
 * <p>The secret is the first segment of every path, as kubectl sends no token over plain HTTP.
 */
final class Front implements HttpHandler {
  private static final System.Logger LOG = System.getLogger(Front.class.getName());

  /** As kube-apiserver. */
  private static final int BODY_LIMIT = 3 * 1024 * 1024;

  /** What anybody may look at. */
  private static final Set<String> PUBLIC = Set.of("healthz", "livez", "readyz", "version");

  private final byte[] secret;
  private final Function<Request, Response> router;

  Front(String secret, Function<Request, Response> router) {
    this.secret = bytes(secret);
    this.router = router;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Response response;
      try {
        response = answer(exchange);
      } catch (Failure e) {
        response = Response.document(e.code(), e.status(), List.of());
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "request " + exchange.getRequestURI() + " failed", e);
        response = Response.document(500, Failure.internal(e).status(), List.of());
      }
      write(exchange, response);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server closes
    }
  }

  private Response answer(HttpExchange exchange) throws IOException {
    var headers = exchange.getRequestHeaders();
    var uri = exchange.getRequestURI();
    var path =
        withoutSecret(
            Stream.of(uri.getRawPath().split("/"))
                .filter(s -> !s.isEmpty())
                .map(Front::decode)
                .toList());
    if ("websocket".equalsIgnoreCase(headers.getFirst("Upgrade"))) {
      // Clients fall back to a watch over HTTP when the upgrade is answered with 200.
      return Response.ok(Json.object());
    }
    var body = exchange.getRequestBody().readNBytes(BODY_LIMIT + 1);
    if (body.length > BODY_LIMIT) {
      throw Failure.tooLarge(BODY_LIMIT);
    }
    return router.apply(
        new Request(
            exchange.getRequestMethod(),
            path,
            query(uri.getRawQuery()),
            header(headers, "Content-Type").split(";", 2)[0].strip(),
            header(headers, "Accept"),
            header(headers, "User-Agent"),
            body));
  }

  private List<String> withoutSecret(List<String> path) {
    var first = path.isEmpty() ? "" : path.getFirst();
    if (MessageDigest.isEqual(secret, bytes(first))) {
      return path.subList(1, path.size());
    }
    if (PUBLIC.contains(first)) {
      return path;
    }
    throw Failure.unauthorized();
  }

  private static String header(Headers headers, String name) {
    var values = headers.get(name);
    return values == null ? "" : String.join(",", values);
  }

  private static Map<String, String> query(String raw) {
    var query = new HashMap<String, String>();
    if (raw != null) {
      for (var pair : raw.split("&")) {
        var parts = pair.split("=", 2);
        query.putIfAbsent(decode(parts[0]), parts.length > 1 ? decode(parts[1]) : "");
      }
    }
    return query;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Failure.badRequest("\"" + text + "\" in the address is not encoded as it should be");
    }
  }

  private static void write(HttpExchange exchange, Response response)
      throws IOException, InterruptedException {
    var headers = exchange.getResponseHeaders();
    switch (response) {
      case Response.Document document -> {
        headers.set("Content-Type", document.contentType());
        document.warnings().forEach(w -> headers.add("Warning", "299 - " + quoted(w)));
        send(exchange, document.code(), bytes(Json.text(document.body()) + "\n"));
      }
      case Response.Text text -> {
        headers.set("Content-Type", "text/plain; charset=utf-8");
        send(exchange, 200, bytes(text.text()));
      }
      case Response.Stream stream -> {
        headers.set("Content-Type", stream.contentType());
        exchange.sendResponseHeaders(200, 0);
        var out = exchange.getResponseBody();
        out.flush(); // the client may wait for the headers before it goes on
        stream.writer().write(out);
        out.close();
      }
    }
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static void send(HttpExchange exchange, int code, byte[] body) throws IOException {
    boolean silent = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(code, silent ? -1 : body.length);
    if (!silent) {
      exchange.getResponseBody().write(body);
    }
  }
}
