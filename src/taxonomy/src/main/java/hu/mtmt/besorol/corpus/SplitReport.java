package hu.mtmt.besorol.corpus;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * How well a split keeps the shares of labels.
 *
 * @param labels how many labels have documents
 * @param deviations for each part the mean, over these labels, of |share of the label's documents
 *     that are in the part − share wanted|
 * @param missing for each part how many of the labels have no document in it
 */
public record SplitReport(int labels, double[] deviations, int[] missing) {

  /**
   * Looks at a split.
   *
   * @param labels the labels of each document
   * @param parts the part of each document
   * @param shares the wanted share of each part
   * @param wanted which labels are looked at
   */
  public static SplitReport of(int[][] labels, int[] parts, double[] shares, IntPredicate wanted) {
    int size = Arrays.stream(labels).flatMapToInt(Arrays::stream).max().orElse(-1) + 1;
    var counts = new int[size][shares.length];
    for (int document = 0; document < labels.length; document++) {
      for (int label : labels[document]) {
        counts[label][parts[document]]++;
      }
    }
    var looked =
        IntStream.range(0, size)
            .filter(wanted)
            .mapToObj(label -> counts[label])
            .filter(count -> Arrays.stream(count).sum() > 0)
            .toList();
    var deviations = new double[shares.length];
    var missing = new int[shares.length];
    for (int part = 0; part < shares.length; part++) {
      int p = part;
      deviations[part] =
          looked.stream()
              .mapToDouble(
                  count -> Math.abs((double) count[p] / Arrays.stream(count).sum() - shares[p]))
              .average()
              .orElse(0);
      missing[part] = (int) looked.stream().filter(count -> count[p] == 0).count();
    }
    return new SplitReport(looked.size(), deviations, missing);
  }
}
