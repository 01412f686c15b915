package hu.mtmt.besorol.operator.placement;

import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.api.TrainingRunStatus.Attempt;
import hu.mtmt.besorol.contract.Footprint;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * What a run is expected to need.
 *
 * <p>Memory: what its own pod estimated from the data; else what one of the newest {@value
 * History#WINDOW} runs of the same algorithm on the same data did; else the largest of the newest
 * {@value History#WINDOW} runs of that type, in proportion to the documents, once any run has
 * counted them. That times a correction: the median of used by estimated memory of the newest
 * {@value History#WINDOW} complete runs of that type, at least 1, as estimates are lower bounds,
 * and at most {@value #LARGEST_CORRECTION}. And where a pod had too little memory, {@value
 * #AFTER_FAILURE} times of what it had, at least.
 *
 * <p>Disk of its node: likewise, but never in proportion to other data, as it depends most on where
 * data and packages are.
 *
 * <p>Time: the median of the newest {@value History#WINDOW} complete runs of that type, in
 * proportion to the documents and in inverse proportion to the CPUs; on several nodes as {@link
 * NodeCount} says.
 *
 * @param memoryMebibytes of each pod, in MiB; empty if the data was never read
 * @param diskMebibytes of each pod's node, in MiB; empty if nothing like it was ever begun
 * @param documents to learn from; empty if they were never counted
 * @param secondsOfOneCpu how long it takes, times CPUs; empty if nothing like it was ever trained
 */
public record Forecast(
    OptionalLong memoryMebibytes,
    OptionalLong diskMebibytes,
    Optional<Integer> documents,
    OptionalDouble secondsOfOneCpu) {
  /** Nothing is known. */
  public static final Forecast UNKNOWN =
      new Forecast(
          OptionalLong.empty(), OptionalLong.empty(), Optional.empty(), OptionalDouble.empty());

  static final double LARGEST_CORRECTION = 2;
  static final double AFTER_FAILURE = 1.25;

  private static final Need MEMORY =
      new Need(Footprint::estimatedMemoryMiB, Footprint::usedMemoryMiB);
  private static final Need DISK = new Need(Footprint::estimatedDiskMiB, Footprint::usedDiskMiB);

  /** Something that a pod needs of its machine, in MiB, as it was estimated and used. */
  private record Need(Function<Footprint, Integer> estimated, Function<Footprint, Integer> used) {
    Optional<Double> estimated(Stream<Footprint> footprints) {
      return footprints
          .map(estimated)
          .filter(Objects::nonNull)
          .findFirst()
          .map(Integer::doubleValue);
    }

    /** By how much estimates were too low. */
    double correction(List<PastRun> complete) {
      var ratio =
          median(
              complete.stream()
                  .map(PastRun::footprint)
                  .filter(f -> used.apply(f) != null && estimated.apply(f) != null)
                  .filter(f -> estimated.apply(f) > 0)
                  .mapToDouble(f -> (double) used.apply(f) / estimated.apply(f)));
      return Math.clamp(ratio.orElse(1), 1, LARGEST_CORRECTION);
    }
  }

  /**
   * Expects.
   *
   * @param own what the run's own pods have counted
   * @param attempts of the run that were given up
   * @param history what is known of runs
   * @param flavors for their CPUs
   */
  public static Forecast of(
      TrainingRun run,
      Optional<Footprint> own,
      List<Attempt> attempts,
      History history,
      Flavors flavors) {
    var data = run.getSpec().training().digest();
    var algorithm = run.getSpec().algorithm();
    var onData = history.on(data);
    var documents =
        Stream.concat(own.stream(), onData.stream().map(PastRun::footprint))
            .map(Footprint::documents)
            .filter(d -> d != null && d > 0)
            .findFirst();
    var alike = history.of(algorithm, data);
    var complete = history.complete(algorithm.type());
    var estimate =
        MEMORY
            .estimated(own.stream())
            .or(() -> MEMORY.estimated(alike.stream().map(PastRun::footprint)))
            .or(() -> documents.flatMap(d -> inProportion(history.of(algorithm.type()), d)));
    Supplier<Stream<Attempt>> failed =
        () ->
            Stream.concat(
                attempts.stream(),
                history.failed(algorithm, data).stream().flatMap(p -> p.attempts().stream()));
    var memory =
        DoubleStream.concat(
                estimate.stream().mapToDouble(e -> e * MEMORY.correction(complete)),
                failed
                    .get()
                    .filter(Attempt::tooLittleMemory)
                    // A pod that only told how much it needs has told enough.
                    .filter(a -> estimate.filter(e -> e > a.memoryMiB()).isEmpty())
                    .mapToDouble(a -> AFTER_FAILURE * a.memoryMiB()))
            .max();
    var disk =
        DoubleStream.concat(
                DISK
                    .estimated(Stream.concat(own.stream(), alike.stream().map(PastRun::footprint)))
                    .stream()
                    .mapToDouble(e -> e * DISK.correction(complete)),
                failed
                    .get()
                    .filter(Attempt::tooLittleDisk)
                    .flatMap(a -> flavors.named(a.flavor()).stream())
                    .flatMapToLong(f -> f.diskMebibytes().stream())
                    .mapToDouble(had -> AFTER_FAILURE * had))
            .max();
    return new Forecast(
        whole(memory),
        whole(disk),
        documents,
        documents.isPresent()
            ? median(complete.stream().flatMapToDouble(p -> ofOneCpu(p, documents.get(), flavors)))
            : OptionalDouble.empty());
  }

  private static OptionalLong whole(OptionalDouble mebibytes) {
    return mebibytes.isPresent()
        ? OptionalLong.of((long) Math.ceil(mebibytes.getAsDouble()))
        : OptionalLong.empty();
  }

  private static Optional<Double> inProportion(List<PastRun> runs, int documents) {
    return runs.stream()
        .filter(known(p -> p.footprint().estimatedMemoryMiB() != null))
        .map(
            p ->
                (double) p.footprint().estimatedMemoryMiB() * documents / p.footprint().documents())
        .max(Comparator.naturalOrder());
  }

  private static Predicate<PastRun> known(Predicate<PastRun> too) {
    return p -> p.footprint().documents() != null && p.footprint().documents() > 0 && too.test(p);
  }

  private static DoubleStream ofOneCpu(PastRun past, int documents, Flavors flavors) {
    return Stream.of(past)
        .filter(known(p -> p.seconds().isPresent()))
        .flatMap(p -> flavors.named(p.flavor()).stream())
        .mapToDouble(
            f ->
                past.seconds().get()
                    / NodeCount.shareOf(past.nodes())
                    * f.cpus()
                    * documents
                    / past.footprint().documents());
  }

  /** The upper of the two middle ones if there are two. */
  private static OptionalDouble median(DoubleStream values) {
    var sorted = values.sorted().toArray();
    return sorted.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(sorted[sorted.length / 2]);
  }

  /** How long it is expected to take on one node of that flavor, in seconds. */
  public OptionalDouble secondsOn(Flavor flavor) {
    return secondsOfOneCpu.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(secondsOfOneCpu.getAsDouble() / flavor.cpus());
  }

  /** How long it is expected to take on so many nodes of that flavor, in seconds. */
  public Optional<Integer> secondsOn(Flavor flavor, int nodes) {
    return secondsOn(flavor).stream()
        .mapToObj(
            one ->
                (int)
                    Math.clamp(
                        Math.ceil(NodeCount.seconds(one, nodes, memoryMebibytes)),
                        1,
                        Integer.MAX_VALUE))
        .findFirst();
  }
}
