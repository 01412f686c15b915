package hu.mtmt.besorol.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Finds documents whose labels are probably wrong: confident learning (Northcutt, Jiang and Chuang,
 * <i>Confident Learning: Estimating Uncertainty in Dataset Labels</i>, 2021), for each label by
 * itself, as a document may have several.
 *
 * <p>A classifier that has not seen a document is confident that it has a label if the probability
 * it gives is at least the mean of those of documents that have it, and confident that it has not
 * if 1 − probability is at least the mean of those of documents that have it not; if both hold, it
 * has not learnt the label. A label is doubtful if it is given and the classifier is confident that
 * the document has it not. It is missing if it is not given, the classifier is confident that the
 * document has it, and it is likelier than not: of labels that are hardly learnt the means alone
 * say little. Not thread-safe.
 */
public final class ConfidentLearning {
  /** Labels of fewer documents are not looked at: there are too few to learn what is usual. */
  public static final int FEWEST_DOCUMENTS = 10;

  private static final float LIKELIER_THAN_NOT = 0.5f;

  private final int[] having;
  private final double[] sumHaving;
  private final double[] sumAll;
  private final List<Scored> documents = new ArrayList<>();

  /** Labels that may be suspected, and their probabilities. */
  private record Scored(int document, int given, int[] labels, float[] probabilities) {}

  /**
   * A label and its probability.
   *
   * @param label which
   * @param probability what a classifier that has not seen the document gives it
   */
  public record Probability(int label, double probability) {}

  /**
   * A document whose labels are probably wrong.
   *
   * @param document which
   * @param doubtful labels that it has and should not have, the least likely first
   * @param missing labels that it has not and should have, the likeliest first
   * @param confidence in its worst label: the probability that a doubtful one is right, or a
   *     missing one wrong
   */
  public record Suspect(
      int document, List<Probability> doubtful, List<Probability> missing, double confidence) {}

  /**
   * @param labels how many there are
   */
  public ConfidentLearning(int labels) {
    this.having = new int[labels];
    this.sumHaving = new double[labels];
    this.sumAll = new double[labels];
  }

  /**
   * Adds a document.
   *
   * @param document its number
   * @param given its labels, ascending
   * @param probabilities of all labels, by a classifier that has not seen it
   */
  public void add(int document, int[] given, float[] probabilities) {
    var labels = new int[given.length + 8];
    System.arraycopy(given, 0, labels, 0, given.length);
    int size = given.length;
    for (int label : given) {
      having[label]++;
      sumHaving[label] += probabilities[label];
    }
    for (int label = 0; label < having.length; label++) {
      sumAll[label] += probabilities[label];
      if (probabilities[label] >= LIKELIER_THAN_NOT && Arrays.binarySearch(given, label) < 0) {
        if (size == labels.length) {
          labels = Arrays.copyOf(labels, 2 * size);
        }
        labels[size++] = label;
      }
    }
    var kept = new float[size];
    for (int i = 0; i < size; i++) {
      kept[i] = probabilities[labels[i]];
    }
    documents.add(new Scored(document, given.length, Arrays.copyOf(labels, size), kept));
  }

  /** The documents that are suspected, those of the least confidence first. */
  public List<Suspect> suspects() {
    return documents.stream()
        .map(this::suspect)
        .filter(suspect -> !suspect.doubtful().isEmpty() || !suspect.missing().isEmpty())
        .sorted(Comparator.comparingDouble(Suspect::confidence).thenComparingInt(Suspect::document))
        .toList();
  }

  private Suspect suspect(Scored scored) {
    var doubtful = new ArrayList<Probability>();
    var missing = new ArrayList<Probability>();
    for (int i = 0; i < scored.labels().length; i++) {
      int label = scored.labels()[i];
      float p = scored.probabilities()[i];
      if (having[label] < FEWEST_DOCUMENTS || having[label] == documents.size()) {
        continue;
      }
      boolean has = p >= sumHaving[label] / having[label];
      boolean hasNot = p <= (sumAll[label] - sumHaving[label]) / (documents.size() - having[label]);
      boolean learnt = !(has && hasNot);
      if (learnt && (i < scored.given() ? hasNot : has)) {
        (i < scored.given() ? doubtful : missing).add(new Probability(label, p));
      }
    }
    doubtful.sort(Comparator.comparingDouble(Probability::probability));
    missing.sort(Comparator.comparingDouble(Probability::probability).reversed());
    return new Suspect(
        scored.document(),
        List.copyOf(doubtful),
        List.copyOf(missing),
        Math.min(
            doubtful.isEmpty() ? 1 : doubtful.getFirst().probability(),
            missing.isEmpty() ? 1 : 1 - missing.getFirst().probability()));
  }
}
