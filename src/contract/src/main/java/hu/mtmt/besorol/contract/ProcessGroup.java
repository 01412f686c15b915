package hu.mtmt.besorol.contract;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The processes that train one version together, each on a node of its own, seen by one of them. A
 * process finds its group in its environment, as the programs of PyTorch's distributed training do:
 *
 * <table>
 * <caption>The environment of a process</caption>
 * <tr><th>variable</th><th>meaning</th></tr>
 * <tr><td>{@value #WORLD_SIZE}</td><td>how many processes there are; absent or 1: this one is alone</td></tr>
 * <tr><td>{@value #RANK}</td><td>the number of this process, from 0; the index of its pod in the Job</td></tr>
 * <tr><td>{@value #RENDEZVOUS}</td><td>{@code host:port} at which rank 0 listens for the others</td></tr>
 * </table>
 *
 * <p>All ranks have the same {@link TrainingPlan} and the same data. Rank 0 listens at the
 * rendezvous, gathers what the others make, writes the package and alone reports the {@link
 * TrainingResult} and the {@link Progress} of the training; the others end with exit code 0 and no
 * result, after rank 0 has told them that all is done. A rank that dies is started again alone and
 * comes back to the rendezvous under its number; the others wait for it, {@link #PATIENCE} at most.
 * So every rank keeps checkpoints of its own, in {@link #checkpoints}. The address of rank 0 need
 * not be resolvable before its pod runs: whoever seeks it tries again. The group is done when rank
 * 0 is: a rank that is started again afterwards finds nobody.
 *
 * @param rank of this process, 0 to {@code worldSize - 1}
 * @param worldSize how many processes there are, 1 or more
 * @param rendezvous where rank 0 listens, {@code host:port}; null if it is alone
 */
public record ProcessGroup(int rank, int worldSize, String rendezvous) {
  /** The environment variable with the number of this process. */
  public static final String RANK = "BESOROL_RANK";

  /** The environment variable with the number of processes. */
  public static final String WORLD_SIZE = "BESOROL_WORLD_SIZE";

  /** The environment variable with the address at which rank 0 listens. */
  public static final String RENDEZVOUS = "BESOROL_RENDEZVOUS";

  /** The port of the rendezvous in a pod. */
  public static final int PORT = 8090;

  /** How many processes a group may have. */
  public static final int LIMIT = 64;

  /**
   * How long a process waits for one that is not heard of, to be started for the first time or
   * again, before it fails as {@link FailureKind#MACHINE_FAILED}.
   */
  public static final Duration PATIENCE = Duration.ofMinutes(15);

  /** A process that trains alone. */
  public static final ProcessGroup ALONE = new ProcessGroup(0, 1, null);

  public ProcessGroup {
    if (worldSize < 1 || worldSize > LIMIT) {
      throw BesorolException.plan(
          "%s is %d: it must be from 1 to %d.".formatted(WORLD_SIZE, worldSize, LIMIT));
    }
    if (rank < 0 || rank >= worldSize) {
      throw BesorolException.plan(
          "%s is %s, but %s is %d: ranks are numbered from 0 to %d."
              .formatted(RANK, rank < 0 ? "absent" : rank, WORLD_SIZE, worldSize, worldSize - 1));
    }
    if (worldSize > 1 && !isAddress(rendezvous)) {
      throw BesorolException.plan(
          "%s is %s: %d processes need the address of rank 0 as host:port."
              .formatted(
                  RENDEZVOUS, rendezvous == null ? "absent" : "'" + rendezvous + "'", worldSize));
    }
  }

  /**
   * The group of the process with that environment.
   *
   * @throws BesorolException if a variable is missing or not what it should be
   */
  public static ProcessGroup of(Map<String, String> environment) {
    int worldSize = number(environment, WORLD_SIZE, 1);
    return worldSize == 1
        ? ALONE
        : new ProcessGroup(number(environment, RANK, -1), worldSize, environment.get(RENDEZVOUS));
  }

  private static int number(Map<String, String> environment, String variable, int absent) {
    var value = environment.get(variable);
    if (value == null || value.isBlank()) {
      return absent;
    }
    if (!value.matches("[0-9]{1,9}")) {
      throw BesorolException.plan("%s is '%s': it must be a number.".formatted(variable, value));
    }
    return Integer.parseInt(value);
  }

  private static boolean isAddress(String rendezvous) {
    return rendezvous != null
        && rendezvous.matches("[^\\s:/]+:[0-9]{1,5}")
        && port(rendezvous) <= 65535;
  }

  private static int port(String rendezvous) {
    return Integer.parseInt(rendezvous.substring(rendezvous.indexOf(':') + 1));
  }

  /** The port at which rank 0 listens. */
  public int port() {
    return port(rendezvous);
  }

  /** Whether this process alone writes the package and reports. */
  public boolean leads() {
    return rank == 0;
  }

  /**
   * Where this rank keeps its checkpoints, given the directory or prefix of the plan. That of rank
   * 0 is the plan's own, so that a training goes on with another number of nodes; the others' are
   * beside it, since whoever keeps checkpoints in a bucket removes what is not its own from below
   * its prefix.
   */
  public String checkpoints(String ofPlan) {
    return ofPlan == null || leads() ? ofPlan : ofPlan + "-rank-" + rank;
  }

  /**
   * Refuses what this group cannot train.
   *
   * @throws BesorolException if there are several processes and they cannot train it together
   */
  public void requireTrains(Algorithm algorithm) {
    if (worldSize > 1 && !algorithm.trainsOnManyNodes()) {
      throw BesorolException.plan(
          "%s cannot be trained by %d processes: %s can%s. Take one node, or one of these families."
              .formatted(
                  algorithm.type().written(),
                  worldSize,
                  Arrays.stream(AlgorithmType.values())
                      .filter(AlgorithmType::trainsOnManyNodes)
                      .map(AlgorithmType::written)
                      .collect(Collectors.joining(" and ")),
                  algorithm.type().trainsOnManyNodes()
                      ? ", but not with the loss CrammerSinger, which learns all subjects at once"
                      : ""));
    }
  }
}
