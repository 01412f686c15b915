package hu.mtmt.besorol.operator.placement;

import hu.mtmt.besorol.operator.placement.Demand.GpuDemand;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Chooses the flavor of machine for a run: of those that fit, the first that the run names, or the
 * cheapest if it names none; and rather one for which it has not waited in vain. How many of it
 * {@link NodeCount} says. A family that computes on the CPU takes no flavor with a GPU: it would
 * lie idle.
 */
public final class Placer {
  private Placer() {}

  /**
   * Where a run is placed.
   *
   * @param demand what it asks of its machines
   * @param forecast what it is expected to need
   * @param wanted names of the flavors that the run allows, the preferred first; empty for any
   * @param waited names of flavors of which no node was found in time
   * @param flavors those that there are
   */
  public static Placement place(
      Demand demand, Forecast forecast, List<String> wanted, Set<String> waited, Flavors flavors) {
    var rejected = new ArrayList<Placement.Rejected>();
    var fitting = new ArrayList<Flavor>();
    for (var flavor : candidates(wanted, flavors, rejected)) {
      obstacle(demand, flavor, flavors)
          .ifPresentOrElse(
              o -> rejected.add(new Placement.Rejected(flavor.name(), o)),
              () -> fitting.add(flavor));
    }
    var untried = fitting.stream().filter(f -> !waited.contains(f.name())).toList();
    // Where it waited in vain it waits again only if nothing else is left, and then on the last.
    var choices =
        untried.isEmpty()
            ? fitting.stream().skip(Math.max(0, fitting.size() - 1)).toList()
            : untried;
    fitting.stream()
        .filter(f -> !choices.contains(f))
        .forEach(
            f ->
                rejected.add(
                    new Placement.Rejected(
                        f.name(),
                        "No node of it was found within spec.placement.fallbackSeconds.")));
    var counts = choices.stream().map(f -> count(demand, f, forecast, flavors)).toList();
    return new Placement(
        IntStream.range(0, counts.size())
            .mapToObj(i -> new Placement.Choice(choices.get(i), counts.get(i).nodes()))
            .toList(),
        forecast,
        choices.isEmpty()
            ? noneFits(demand, wanted, flavors)
            : reason(demand, choices.getFirst(), wanted)
                + counts.getFirst().reason().map(" "::concat).orElse(""),
        rejected);
  }

  private static NodeCount count(Demand demand, Flavor flavor, Forecast forecast, Flavors flavors) {
    var asked = demand.nodes();
    var limits =
        Stream.of(
            Optional.ofNullable(flavor.nodes()),
            flavors.quota(demand.namespace(), flavor.name()),
            Optional.ofNullable(demand.found().get(flavor.name()))
                .filter(n -> n >= asked.minimum()));
    int available = limits.flatMap(Optional::stream).reduce(asked.maximum(), Math::min);
    return NodeCount.choose(
        asked, available, forecast.secondsOn(flavor), forecast.memoryMebibytes());
  }

  /** The flavors that a run may be placed on, the preferred first. */
  private static List<Flavor> candidates(
      List<String> wanted, Flavors flavors, List<Placement.Rejected> rejected) {
    if (wanted.isEmpty()) {
      return flavors.all().stream()
          .sorted(Comparator.comparing(f -> new BigDecimal(f.costPerHour())))
          .toList();
    }
    var found = new ArrayList<Flavor>();
    for (var name : wanted) {
      flavors
          .named(name)
          .ifPresentOrElse(
              found::add,
              () -> rejected.add(new Placement.Rejected(name, "There is no flavor of this name.")));
    }
    return found;
  }

