package hu.mtmt.besorol.trainer.team;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.ProcessGroup;
import hu.mtmt.besorol.contract.TrainingPlan;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What a process says of itself with every request, and what must agree with rank 0.
 *
 * @param rank of the process
 * @param worldSize how many processes it was told that there are
 * @param plan digest of its plan
 * @param version of its program
 */
record Membership(int rank, int worldSize, Digest plan, String version) {
  private static final String RANK = "Besorol-Rank";
  private static final String WORLD_SIZE = "Besorol-World-Size";
  private static final String PLAN = "Besorol-Plan";
  private static final String VERSION = "Besorol-Version";

  static Membership of(ProcessGroup group, TrainingPlan plan, String version) {
    return new Membership(
        group.rank(), group.worldSize(), Digest.of(ContractJson.writeLine(plan)), version);
  }

  /** The headers of a request. */
  Map<String, String> headers() {
    var headers = new LinkedHashMap<String, String>();
    headers.put(RANK, Integer.toString(rank));
    headers.put(WORLD_SIZE, Integer.toString(worldSize));
    headers.put(PLAN, plan.value());
    headers.put(VERSION, version);
    return headers;
  }

  /**
   * The member of whom a request is.
   *
   * @param headers the value of a header, or null
   * @throws BesorolException if they are not those of a member
   */
  static Membership of(UnaryOperator<String> headers) {
    try {
      var version = headers.apply(VERSION);
      if (version != null) {
        return new Membership(
            Integer.parseInt(headers.apply(RANK)),
            Integer.parseInt(headers.apply(WORLD_SIZE)),
            new Digest(headers.apply(PLAN)),
            version);
      }
    } catch (IllegalArgumentException e) {
      // as if they were missing
    }
    throw BesorolException.plan(
        "Only processes that train together are answered here: the headers %s, %s, %s and %s must say which."
            .formatted(RANK, WORLD_SIZE, PLAN, VERSION));
  }

  /**
   * Refuses a process that does not belong to this one, which leads.
   *
   * @throws BesorolException that says what differs
   */
  void requireFits(Membership other) {
    if (!version.equals(other.version)) {
      throw BesorolException.plan(
          "Rank %d is besorol %s, rank 0 is besorol %s: give all processes the same image."
              .formatted(other.rank, other.version, version));
    }
    if (worldSize != other.worldSize) {
      throw BesorolException.plan(
          "Rank %d was told of %d processes, rank 0 of %d: give all the same %s."
              .formatted(other.rank, other.worldSize, worldSize, ProcessGroup.WORLD_SIZE));
    }
    if (other.rank < 1 || other.rank >= worldSize) {
      throw BesorolException.plan(
          "There is no rank %d to come to rank 0 of %d processes: give each its own %s."
              .formatted(other.rank, worldSize, ProcessGroup.RANK));
    }
    if (!plan.equals(other.plan)) {
      throw BesorolException.plan(
          "Rank %d has another plan (%s) than rank 0 (%s): give all processes of a training the same plan.json, and %s that of their own rank 0."
              .formatted(
                  other.rank,
                  other.plan.abbreviated(),
                  plan.abbreviated(),
                  ProcessGroup.RENDEZVOUS));
    }
  }
}
