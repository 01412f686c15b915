package hu.mtmt.besorol.evaluation;

import hu.mtmt.besorol.taxonomy.Taxonomy;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;

/** Which subjects are answered in place of which. */
public final class Confusions {
  private Confusions() {}

  /**
   * One subject answered where another is true.
   *
   * @param truth the subject that was missed
   * @param answered the one that was answered in its place
   * @param documents how often
   * @param siblings whether both have one parent
   * @param share {@code documents} over the documents that have {@code truth}
   */
  public record Confusion(int truth, int answered, int documents, boolean siblings, double share) {}

  private record Pair(int truth, int answered) {}

  /**
   * The confusions worth knowing: siblings first, then the commonest, then by the numbers of the
   * subjects. A wrong subject stands in the place of that missed subject of the document with which
   * it has most ancestors in common, the first in the taxonomy if several have; where nothing was
   * missed, it is in no one's place.
   *
   * @param atLeast fewest documents that make a confusion worth knowing
   */
  public static List<Confusion> of(Taxonomy taxonomy, Collection<Judged> documents, int atLeast) {
    var counts = new HashMap<Pair, Integer>();
    var truths = new int[taxonomy.size()];
    for (var judged : documents) {
      IntStream.of(judged.truth()).forEach(s -> truths[s]++);
      var missed = judged.missed();
      for (int wrong : missed.length == 0 ? missed : judged.wrong()) {
        counts.merge(new Pair(nearest(wrong, missed, taxonomy), wrong), 1, Integer::sum);
      }
    }
    return counts.entrySet().stream()
        .filter(e -> e.getValue() >= atLeast)
        .map(
            e -> {
              var pair = e.getKey();
              return new Confusion(
                  pair.truth(),
                  pair.answered(),
                  e.getValue(),
                  taxonomy.siblings(pair.truth(), pair.answered()),
                  (double) e.getValue() / truths[pair.truth()]);
            })
        .sorted(
            Comparator.comparing(Confusion::siblings)
                .thenComparingInt(Confusion::documents)
                .reversed()
                .thenComparingInt(Confusion::truth)
                .thenComparingInt(Confusion::answered))
        .toList();
  }

  private static int nearest(int subject, int[] others, Taxonomy taxonomy) {
    int nearest = others[0];
    int most = commonAncestors(subject, nearest, taxonomy);
    for (int i = 1; i < others.length; i++) {
      int common = commonAncestors(subject, others[i], taxonomy);
      if (common > most) {
        nearest = others[i];
        most = common;
      }
    }
    return nearest;
  }

  /** How far the paths from a root to both are the same. */
  private static int commonAncestors(int a, int b, Taxonomy taxonomy) {
    int level = Math.min(taxonomy.level(a), taxonomy.level(b));
    while (level > 0 && taxonomy.ancestorAt(a, level) != taxonomy.ancestorAt(b, level)) {
      level--;
    }
    return level;
  }
}
