package hu.mtmt.besorol.operator.placement;

import hu.mtmt.besorol.api.TrainingRunSpec.Nodes;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How many nodes train a run together.
 *
 * <p>On n nodes a training that would take C seconds on one of them is expected to take
 *
 * <pre>C (s + (1 - s) / n) + M (n - 1) / n / B + F (n - 1)</pre>
 *
 * <p>seconds: every node does the share s, which is not divided (reading the documents, making
 * features), and its part of the rest; n - 1 of n parts of what was learnt, which are at most the
 * memory M of a pod, go over the network with B to the first node; and every further node costs F
 * until it trains and at the end, when the slowest is waited for. The run takes the number that
 * ends it soonest, the smallest of equals; the minimum if its time is not known.
 *
 * @param nodes how many
 * @param reason why so many, in a sentence; empty if the run allows only that
 */
record NodeCount(int nodes, Optional<String> reason) {
  /** The share s of a training that each node does, whatever their number. */
  static final double SHARE_NOT_DIVIDED = 0.15;

  /** The network's B, in MiB a second: a gigabit link. */
  static final double MEBIBYTES_PER_SECOND = 100;

  /** What each further node costs, F. */
  static final double SECONDS_PER_NODE = 20;

  private static final int MINUTE = 60;

  /**
   * The number of nodes.
   *
   * @param asked the bounds of the run
   * @param available how many nodes of the flavor there are for it, at least its minimum
   * @param secondsOnOne how long it takes on one; empty if nothing like it was ever trained
   * @param memory of a pod, in MiB; empty if the data was never read
   */
  static NodeCount choose(
      Nodes asked, int available, OptionalDouble secondsOnOne, OptionalLong memory) {
    if (asked.minimum().equals(asked.maximum())) {
      return new NodeCount(asked.minimum(), Optional.empty());
    }
    if (secondsOnOne.isEmpty()) {
      return new NodeCount(
          asked.minimum(),
          Optional.of(
              "It takes %s of at most %d: whether more are worth it is known once a run like it is complete."
                  .formatted(nodes(asked.minimum()), asked.maximum())));
    }
    int best = best(asked.minimum(), asked.maximum(), secondsOnOne.getAsDouble(), memory);
    int possible = best(asked.minimum(), available, secondsOnOne.getAsDouble(), memory);
    var why =
        possible < best
            ? "there are no more for it"
            : possible == asked.maximum() ? "that ends it soonest" : "more would not end it sooner";
    return new NodeCount(
        possible,
        Optional.of(
            "It takes %s of at most %d, as %s: about %s, and %s on one."
                .formatted(
                    nodes(possible),
                    asked.maximum(),
                    why,
                    minutes(seconds(secondsOnOne.getAsDouble(), possible, memory)),
                    minutes(secondsOnOne.getAsDouble()))));
  }

  private static int best(int minimum, int maximum, double secondsOnOne, OptionalLong memory) {
    int best = minimum;
    for (int n = minimum + 1; n <= maximum; n++) {
      if (seconds(secondsOnOne, n, memory) < seconds(secondsOnOne, best, memory)) {
        best = n;
      }
    }
    return best;
  }

  private static String nodes(int n) {
    return n == 1 ? "1 node" : n + " nodes";
  }

  private static String minutes(double seconds) {
    return Math.ceilDiv((long) Math.ceil(seconds), MINUTE) + " min";
  }

  /** How long it takes on {@code n} nodes what takes {@code secondsOnOne} on one. */
  static double seconds(double secondsOnOne, int n, OptionalLong memory) {
    double learnt = memory.orElse(0) * (n - 1.0) / n;
    return secondsOnOne * shareOf(n) + learnt / MEBIBYTES_PER_SECOND + SECONDS_PER_NODE * (n - 1);
  }

  /** Which share of a training one of {@code n} nodes does. */
  static double shareOf(int n) {
    return SHARE_NOT_DIVIDED + (1 - SHARE_NOT_DIVIDED) / n;
  }
}
