package hu.mtmt.besorol.classifiers.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hu.mtmt.besorol.classifiers.text.SparseVector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightMatrixTest {
  private static final int FEATURES = 60;

  @TempDir Path directory;

  /** Entries of a few weights, in arrays of objects. */
  private record Listed(List<Entry> entries) implements WeightMatrix.Entries {
    record Entry(int feature, int label, float value) {}

    @Override
    public int size() {
      return entries.size();
    }

    @Override
    public int feature(int i) {
      return entries.get(i).feature;
    }

    @Override
    public int label(int i) {
      return entries.get(i).label;
    }

    @Override
    public float value(int i) {
      return entries.get(i).value;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 8, 40, 70_001})
  void scoresAreProductsWithTheWeights(int labels) throws IOException {
    var random = new SplittableRandom(labels);
    var entries = new ArrayList<Listed.Entry>();
    for (int feature = 0; feature < FEATURES; feature++) {
      // from rows without any to rows with all
      double share = labels > 1000 ? 0.0005 * (feature % 3) : feature / (FEATURES - 1.0);
      for (int label = 0; label < labels; label++) {
        if (random.nextDouble() < share) {
          entries.add(new Listed.Entry(feature, label, (float) random.nextDouble(-3, 3)));
        }
      }
    }
    var offsets = new float[labels];
    for (int label = 0; label < labels; label++) {
      offsets[label] = (float) random.nextDouble(-1, 1);
    }
    var half = entries.size() / 2;
    var parts =
        List.of(
            new Listed(entries.subList(0, half)),
            new Listed(entries.subList(half, entries.size())));
    var file = directory.resolve("weights.bin");
    WeightMatrix.write(file, FEATURES, offsets, parts);
    var weights = WeightMatrix.map(file);

    var vector = new SparseVector();
    vector.reset(FEATURES);
    var expected = offsets.clone();
    for (int feature = 0; feature < FEATURES; feature += 1 + feature % 2) {
      float value = (float) random.nextDouble();
      vector.add(feature, value);
      for (var entry : entries) {
        expected[entry.label] += entry.feature == feature ? entry.value * value : 0;
      }
    }
    var scores = new float[labels];
    weights.scores(vector, scores);

    // 16 bits a weight, or 15 with so many labels
    double unit = 3.0 / (labels > 1 << 16 ? 1 << 14 : 1 << 15);
    for (int label = 0; label < labels; label++) {
      assertThat((double) scores[label]).isCloseTo(expected[label], within(unit * FEATURES));
    }
    for (var entry : entries) {
      assertThat((double) weights.weight(entry.feature, entry.label))
          .isCloseTo(entry.value, within(unit));
    }
  }
}
