package hu.mtmt.besorol.trainer.team;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hu.mtmt.besorol.classifiers.CancelledException;
import hu.mtmt.besorol.classifiers.Checkpoints;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.FailureKind;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Processes of a group over real connections, but in one process. */
@Timeout(30)
class TeamsTest {
  private static final Digest PLAN = Digest.of("plan".getBytes());
  private static final Duration LONG = Duration.ofMinutes(1);

  private final List<AutoCloseable> opened = new ArrayList<>();
  private int port;

  @BeforeEach
  void findPort() throws IOException {
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
  }

  @AfterEach
  void close() throws Exception {
    for (var team : opened) {
      team.close();
    }
  }

  private LeadingTeam leader(int size) {
    return leader(size, LONG, () -> false);
  }

  private LeadingTeam leader(int size, Duration patience, BooleanSupplier cancelled) {
    return opened(
        new LeadingTeam(
            new Membership(0, size, PLAN, "1"), port, Clock.systemUTC(), patience, cancelled));
  }

  private FollowingTeam follower(int rank, int size) {
    return follower(new Membership(rank, size, PLAN, "1"), LONG, () -> false);
  }

  private FollowingTeam follower(Membership member, Duration patience, BooleanSupplier cancelled) {
    return opened(
        new FollowingTeam(member, "127.0.0.1:" + port, Clock.systemUTC(), patience, cancelled));
  }

  private <T extends AutoCloseable> T opened(T team) {
    opened.add(team);
    return team;
  }

  private static Checkpoints.Writer number(int number) {
    return out -> out.writeInt(number);
  }

  @Test
  void whatOneGivesAllCanTake() {
    var leader = leader(3);
    var first = follower(1, 3);
    var second = follower(2, 3);
    leader.give("a", number(1));
    first.give("b", number(2));

    assertThat(second.take("a", DataInputStream::readInt)).isEqualTo(1);
    assertThat(second.take("b", DataInputStream::readInt)).isEqualTo(2);
    assertThat(leader.take("b", DataInputStream::readInt)).isEqualTo(2);
    assertThat(leader.has("b")).isTrue();
    assertThat(leader.has("c")).isFalse();
    assertThat(second.has("b")).isTrue();
  }

  @Test
  void takingWaitsUntilItIsThere() {
    var leader = leader(2);
    var follower = follower(1, 2);
    var taken =
        CompletableFuture.supplyAsync(() -> follower.take("late", DataInputStream::readInt));
    var takenToo =
        CompletableFuture.supplyAsync(() -> leader.take("late", DataInputStream::readInt));
    leader.give("late", number(7));
    assertThat(taken.join()).isEqualTo(7);
    assertThat(takenToo.join()).isEqualTo(7);
  }

  @Test
  void aThingIsClaimedByOne() {
    var leader = leader(3);
    var follower = follower(1, 3);
    assertThat(follower.claim("x")).isTrue();
    assertThat(follower.claim("x")).as("started again").isTrue();
    assertThat(leader.claim("x")).isFalse();
    assertThat(follower(2, 3).claim("x")).isFalse();
    assertThat(leader.claim("y")).isTrue();
    assertThat(follower.claim("y")).isFalse();
    follower.give("z", number(1));
    assertThat(leader.claim("z")).as("is there already").isFalse();
  }

  @Test
  void aLeaderThatIsStartedAgainGetsEverythingAgain() {
    var before = leader(2);
    var follower = follower(1, 2);
    follower.give("a", number(1));
    before.close();
    var waiting = CompletableFuture.supplyAsync(() -> follower.take("b", DataInputStream::readInt));

    var after = leader(2);
    assertThat(after.take("a", DataInputStream::readInt)).isEqualTo(1);
    after.give("b", number(2));
    assertThat(waiting.join()).isEqualTo(2);
  }

  @Test
  void followersMayComeBeforeTheLeader() {
    var follower = follower(1, 2);
    var giving = CompletableFuture.runAsync(() -> follower.give("a", number(3)));
    assertThat(leader(2).take("a", DataInputStream::readInt)).isEqualTo(3);
    giving.join();
  }

  @Test
  void allAreDismissed() {
    var leader = leader(3);
    var ends =
        List.of(
            CompletableFuture.runAsync(follower(1, 3)::awaitDismissal),
            CompletableFuture.runAsync(follower(2, 3)::awaitDismissal));
    assertThat(ends).noneMatch(CompletableFuture::isDone);
    leader.dismiss();
    ends.forEach(CompletableFuture::join);
  }

