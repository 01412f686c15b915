package hu.mtmt.besorol.trainer.team;

import hu.mtmt.besorol.classifiers.CancelledException;
import hu.mtmt.besorol.classifiers.Checkpoints;
import hu.mtmt.besorol.classifiers.Team;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.ProcessGroup;
import hu.mtmt.besorol.contract.TrainingPlan;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Every rank but 0: gives to rank 0 and takes from it. What it has given it keeps, and at short
 * intervals it gives again what rank 0 does not have, because that was started anew.
 */
public final class FollowingTeam implements Team, AutoCloseable {
  private static final Duration HEARTBEAT = Duration.ofSeconds(2);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final Duration LOOK = Duration.ofMillis(200);

  /** Rank 0 begins to answer sooner, or the request was lost. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

  /** Longer than this nothing takes that goes well, as large as it may be. */
  private static final Duration LONGEST_REQUEST = Duration.ofMinutes(10);

  private final Membership own;
  private final URI rendezvous;
  private final Clock clock;
  private final Duration patience;
  private final BooleanSupplier cancelled;
  private final Things things = new Things();
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final List<String> given = new ArrayList<>();

  /** For {@link #given}, and so that nothing is sent twice at once. */
  private final ReentrantLock giving = new ReentrantLock();

  /** Rank 0 says it once to each rank and ends, whichever thread of the rank it was that asked. */
  private volatile boolean dismissed;

