package hu.mtmt.besorol.operator.placement;

import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.AlgorithmType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is known of runs, in the order in which it is asked for. It is put together when it is asked
 * for first: most questions about runs need none of it.
 */
public final class History {

  /** So many of the newest runs tell of others. */
  static final int WINDOW = 10;

  private static final Comparator<PastRun> NEWEST_FIRST =
      Comparator.comparing(PastRun::time).reversed();

  private final Supplier<Stream<PastRun>> runs;
  private Sorted sorted;

  /** What runs have in common that do the same with the same data. */
  private record Work(Algorithm algorithm, String data) {
    static Work of(PastRun run) {
      return new Work(run.algorithm(), run.data());
    }
  }

  /**
   * The newest first.
   *
   * @param failed those that left a machine as it was too small
   */
  private record Sorted(
      Map<String, List<PastRun>> byData,
      Map<Work, List<PastRun>> byWork,
      Map<Work, List<PastRun>> failed,
      Map<AlgorithmType, List<PastRun>> byType) {

    static Sorted of(Stream<PastRun> runs) {
      var newest = runs.sorted(NEWEST_FIRST).toList();
      return new Sorted(
          newest.stream().collect(Collectors.groupingBy(PastRun::data)),
          newest.stream().collect(Collectors.groupingBy(Work::of)),
          newest.stream().filter(Sorted::hasFailed).collect(Collectors.groupingBy(Work::of)),
          newest.stream().collect(Collectors.groupingBy(History::type)));
    }

    private static boolean hasFailed(PastRun run) {
      return !run.attempts().isEmpty();
    }

    Sorted with(Optional<PastRun> before, Optional<PastRun> now) {
      return new Sorted(
          with(byData, PastRun::data, before, now),
          with(byWork, Work::of, before, now),
          with(failed, Work::of, before.filter(Sorted::hasFailed), now.filter(Sorted::hasFailed)),
          with(byType, History::type, before, now));
    }

    /** Lists in which nothing changes are shared. */
    private static <K> Map<K, List<PastRun>> with(
        Map<K, List<PastRun>> lists,
        Function<PastRun, K> key,
        Optional<PastRun> before,
        Optional<PastRun> now) {
      if (before.isEmpty() && now.isEmpty()) {
        return lists;
      }
      var changed = new HashMap<>(lists);
      before.ifPresent(
          run -> changed.computeIfPresent(key.apply(run), (k, list) -> without(list, run)));
      now.ifPresent(
          run ->
              changed.compute(
                  key.apply(run), (k, list) -> with(list == null ? List.of() : list, run)));
      return changed;
    }

    private static List<PastRun> without(List<PastRun> list, PastRun run) {
      var fewer = new ArrayList<>(list);
      fewer.removeIf(r -> r == run);
      return fewer.isEmpty() ? null : fewer;
    }

    private static List<PastRun> with(List<PastRun> list, PastRun run) {
      var more = new ArrayList<PastRun>(list.size() + 1);
      more.addAll(list);
      int place = Collections.binarySearch(list, run, NEWEST_FIRST);
      more.add(place < 0 ? -place - 1 : place, run);
      return more;
    }
  }

  /**
   * @param runs is asked once
   */
  public History(Supplier<Stream<PastRun>> runs) {
    this.runs = runs;
  }

  /** Nothing is known. */
  public static History empty() {
    return new History(Stream::empty);
  }

  /**
   * What is known when a run has changed.
   *
   * @param before what was known of it: that very object
   * @param now what is known of it now
   */
  public History with(Optional<PastRun> before, Optional<PastRun> now) {
    var next = new History(Stream::empty);
    next.sorted = sorted().with(before, now);
    return next;
  }

  private static AlgorithmType type(PastRun run) {
    return run.algorithm().type();
  }

  private synchronized Sorted sorted() {
    if (sorted == null) {
      sorted = Sorted.of(runs.get());
    }
    return sorted;
  }

  /** Those on that data, the newest first. */
  List<PastRun> on(String data) {
    return sorted().byData.getOrDefault(data, List.of());
  }

  /** The newest that learnt the same from that data, the newest first. */
  List<PastRun> of(Algorithm algorithm, String data) {
    var all = sorted().byWork.getOrDefault(new Work(algorithm, data), List.of());
    return all.subList(0, Math.min(WINDOW, all.size()));
  }

  /** All that did so and left a machine as it was too small, the newest first. */
  List<PastRun> failed(Algorithm algorithm, String data) {
    return sorted().failed.getOrDefault(new Work(algorithm, data), List.of());
  }

  /** The newest of that type, the newest first. */
  List<PastRun> of(AlgorithmType type) {
    return newest(type, p -> true);
  }

  /** The newest of that type that are complete, the newest first. */
  List<PastRun> complete(AlgorithmType type) {
    return newest(type, p -> p.seconds().isPresent());
  }

  private List<PastRun> newest(AlgorithmType type, Predicate<PastRun> wanted) {
    return sorted().byType.getOrDefault(type, List.of()).stream()
        .filter(wanted)
        .limit(WINDOW)
        .toList();
  }
}
