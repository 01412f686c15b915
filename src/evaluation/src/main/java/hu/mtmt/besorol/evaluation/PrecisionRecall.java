package hu.mtmt.besorol.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * What precision and recall would be if every ranked subject whose score reaches a threshold were
 * the answer, micro-averaged over all (document, subject) pairs.
 */
public final class PrecisionRecall {
  private PrecisionRecall() {}

  /**
   * A point of the curve.
   *
   * @param threshold smallest score that is answered
   * @param precision share of the answered that is true
   * @param recall share of the true that is answered
   */
  public record Point(double threshold, double precision, double recall) {
    /** Harmonic mean of both. */
    public double f1() {
      return Formula.harmonicMean(precision, recall);
    }
  }

  /**
   * The curve from the highest threshold to the lowest, which ends at the recall of the whole
   * ranking: subjects that were not ranked are answered at no threshold. Subjects of score 0 are
   * never answered. Empty if nothing is ranked or nothing is true.
   *
   * @param limit most points; beyond it those are kept that lie nearest to equal steps of recall,
   *     and always the last and the one of the best F1
   */
  public static List<Point> curve(Collection<Judged> documents, int limit) {
    long truth = 0;
    int pairs = 0;
    for (var judged : documents) {
      truth += judged.truth().length;
      pairs += judged.ranked().length;
    }
    // Scores are not negative, so their bits sort as they do; the lowest bit says which are true.
    var sorted = new long[pairs];
    int n = 0;
    for (var judged : documents) {
      for (int i = 0; i < judged.ranked().length; i++) {
        if (judged.scores()[i] > 0) {
          long bits = Float.floatToIntBits(judged.scores()[i]);
          sorted[n++] = bits << 1 | (judged.isTrue(judged.ranked()[i]) ? 1 : 0);
        }
      }
    }
    Arrays.sort(sorted, 0, n);
    var points = new ArrayList<Point>();
    long right = 0;
    for (int i = n - 1; i >= 0; i--) {
      right += sorted[i] & 1;
      if (i == 0 || sorted[i - 1] >> 1 != sorted[i] >> 1) {
        double threshold = Float.intBitsToFloat((int) (sorted[i] >> 1));
        points.add(new Point(threshold, (double) right / (n - i), Formula.share(right, truth)));
      }
    }
    return truth == 0 ? List.of() : thinned(points, limit);
  }

  private static List<Point> thinned(List<Point> points, int limit) {
    if (points.size() <= limit) {
      return List.copyOf(points);
    }
    var best = best(points);
    var kept = new ArrayList<Point>(limit);
    double step = points.getLast().recall() / (limit - 2);
    double next = 0;
    for (var point : points) {
      boolean due = point.recall() >= next;
      if (due || point == best || point == points.getLast()) {
        kept.add(point);
      }
      if (due) {
        next = (Math.floor(point.recall() / step) + 1) * step;
      }
    }
    return List.copyOf(kept);
  }

  /** The point of the largest F1, the one of the higher threshold if several have it. */
  public static Point best(List<Point> points) {
    return points.stream().reduce((a, b) -> b.f1() > a.f1() ? b : a).orElseThrow();
  }
}
