package hu.mtmt.besorol.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.evaluation.ConfidentLearning.Probability;
import hu.mtmt.besorol.evaluation.ConfidentLearning.Suspect;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ConfidentLearningTest {
  private static final float[] FIRST = {0.9f, 0.1f};
  private static final float[] SECOND = {0.1f, 0.9f};

  /** Twelve documents of each of two labels that are told apart, and some more. */
  private static ConfidentLearning usual() {
    var learning = new ConfidentLearning(2);
    for (int d = 0; d < 12; d++) {
      learning.add(d, new int[] {0}, FIRST);
      learning.add(100 + d, new int[] {1}, SECOND);
    }
    return learning;
  }

  @Test
  void suspectsNobodyWhereAllAgree() {
    assertThat(usual().suspects()).isEmpty();
  }

  @Test
  void findsDoubtfulAndMissingLabels() {
    var learning = usual();
    learning.add(1000, new int[] {0}, new float[] {0.01f, 0.99f}); // exchanged
    learning.add(1001, new int[] {0, 1}, new float[] {0.95f, 0.02f}); // one too many
    learning.add(1002, new int[] {0}, new float[] {0.95f, 0.95f}); // one too few
    learning.add(1003, new int[] {1}, new float[] {0.3f, 0.6f}); // not sure

    assertThat(learning.suspects()).extracting(Suspect::document).containsExactly(1000, 1001, 1002);
    var exchanged = learning.suspects().getFirst();
    assertThat(exchanged.doubtful()).extracting(Probability::label).containsExactly(0);
    assertThat(exchanged.missing()).extracting(Probability::label).containsExactly(1);
    assertThat(exchanged.confidence()).isBetween(0.0099, 0.0101);
    assertThat(learning.suspects().get(1).missing()).isEmpty();
    assertThat(learning.suspects().get(2).doubtful()).isEmpty();
  }

  @Test
  void saysNothingOfLabelsOfFewDocuments() {
    var learning = new ConfidentLearning(2);
    for (int d = 0; d < 50; d++) {
      learning.add(d, new int[] {0}, FIRST);
    }
    for (int d = 50; d < 50 + ConfidentLearning.FEWEST_DOCUMENTS - 2; d++) {
      learning.add(d, new int[] {1}, SECOND);
    }
    learning.add(99, new int[] {1}, new float[] {0.5f, 0});
    assertThat(learning.suspects()).isEmpty();
  }

  /** Labels that are hardly learnt have low means: what is a little above them proves nothing. */
  @Test
  void suspectsNothingMissingThatIsUnlikely() {
    var learning = new ConfidentLearning(2);
    for (int d = 0; d < 20; d++) {
      learning.add(d, new int[] {d % 2}, new float[] {0.2f, 0.2f});
    }
    learning.add(99, new int[] {0}, new float[] {0.2f, 0.45f});
    assertThat(learning.suspects()).isEmpty();
  }

  /** Of labels that are exchanged at random, most are found, and little else. */
  @Test
  void findsWhatWasExchanged() {
    var random = new SplittableRandom(1);
    int labels = 10;
    var learning = new ConfidentLearning(labels);
    var exchanged = new TreeSet<Integer>();
    for (int d = 0; d < 2000; d++) {
      int truth = random.nextInt(labels);
      var probabilities = new float[labels];
      for (int label = 0; label < labels; label++) {
        double margin = (label == truth ? 2.5 : -4) + random.nextGaussian();
        probabilities[label] = (float) (1 / (1 + Math.exp(-margin)));
      }
      int given = truth;
      if (random.nextInt(20) == 0) {
        given = (truth + 1 + random.nextInt(labels - 1)) % labels;
        exchanged.add(d);
      }
      learning.add(d, new int[] {given}, probabilities);
    }
    var suspects = learning.suspects().stream().map(Suspect::document).toList();
    long found = suspects.stream().filter(exchanged::contains).count();
    assertThat(found).isGreaterThan(exchanged.size() * 8L / 10);
    assertThat(suspects).doesNotHaveDuplicates().hasSizeLessThan((int) (found * 1.1));
    assertThat(learning.suspects().stream().mapToDouble(Suspect::confidence)).isSorted();
  }
}