  private final ScheduledExecutorService heartbeat =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());

  /**
   * A rank of a group other than 0.
   *
   * @param version of the program
   * @param cancelled whether to stop
   */
  public static FollowingTeam of(
      ProcessGroup group,
      TrainingPlan plan,
      String version,
      Clock clock,
      BooleanSupplier cancelled) {
    return new FollowingTeam(
        Membership.of(group, plan, version),
        group.rendezvous(),
        clock,
        ProcessGroup.PATIENCE,
        cancelled);
  }

  /**
   * Looks for rank 0 when it is first needed.
   *
   * @param rendezvous {@code host:port} of rank 0
   * @param patience how long it is sought when it does not answer
   * @param cancelled whether to stop
   */
  FollowingTeam(
      Membership own,
      String rendezvous,
      Clock clock,
      Duration patience,
      BooleanSupplier cancelled) {
    this.own = own;
    this.rendezvous = URI.create("http://" + rendezvous);
    this.clock = clock;
    this.patience = patience;
    this.cancelled = cancelled;
    heartbeat.scheduleWithFixedDelay(
        this::beat, HEARTBEAT.toMillis(), HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public int rank() {
    return own.rank();
  }

  @Override
  public int size() {
    return own.worldSize();
  }

  @Override
  public boolean claim(String name) {
    var request = request(LeadingTeam.CLAIMS + "/" + name).POST(BodyPublishers.noBody());
    return insist(() -> send(request, BodyHandlers.ofString())).body().equals(LeadingTeam.YES);
  }

  @Override
  public boolean has(String name) {
    return things.digest(name) != null || there().digests.containsKey(name);
  }

  @Override
  public void give(String name, Checkpoints.Writer writer) {
    things.write(name, writer);
    giving.lock();
    try {
      given.add(name);
      offer(name, there());
    } finally {
      giving.unlock();
    }
  }

  private void offer(String name, There there) {
    var digest = things.digest(name);
    var known = there.digests.get(name);
    if (known != null) {
      Things.requireSame(name, known, digest);
      return;
    }
    insist(
        () ->
            send(
                request(LeadingTeam.THINGS + "/" + name)
                    .header(LeadingTeam.DIGEST, digest.value())
                    .timeout(LONGEST_REQUEST)
                    .PUT(BodyPublishers.ofFile(things.file(name))),
                BodyHandlers.ofString()));
  }

  @Override
  public <T> T take(String name, Checkpoints.Reader<T> reader) {
    while (things.digest(name) == null) {
      insist(
          () -> {
            fetch(name);
            return name;
          });
    }
    return things.read(name, reader);
  }

  private void fetch(String name) throws IOException {
    var file = things.file("incoming-" + UUID.randomUUID());
    try {
      var answer =
          send(
              request(LeadingTeam.THINGS + "/" + name),
              info ->
                  info.statusCode() == 200
                      ? BodySubscribers.mapping(BodySubscribers.ofFile(file), Path::toString)
                      : BodySubscribers.ofString(StandardCharsets.UTF_8));
      if (answer.statusCode() == 200) {
        var digest = new Digest(answer.headers().firstValue(LeadingTeam.DIGEST).orElse(null));
        try (var in = Files.newInputStream(file)) {
          things.receive(name, digest, in);
        }
      }
    } catch (BesorolException e) {
      if (e.kind() == FailureKind.MACHINE_FAILED) {
        throw new IOException(e.getMessage(), e); // damaged on its way, or no space for now
      }
      throw e;
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** Waits until rank 0 says that nothing is left to do. */
  public void awaitDismissal() {
    while (!insist(() -> dismissed || list().done)) {
      pause(LOOK);
    }
  }

  /**
   * What rank 0 has.
   *
   * @param done whether nothing is left to do
   * @param digests of the things that are there, by name
   */
  private record There(boolean done, Map<String, Digest> digests) {
    static There of(String list) {
      var lines = list.lines().toList();
      var digests = new HashMap<String, Digest>();
      for (var line : lines.subList(1, lines.size())) {
        var parts = line.split(" ");
        digests.put(parts[0], new Digest(parts[1]));
      }
      return new There(lines.getFirst().equals(LeadingTeam.DONE), digests);
    }
  }

  private There there() {
    return insist(this::list);
  }

  private There list() throws IOException {
    var there = There.of(send(request(LeadingTeam.THINGS), BodyHandlers.ofString()).body());
    dismissed |= there.done;
    return there;
  }

  /** Rank 0 shall know that this process lives, and have all that it has given. */
  private void beat() {
    if (!giving.tryLock()) {
      return;
    }
    try {
      var there = list();
      if (!there.done) {
        for (var name : given) {
          offer(name, there);
        }
      }
    } catch (IOException | RuntimeException e) {
      // whoever needs rank 0 will be told
    } finally {
      giving.unlock();
    }
  }

  private HttpRequest.Builder request(String path) {
    var request = HttpRequest.newBuilder(rendezvous.resolve(path)).timeout(LONGEST_SILENCE);
    own.headers().forEach(request::header);
    return request;
  }

  /** Something that may fail for now. */
  @FunctionalInterface
  private interface Attempt<T> {
    T run() throws IOException;
  }

  /** Tries again until it succeeds, or rank 0 has not answered for too long. */
  private <T> T insist(Attempt<T> attempt) {
    var since = clock.instant();
    for (var pause = FIRST_PAUSE; ; pause = longer(pause)) {
      try {
        return attempt.run();
      } catch (IOException e) {
        if (Duration.between(since, clock.instant()).compareTo(patience) > 0) {
          throw BesorolException.machine(
              "Rank 0 has not answered at %s for %d s (%s): see why its pod does not run or cannot be reached."
                  .formatted(rendezvous.getAuthority(), patience.toSeconds(), e),
              e);
        }
        pause(pause);
      }
    }
  }

  private static Duration longer(Duration pause) {
    var doubled = pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }

  /**
   * Sends a request and waits for the whole answer.
   *
   * @throws IOException if there is none for now
   * @throws BesorolException if rank 0 refuses
   */
  private HttpResponse<String> send(HttpRequest.Builder request, BodyHandler<String> handler)
      throws IOException {
    var answer = await(client.sendAsync(request.build(), handler));
    if (answer.statusCode() == LeadingTeam.REFUSED) {
      throw LeadingTeam.refusal(answer.body());
    }
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(answer.body());
    }
    return answer;
  }

  private <T> T await(Future<T> future) throws IOException {
    var deadline = clock.instant().plus(LONGEST_REQUEST);
    try {
      while (clock.instant().isBefore(deadline)) {
        try {
          return future.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          if (cancelled.getAsBoolean()) {
            throw new CancelledException();
          }
        }
      }
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException();
    } finally {
      future.cancel(true);
    }
    throw new IOException("no answer for " + LONGEST_REQUEST.toSeconds() + " s");
  }

  private void pause(Duration pause) {
    if (cancelled.getAsBoolean()) {
      throw new CancelledException();
    }
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException();
    }
  }

  @Override
  public void close() {
    heartbeat.shutdownNow();
    client.shutdownNow();
    things.close();
  }
}
