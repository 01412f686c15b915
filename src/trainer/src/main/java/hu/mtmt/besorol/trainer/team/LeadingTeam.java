package hu.mtmt.besorol.trainer.team;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import hu.mtmt.besorol.classifiers.CancelledException;
import hu.mtmt.besorol.classifiers.Checkpoints;
import hu.mtmt.besorol.classifiers.Team;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.ProcessGroup;
import hu.mtmt.besorol.contract.TrainingPlan;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Rank 0: keeps what all give, and serves it.
 *
 * <table>
 * <caption>The routes; every request has the headers of {@link Membership}</caption>
 * <tr><td>{@code GET /things}</td><td>{@value #WORKING} or {@value #DONE}, then name and digest of
 * all things that are there</td></tr>
 * <tr><td>{@code GET /things/NAME}</td><td>a thing, as soon as it is there; 204 if it is not for
 * two seconds</td></tr>
 * <tr><td>{@code PUT /things/NAME}</td><td>gives a thing; {@value #DIGEST} says what it must
 * be</td></tr>
 * <tr><td>{@code POST /claims/NAME}</td><td>claims a thing: {@value #YES} or no</td></tr>
 * </table>
 *
 * <p>Answers other than 2xx are a sentence; {@value #REFUSED} says that asking again will not help.
 */
public final class LeadingTeam implements Team, AutoCloseable {
  static final String THINGS = "/things";
  static final String CLAIMS = "/claims";
  static final String DIGEST = "Besorol-Digest";
  static final String WORKING = "working";
  static final String DONE = "done";
  static final String YES = "yes";

  /** The status of an answer that asking again will not change. */
  static final int REFUSED = 409;

  private static final String REFUSED_BECAUSE = ": ";

  private static final int LONG_POLL_MILLIS = 2000;
  private static final int LOOK_MILLIS = 200;

  /** Who has not heard by then that all is done is dead. */
  private static final Duration FAREWELL = Duration.ofSeconds(20);

  private final Membership own;
  private final Clock clock;
  private final Duration patience;
  private final BooleanSupplier cancelled;
  private final Things things = new Things();
  private final ConcurrentHashMap<String, Integer> claims = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Integer, Instant> heard = new ConcurrentHashMap<>();
  private final Set<Integer> told = ConcurrentHashMap.newKeySet();
  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean done;

  /**
   * Rank 0 of a group.
   *
   * @param version of the program
   * @param cancelled whether to stop
   * @throws BesorolException if its port cannot be had
   */
  public static LeadingTeam of(
      ProcessGroup group,
      TrainingPlan plan,
      String version,
      Clock clock,
      BooleanSupplier cancelled) {
    return new LeadingTeam(
        Membership.of(group, plan, version), group.port(), clock, ProcessGroup.PATIENCE, cancelled);
  }

  /**
   * Starts to serve.
   *
   * @param port on all addresses
   * @param patience how long it waits for a process that is not heard of
   * @param cancelled whether to stop
   * @throws BesorolException if the port cannot be had
   */
  LeadingTeam(Membership own, int port, Clock clock, Duration patience, BooleanSupplier cancelled) {
    this.own = own;
    this.clock = clock;
    this.patience = patience;
    this.cancelled = cancelled;
    var started = clock.instant();
    IntStream.range(1, own.worldSize()).forEach(rank -> heard.put(rank, started));
    try {
      server = HttpServer.create(new InetSocketAddress(port), 0);
    } catch (IOException e) {
      things.close();
      throw BesorolException.machine(
          "Rank 0 cannot listen on port %d for the other processes (%s): it must be free."
              .formatted(port, e.getMessage()),
          e);
    }
    server.setExecutor(executor);
    server.createContext("/", this::handle);
    server.start();
  }

  /** The directory of what is exchanged. */
  public Path directory() {
    return things.directory();
  }

  @Override
  public int rank() {
    return 0;
  }

  @Override
  public int size() {
    return own.worldSize();
  }

  @Override
  public boolean claim(String name) {
    return claim(name, 0);
  }

  private boolean claim(String name, int rank) {
    return things.digest(name) == null && claims.computeIfAbsent(name, n -> rank) == rank;
  }

  @Override
  public boolean has(String name) {
    return things.digest(name) != null;
  }

  @Override
  public void give(String name, Checkpoints.Writer writer) {
    things.write(name, writer);
  }

  @Override
  public <T> T take(String name, Checkpoints.Reader<T> reader) {
    try {
      while (!things.await(name, LOOK_MILLIS)) {
        if (cancelled.getAsBoolean()) {
          throw new CancelledException();
        }
        requireAllHeard();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException();
    }
    return things.read(name, reader);
  }

  private void requireAllHeard() {
    var since = clock.instant().minus(patience);
    var lost = new TreeSet<Integer>();
    heard.forEach(
        (rank, time) -> {
          if (time.isBefore(since)) {
            lost.add(rank);
          }
        });
    if (!lost.isEmpty()) {
      throw BesorolException.machine(
          "Nothing was heard of %s %s for %d s: see why its pod does not run or cannot reach this one."
              .formatted(
                  lost.size() == 1 ? "rank" : "ranks",
                  String.join(", ", lost.stream().map(Object::toString).toList()),
                  patience.toSeconds()),
          null);
    }
  }

  /** Tells all that nothing is left to do, and waits a while until they have heard it. */
  public void dismiss() {
    done = true;
    var deadline = clock.instant().plus(FAREWELL);
    try {
      while (told.size() < own.worldSize() - 1
          && clock.instant().isBefore(deadline)
          && !cancelled.getAsBoolean()) {
        synchronized (told) {
          told.wait(LOOK_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // they will find nobody
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      try {
        var member = Membership.of(exchange.getRequestHeaders()::getFirst);
        own.requireFits(member);
        heard.put(member.rank(), clock.instant());
        answer(exchange, member.rank());
      } catch (BesorolException e) {
        boolean forever = e.kind() != FailureKind.MACHINE_FAILED;
        answer(
            exchange, forever ? REFUSED : 503, e.kind().name() + REFUSED_BECAUSE + e.getMessage());
      } catch (InterruptedException e) {
        answer(exchange, 503, "this process ends");
      }
    }
  }

  /** What a process is told that is refused. */
  static BesorolException refusal(String answer) {
    var parts = answer.split(REFUSED_BECAUSE, 2);
    return new BesorolException(FailureKind.valueOf(parts[0]), parts[1]);
  }

  private void answer(HttpExchange exchange, int rank) throws IOException, InterruptedException {
    var route = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
    var name = route.substring(route.lastIndexOf('/') + 1);
    if (route.equals("GET " + THINGS)) {
      list(exchange, rank);
    } else if (!name.matches(Things.NAME)) {
      answer(exchange, 404, "there is nothing here");
    } else if (route.equals("GET " + THINGS + "/" + name)) {
      send(exchange, name);
    } else if (route.equals("PUT " + THINGS + "/" + name)) {
      receive(exchange, name);
    } else if (route.equals("POST " + CLAIMS + "/" + name)) {
      answer(exchange, 200, claim(name, rank) ? YES : "no");
    } else {
      answer(exchange, 404, "there is nothing here");
    }
  }

  private void list(HttpExchange exchange, int rank) throws IOException {
    boolean all = done;
    var list = new StringBuilder(all ? DONE : WORKING).append('\n');
    things
        .digests()
        .forEach((name, digest) -> list.append(name).append(' ').append(digest).append('\n'));
    answer(exchange, 200, list.toString());
    if (all) {
      told.add(rank);
      synchronized (told) {
        told.notifyAll();
      }
    }
  }

  private void send(HttpExchange exchange, String name) throws IOException, InterruptedException {
    if (!things.await(name, LONG_POLL_MILLIS)) {
      exchange.sendResponseHeaders(204, -1);
      return;
    }
    exchange.getResponseHeaders().set(DIGEST, things.digest(name).value());
    long size = Files.size(things.file(name));
    exchange.sendResponseHeaders(200, size == 0 ? -1 : size);
    try (var out = exchange.getResponseBody()) {
      Files.copy(things.file(name), out);
    }
  }

  private void receive(HttpExchange exchange, String name) throws IOException {
    var digest = exchange.getRequestHeaders().getFirst(DIGEST);
    var length = exchange.getRequestHeaders().getFirst("Content-Length");
    if (digest == null
        || !digest.matches(Digest.PATTERN)
        || length == null
        || Long.parseLong(length) > Things.MOST_BYTES) {
      answer(
          exchange,
          400,
          "%s and a Content-Length of at most %d are needed".formatted(DIGEST, Things.MOST_BYTES));
      return;
    }
    things.receive(name, new Digest(digest), exchange.getRequestBody());
    exchange.sendResponseHeaders(204, -1);
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(status, bytes.length);
    try (var out = exchange.getResponseBody()) { // sent when this returns, whatever follows
      out.write(bytes);
    }
  }

  /** The port that is served. */
  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
    try {
      executor.awaitTermination(FAREWELL.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    things.close();
  }
}
