package hu.mtmt.besorol.corpus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/**
 * Splits documents into parts of given shares so that every label has about its share of documents
 * in every part: iterative stratification after Sechidis, Tsoumakas and Vlahavas, <i>On the
 * stratification of multi-label data</i> (2011). Of the labels that have documents left, the rarest
 * is taken, and each of its documents goes to the part that still wants most of this label; of
 * those that want as many, to the one that wants most documents. Documents without labels are
 * spread last.
 *
 * <p>Documents of a group go to the same part, large groups of a label first. Where nothing else
 * decides, a hash of document and seed does: the order of the documents does not matter.
 */
public final class Stratification {
  private static final int NONE = -1;

  private final double[] shares;
  private final long seed;
  private final List<Unit> units;

  /** By part: how many documents it still wants. */
  private final double[] wanted;

  /** By label and part: how many documents of the label it still wants. */
  private final double[][] wantedOfLabel;

  /** By label: how many of its documents have no part yet. */
  private final int[] left;

  /** By label: how many documents it has. */
  private final int[] documents;

  private final int[] parts;
  private int unplaced;

  /** Documents that stay together; {@code labels} has a label as often as documents have it. */
  private record Unit(int[] documents, int[] labels, long key) {}

  /** A label, and how many documents it had left when it was put in the queue. */
  private record Waiting(int label, int left, long key) {
    static final Comparator<Waiting> RAREST_FIRST =
        Comparator.comparingInt(Waiting::left)
            .thenComparingLong(Waiting::key)
            .thenComparingInt(Waiting::label);
  }

  private Stratification(
      int[][] labels, int[] groups, long[] identities, double[] shares, long seed) {
    this.shares = shares;
    this.seed = seed;
    this.units = units(labels, groups, identities);
    this.left = new int[Arrays.stream(labels).flatMapToInt(Arrays::stream).max().orElse(-1) + 1];
    for (var labelsOfDocument : labels) {
      for (int label : labelsOfDocument) {
        left[label]++;
      }
    }
    this.documents = left.clone();
    this.unplaced = labels.length;
    this.wanted = shares(labels.length);
    this.wantedOfLabel = Arrays.stream(left).mapToObj(this::shares).toArray(double[][]::new);
    this.parts = new int[labels.length];
    Arrays.fill(parts, -1);
  }

  /**
   * Splits documents.
   *
   * @param labels the labels of each document, numbered from 0, each once
   * @param groups for each document the number of one that it must stay with, the same for all of a
   *     group; its own number if it is alone
   * @param identities for each document what tells it from others, whatever its place
   * @param shares of each part, at least 0, together 1
   * @param seed of what nothing else decides
   * @return for each document the number of its part
   */
  public static int[] split(
      int[][] labels, int[] groups, long[] identities, double[] shares, long seed) {
    return new Stratification(labels, groups, identities, shares.clone(), seed).split();
  }

  private double[] shares(int documents) {
    return Arrays.stream(shares).map(share -> share * documents).toArray();
  }

  /** In the order in which the units of a label are given to parts. */
  private List<Unit> units(int[][] labels, int[] groups, long[] identities) {
    var members = new ArrayList<List<Integer>>();
    for (int document = 0; document < groups.length; document++) {
      members.add(null);
    }
    for (int document = 0; document < groups.length; document++) {
      int group = groups[document];
      if (members.get(group) == null) {
        members.set(group, new ArrayList<>(1));
      }
      members.get(group).add(document);
    }
    return members.stream()
        .filter(group -> group != null)
        .map(group -> group.stream().mapToInt(Integer::intValue).toArray())
        .map(
            group ->
                new Unit(
                    group,
                    Arrays.stream(group)
                        .flatMap(document -> Arrays.stream(labels[document]))
                        .toArray(),
                    Arrays.stream(group).mapToLong(d -> key(identities[d])).min().orElseThrow()))
        .sorted(
            Comparator.<Unit>comparingInt(unit -> -unit.documents().length)
                .thenComparingLong(Unit::key))
        .toList();
  }

  private long key(long identity) {
    return Fingerprint.mix(identity ^ Fingerprint.mix(seed ^ 0x9e3779b97f4a7c15L));
  }

  private int[] split() {
    var unitsOfLabel = new ArrayList<List<Unit>>();
    IntStream.range(0, left.length).forEach(label -> unitsOfLabel.add(new ArrayList<>()));
    for (var unit : units) {
      Arrays.stream(unit.labels()).distinct().forEach(l -> unitsOfLabel.get(l).add(unit));
    }
    var queue = new PriorityQueue<>(Waiting.RAREST_FIRST);
    IntStream.range(0, left.length).forEach(label -> queue.add(waiting(label)));
    while (!queue.isEmpty()) {
      var rarest = queue.poll();
      int label = rarest.label();
      if (left[label] == 0 || left[label] != rarest.left()) {
        continue; // it was put in again when it became rarer
      }
      var rarer = new BitSet();
      for (var unit : unitsOfLabel.get(label)) {
        if (parts[unit.documents()[0]] < 0) {
          place(unit, label);
          Arrays.stream(unit.labels()).forEach(rarer::set);
        }
      }
      rarer.stream().forEach(other -> queue.add(waiting(other)));
    }
    for (var unit : units) {
      if (parts[unit.documents()[0]] < 0) {
        place(unit, NONE);
      }
    }
    return parts;
  }

  private Waiting waiting(int label) {
    return new Waiting(label, left[label], key(label));
  }

  /**
   * Gives a unit to the part that wants most of {@code label}, or of all documents if it is {@link
   * #NONE}. Once no part wants a whole document more of the label, what was rounded so far counts
   * too, so that the parts of many rare labels have their shares; but the first document of a label
   * always goes to the largest part.
   */
  private void place(Unit unit, int label) {
    var most = label == NONE ? wanted : wantedOfLabel[label];
    boolean whole =
        label != NONE && left[label] == documents[label]
            || Arrays.stream(most).anyMatch(documentsWanted -> documentsWanted >= 1);
    int best = NONE;
    double bestWants = 0;
    for (int part = 0; part < shares.length; part++) {
      double wants = most[part] + (whole ? 0 : wanted[part] - shares[part] * unplaced);
      if (shares[part] > 0 && (best == NONE || compare(unit, wants, part, bestWants, best) > 0)) {
        best = part;
        bestWants = wants;
      }
    }
    for (int document : unit.documents()) {
      parts[document] = best;
    }
    unplaced -= unit.documents().length;
    wanted[best] -= unit.documents().length;
    for (int labelOfUnit : unit.labels()) {
      wantedOfLabel[labelOfUnit][best]--;
      left[labelOfUnit]--;
    }
  }

  private int compare(Unit unit, double wants, int part, double otherWants, int other) {
    if (wants != otherWants) {
      return Double.compare(wants, otherWants);
    }
    return wanted[part] != wanted[other]
        ? Double.compare(wanted[part], wanted[other])
        : Long.compare(drawn(unit, part), drawn(unit, other));
  }

  private static long drawn(Unit unit, int part) {
    return Fingerprint.mix(unit.key() + part + 1);
  }
}