  private static Optional<String> obstacle(Demand demand, Flavor flavor, Flavors flavors) {
    int nodes = demand.nodes().minimum();
    if (flavor.nodes() != null && flavor.nodes() < nodes) {
      return Optional.of(
          "The run takes %d %s at one time, and runs may take %d of this flavor."
              .formatted(nodes, nodes == 1 ? "node" : "nodes", flavor.nodes()));
    }
    var quota = flavors.quota(demand.namespace(), flavor.name());
    if (quota.filter(q -> q < nodes).isPresent()) {
      return Optional.of(
          "The run takes %d at one time, and namespace %s may take %d of this flavor."
              .formatted(nodes, demand.namespace(), quota.get()));
    }
    var gpu = gpuObstacle(demand, flavor);
    if (gpu.isPresent()) {
      return gpu;
    }
    return tooLittle("memory", demand.memoryMebibytes(), OptionalLong.of(flavor.memoryMebibytes()))
        .or(() -> tooLittle("disk", demand.diskMebibytes(), flavor.diskMebibytes()));
  }

  private static Optional<String> gpuObstacle(Demand demand, Flavor flavor) {
    var algorithm = demand.algorithm().written();
    if (demand.gpu().isEmpty()) {
      return flavor.gpu() == null
          ? Optional.empty()
          : Optional.of(
              "%s computes on the CPU: the GPU of this flavor would lie idle."
                  .formatted(algorithm));
    }
    if (flavor.gpu() == null) {
      return Optional.of("%s computes on a GPU, and this flavor has none.".formatted(algorithm));
    }
    return gpuObstacle(demand.gpu().get(), flavor.gpu());
  }

  private static Optional<String> gpuObstacle(GpuDemand demand, Flavor.Gpu gpu) {
    return older("compute capability", gpu.computeCapability(), demand.computeCapability())
        .or(() -> older("driver", gpu.driver(), demand.driver()))
        .or(
            () ->
                tooLittle(
                    "GPU memory",
                    OptionalLong.of(demand.memoryMebibytes()),
                    OptionalLong.of(gpu.memoryMebibytes())));
  }

  /** What a flavor does not tell is not held against it. */
  private static Optional<String> older(String what, String has, String needed) {
    return has == null || needed == null || Arrays.compare(numbers(has), numbers(needed)) >= 0
        ? Optional.empty()
        : Optional.of("Its %s is %s, and at least %s is needed.".formatted(what, has, needed));
  }

  private static int[] numbers(String version) {
    return Arrays.stream(version.split("\\.")).mapToInt(Integer::parseInt).toArray();
  }

  private static Optional<String> tooLittle(String what, OptionalLong needed, OptionalLong has) {
    return needed.isEmpty() || has.isEmpty() || needed.getAsLong() <= has.getAsLong()
        ? Optional.empty()
        : Optional.of(
            "%d MiB of %s are missing: a pod needs %d MiB and gets %d MiB."
                .formatted(
                    needed.getAsLong() - has.getAsLong(),
                    what,
                    needed.getAsLong(),
                    has.getAsLong()));
  }

  private static String reason(Demand demand, Flavor flavor, List<String> wanted) {
    var why =
        wanted.isEmpty()
            ? "%s is the cheapest flavor that fits".formatted(flavor.name())
            : "%s is the first flavor in spec.placement.flavors that fits".formatted(flavor.name());
    return demand.memoryMebibytes().isPresent()
        ? "%s: a pod needs about %d MiB of memory%s."
            .formatted(why, demand.memoryMebibytes().getAsLong(), disk(demand))
        : why + ": how much memory a pod needs is known once one has read the data.";
  }

  /** Most runs keep next to nothing on their node's disk. */
  private static String disk(Demand demand) {
    return demand.diskMebibytes().stream()
        .filter(d -> d > 0)
        .mapToObj(" and %d MiB of disk"::formatted)
        .findFirst()
        .orElse("");
  }

  private static String noneFits(Demand demand, List<String> wanted, Flavors flavors) {
    var existing = flavors.all().stream().map(Flavor::name).collect(Collectors.joining(", "));
    return "No flavor %sfits %s: create another run that allows one that fits, or have one added to the operator's flavors (there are: %s).%s"
        .formatted(
            wanted.isEmpty() ? "" : "in spec.placement.flavors ",
            demand.algorithm().written(),
            existing.isEmpty() ? "none" : existing,
            flavors.problem().map(" "::concat).orElse(""));
  }
}
