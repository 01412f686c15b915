package hu.mtmt.besorol.operator.placement;

import java.util.List;
import java.util.Optional;

/**
 * Where a run is placed.
 *
 * @param flavor the machine, or empty if none fits
 * @param reason why, or why none, in a sentence
 * @param rejected the flavors that do not fit
 */
public record Placement(Optional<Flavor> flavor, String reason, List<Rejected> rejected) {
  public Placement {
    rejected = List.copyOf(rejected);
  }

  /**
   * A flavor that does not fit.
   *
   * @param flavor its name
   * @param reason why, in a sentence
   */
  public record Rejected(String flavor, String reason) {}
}
