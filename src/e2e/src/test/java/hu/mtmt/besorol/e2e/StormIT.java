package hu.mtmt.besorol.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A small storm, after all other tests: it replaces most of what the cluster is made of. */
@ClusterTest
@Order(Integer.MAX_VALUE)
class StormIT {
  private static final int FAULTS = 10;
  private static final long SEED = 7;
  private static final Duration PAUSE = Duration.ofSeconds(45);

  @Test
  void everythingEndsAsIfNothingHadBroken(Cluster cluster) throws Exception {
    var report = new Storm(cluster, Cluster.NODES, PAUSE).blow(Fault.of(FAULTS, SEED));

    System.out.printf(
        "%d faults, seed %d: %d runs, %d answers, %d repetitions, %d failed requests.%n",
        FAULTS,
        SEED,
        report.runs(),
        report.answers(),
        report.repeatedRequests(),
        report.failedRequests().size());
    report.failedRequests().stream().distinct().limit(5).forEach(System.out::println);
    assertThat(report.violations()).isEmpty();
  }
}
