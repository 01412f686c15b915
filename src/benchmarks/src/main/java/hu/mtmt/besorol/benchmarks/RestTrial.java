package hu.mtmt.besorol.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks a service on this machine about one document after the other, each as soon as the one before
 * is answered: on one connection for the time of a request, on four for the rate. Prints a line of
 * JSON.
 */
final class RestTrial {
  private static final int WARM_UP = 1000;
  private static final int REQUESTS = 2000;
  private static final int CONNECTIONS = 4;

  private final int port;
  private final String request;
  private final String contentType;
  private final List<byte[]> bodies;

  private RestTrial(int port, String path, String contentType, List<byte[]> bodies) {
    this.port = port;
    this.request = "POST " + path;
    this.contentType = contentType;
    this.bodies = bodies;
  }

  /**
   * @param arguments {@code PORT PATH CONTENT-TYPE BODIES}, the last a file with a request body on
   *     each line
   */
  public static void main(String[] arguments) throws Exception {
    List<byte[]> bodies;
    try (var lines = Files.lines(Path.of(arguments[3]))) {
      bodies = lines.map(line -> line.getBytes(StandardCharsets.UTF_8)).toList();
    }
    new RestTrial(Integer.parseInt(arguments[0]), arguments[1], arguments[2], bodies).run();
  }

  private void run() throws Exception {
    ask(CONNECTIONS, WARM_UP);
    var times = ask(1, REQUESTS);
    long start = System.nanoTime();
    ask(CONNECTIONS, REQUESTS);
    double seconds = (System.nanoTime() - start) / 1e9;
    try (var json = new JsonFactory().createGenerator(System.out)) {
      json.writeStartObject();
      json.writeNumberField("p50_ms", times[times.length / 2] / 1e6);
      json.writeNumberField("p99_ms", times[times.length * 99 / 100] / 1e6);
      json.writeNumberField("requests_per_s", REQUESTS / seconds);
      json.writeEndObject();
    }
  }

  /** Nanoseconds of each request, ascending. */
  private long[] ask(int connections, int requests) throws Exception {
    var times = new long[requests];
    var next = new AtomicInteger();
    try (var executor = Executors.newFixedThreadPool(connections)) {
      var clients = new ArrayList<Callable<Void>>();
      for (int i = 0; i < connections; i++) {
        clients.add(
            () -> {
              try (var connection = new HttpConnection(port)) {
                for (int n = next.getAndIncrement(); n < requests; n = next.getAndIncrement()) {
                  long start = System.nanoTime();
                  int status =
                      connection.exchange(request, contentType, bodies.get(n % bodies.size()));
                  times[n] = System.nanoTime() - start;
                  if (status != 200) {
                    throw new IOException("%s was answered with %d".formatted(request, status));
                  }
                }
                return null;
              }
            });
      }
      for (var client : executor.invokeAll(clients)) {
        client.get();
      }
    }
    Arrays.sort(times);
    return times;
  }
}