  @Test
  void whatTheHeartbeatHearsDismissesWhoAsksLater() {
    var leader = leader(2);
    var follower = follower(1, 2);
    leader.dismiss(); // returns when the follower's heartbeat has heard it
    leader.close();
    follower.awaitDismissal();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | 2 | other | 1 | Rank 1 has another plan (d9298a10d1b0) than rank 0",
        "1 | 3 | plan  | 1 | Rank 1 was told of 3 processes, rank 0 of 2: give all the same"
            + " BESOROL_WORLD_SIZE.",
        "1 | 2 | plan  | 2 | Rank 1 is besorol 2, rank 0 is besorol 1: give all processes the same"
            + " image.",
        "0 | 2 | plan  | 1 | There is no rank 0 to come to rank 0 of 2 processes",
        "2 | 2 | plan  | 1 | There is no rank 2 to come to rank 0 of 2 processes"
      })
  void refusesWhoDoesNotBelongToIt(
      int rank, int size, String plan, String version, String message) {
    leader(2);
    var stranger =
        follower(
            new Membership(rank, size, Digest.of(plan.getBytes()), version), LONG, () -> false);
    assertThatThrownBy(() -> stranger.claim("x"))
        .isInstanceOfSatisfying(
            BesorolException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.PLAN_INVALID))
        .hasMessageContaining(message);
  }

  @Test
  void twoResultsOfOneNameAreADefect() {
    leader(2).give("a", number(1));
    var follower = follower(1, 2);
    assertThatThrownBy(() -> follower.give("a", number(2)))
        .isInstanceOfSatisfying(
            BesorolException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.PROGRAM_FAILED))
        .hasMessageContaining("Two processes made different things of one name, a");
  }

  @Test
  void waitingHasAnEnd() {
    var follower = follower(new Membership(1, 2, PLAN, "1"), Duration.ofMillis(1), () -> false);
    assertThatThrownBy(() -> follower.claim("x"))
        .isInstanceOfSatisfying(
            BesorolException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.MACHINE_FAILED))
        .hasMessageStartingWith("Rank 0 has not answered at 127.0.0.1:" + port);
    var leader = leader(3, Duration.ofMillis(1), () -> false);
    assertThatThrownBy(() -> leader.take("x", DataInputStream::readInt))
        .isInstanceOf(BesorolException.class)
        .hasMessageStartingWith("Nothing was heard of ranks 1, 2 for");
  }

  @Test
  void whoWaitsStopsWhenItIsAsked() {
    var stop = new AtomicBoolean();
    var follower = follower(new Membership(1, 2, PLAN, "1"), LONG, stop::get);
    var leader = leader(2, LONG, stop::get);
    var waiting =
        List.of(
            CompletableFuture.supplyAsync(() -> leader.take("x", DataInputStream::readInt)),
            CompletableFuture.supplyAsync(() -> follower.take("x", DataInputStream::readInt)));
    stop.set(true);
    for (var one : waiting) {
      assertThatThrownBy(one::join).hasCauseInstanceOf(CancelledException.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, /things/a, 400",
    "PUT, /things/..%2Fa, 404",
    "GET, /things/A, 404",
    "DELETE, /things/a, 404",
    "GET, /, 404"
  })
  void answersOnlyWhatItKnows(String method, String path, int status) throws Exception {
    leader(2);
    var member = new Membership(1, 2, PLAN, "1");
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .method(method, BodyPublishers.noBody());
      assertThat(client.send(request.build(), BodyHandlers.ofString()).statusCode())
          .as("a stranger")
          .isEqualTo(409);
      member.headers().forEach(request::header);
      assertThat(client.send(request.build(), BodyHandlers.ofString()).statusCode())
          .isEqualTo(status);
    }
  }

  @Test
  void damagedThingsAreNotKept() throws Exception {
    var leader = leader(2);
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/things/a"))
            .header("Besorol-Digest", PLAN.value())
            .PUT(BodyPublishers.ofString("not the plan"));
    new Membership(1, 2, PLAN, "1").headers().forEach(request::header);
    try (var client = HttpClient.newHttpClient()) {
      assertThat(client.send(request.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(503);
    }
    assertThat(leader.has("a")).isFalse();
  }
}
