package hu.mtmt.besorol.operator.placement;

import hu.mtmt.besorol.contract.AlgorithmType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Chooses the flavor of machine for a run: of those that fit, the first that the run names, or the
 * cheapest if it names none. A family that computes on the CPU takes no flavor with a GPU: it would
 * lie idle.
 */
public final class Placer {
  private Placer() {}

  /**
   * Where a run is placed.
   *
   * @param algorithm what learns
   * @param wanted names of the flavors that the run allows, the preferred first; empty for any
   * @param flavors those that there are
   */
  public static Placement place(AlgorithmType algorithm, List<String> wanted, Flavors flavors) {
    var rejected = new ArrayList<Placement.Rejected>();
    var candidates = wanted.isEmpty() ? cheapestFirst(flavors) : named(wanted, flavors, rejected);
    Optional<Flavor> chosen = Optional.empty();
    for (var flavor : candidates) {
      var obstacle = obstacle(algorithm, flavor);
      if (obstacle.isPresent()) {
        rejected.add(new Placement.Rejected(flavor.name(), obstacle.get()));
      } else if (chosen.isEmpty()) {
        chosen = Optional.of(flavor);
      }
    }
    return new Placement(
        chosen,
        chosen
            .map(flavor -> reason(flavor, wanted))
            .orElseGet(() -> noneFits(algorithm, wanted, flavors)),
        rejected);
  }

  private static List<Flavor> cheapestFirst(Flavors flavors) {
    return flavors.all().stream()
        .sorted(Comparator.comparing(f -> new BigDecimal(f.costPerHour())))
        .toList();
  }

  private static List<Flavor> named(
      List<String> wanted, Flavors flavors, List<Placement.Rejected> rejected) {
    var found = new ArrayList<Flavor>();
    for (var name : wanted) {
      var flavor = flavors.all().stream().filter(f -> f.name().equals(name)).findFirst();
      flavor.ifPresentOrElse(
          found::add,
          () -> rejected.add(new Placement.Rejected(name, "There is no flavor of this name.")));
    }
    return found;
  }

  private static Optional<String> obstacle(AlgorithmType algorithm, Flavor flavor) {
    return switch (algorithm) {
      case TFIDF_NEAREST, LINEAR, BONSAI, DECISION_TREE, LABEL_MATCH, ENSEMBLE ->
          flavor.gpu() == null
              ? Optional.empty()
              : Optional.of(
                  "%s computes on the CPU: the GPU of this flavor would lie idle."
                      .formatted(algorithm.written()));
    };
  }

  private static String reason(Flavor flavor, List<String> wanted) {
    return wanted.isEmpty()
        ? "%s is the cheapest flavor that fits.".formatted(flavor.name())
        : "%s is the first flavor in spec.placement.flavors that fits.".formatted(flavor.name());
  }

  private static String noneFits(AlgorithmType algorithm, List<String> wanted, Flavors flavors) {
    var existing = flavors.all().stream().map(Flavor::name).collect(Collectors.joining(", "));
    return "No flavor %sfits %s: create another run that allows one that fits, or have one added to the operator's flavors (there are: %s)."
        .formatted(
            wanted.isEmpty() ? "" : "in spec.placement.flavors ", algorithm.written(), existing);
  }
}
