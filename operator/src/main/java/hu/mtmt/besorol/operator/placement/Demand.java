package hu.mtmt.besorol.operator.placement;

import hu.mtmt.besorol.api.TrainingRunSpec.Nodes;
import hu.mtmt.besorol.contract.AlgorithmType;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a run asks of its machines.
 *
 * @param namespace whose quota holds
 * @param algorithm what learns
 * @param nodes how many machines it takes, all at the same time
 * @param found by flavor, how many nodes there were when there were too few; empty if nothing is
 *     known
 * @param memoryMebibytes what each pod needs, in MiB; empty if the data was never read
 * @param diskMebibytes what each pod needs of its node's disk, in MiB; empty if nothing like it was
 *     ever begun
 * @param gpu what it asks of a GPU; empty if it computes on the CPU
 */
public record Demand(
    String namespace,
    AlgorithmType algorithm,
    Nodes nodes,
    Map<String, Integer> found,
    OptionalLong memoryMebibytes,
    OptionalLong diskMebibytes,
    Optional<GpuDemand> gpu) {
  public Demand {
    found = Map.copyOf(found);
  }

  /**
   * What is asked of a GPU.
   *
   * @param memoryMebibytes of one, in MiB
   * @param computeCapability the lowest that image and algorithm run on, such as 7.0
   * @param driver the oldest that the image runs on, such as 525.60.13
   */
  public record GpuDemand(long memoryMebibytes, String computeCapability, String driver) {}

  /**
   * Of an algorithm on so many machines, of which so many were found when there were too few.
   *
   * @param forecast what it is expected to need
   */
  public static Demand of(
      String namespace,
      AlgorithmType algorithm,
      Nodes nodes,
      Map<String, Integer> found,
      Forecast forecast) {
    return switch (algorithm) {
      case TFIDF_NEAREST, LINEAR, BONSAI, DECISION_TREE, LABEL_MATCH, ENSEMBLE ->
          new Demand(
              namespace,
              algorithm,
              nodes,
              found,
              forecast.memoryMebibytes(),
              forecast.diskMebibytes(),
              Optional.empty());
    };
  }
}
