package hu.mtmt.besorol.operator.placement;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a run is placed.
 *
 * @param choices the machines that fit, the preferred first
 * @param forecast what it is expected to need there
 * @param reason why, or why none, in a sentence
 * @param rejected the flavors that do not fit
 */
public record Placement(
    List<Choice> choices, Forecast forecast, String reason, List<Rejected> rejected) {
  public Placement {
    choices = List.copyOf(choices);
    rejected = List.copyOf(rejected);
  }

  /**
   * Machines that fit.
   *
   * @param flavor which
   * @param nodes how many of them
   */
  public record Choice(Flavor flavor, int nodes) {}

  /**
   * How long the run is expected to take on how many machines of a choice.
   *
   * @param fewest of them
   * @return empty if it takes no fewer, or if nothing like it was ever trained
   */
  public SortedMap<Integer, Integer> seconds(Choice choice, int fewest) {
    var seconds = new TreeMap<Integer, Integer>();
    for (int n = fewest; fewest < choice.nodes() && n <= choice.nodes(); n++) {
      int nodes = n;
      forecast.secondsOn(choice.flavor(), n).ifPresent(s -> seconds.put(nodes, s));
    }
    return seconds;
  }

  /** The preferred machine, or empty if none fits. */
  public Optional<Flavor> flavor() {
    return choices.stream().map(Choice::flavor).findFirst();
  }

  /** How many of the preferred machine; empty if none fits. */
  public Optional<Integer> nodes() {
    return choices.stream().map(Choice::nodes).findFirst();
  }

  /**
   * The same on the choice of that name, which may be there because a better one is taken.
   *
   * @param nodes how many it was given
   */
  public Placement on(String flavor, int nodes) {
    var preferred = flavor().filter(f -> f.name().equals(flavor)).isPresent();
    if (preferred && nodes().filter(n -> n == nodes).isPresent()) {
      return this;
    }
    return new Placement(
        choices.stream()
            .map(Choice::flavor)
            .filter(f -> f.name().equals(flavor))
            .map(f -> new Choice(f, nodes))
            .toList(),
        forecast,
        preferred
            ? reasonOn(flavor, nodes)
            : "%s is free, and %s was not within spec.placement.fallbackSeconds."
                .formatted(flavor, choices.getFirst().flavor().name()),
        rejected);
  }

  private String reasonOn(String flavor, int nodes) {
    int wanted = nodes().orElseThrow();
    return nodes >= wanted
        ? reason
        : "%d of %d nodes of %s are free, and on them the run is expected to end sooner than if it waited for all."
            .formatted(nodes, wanted, flavor);
  }

  /**
   * A flavor that does not fit.
   *
   * @param flavor its name
   * @param reason why, in a sentence
   */
  public record Rejected(String flavor, String reason) {}
}
