package hu.mtmt.besorol.classifiers.bonsai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hu.mtmt.besorol.classifiers.FamilyTrial;
import hu.mtmt.besorol.classifiers.Scores;
import hu.mtmt.besorol.classifiers.ToyCorpus;
import hu.mtmt.besorol.classifiers.linear.LaneWeights;
import hu.mtmt.besorol.classifiers.text.DocumentVectors;
import hu.mtmt.besorol.classifiers.text.SparseVector;
import hu.mtmt.besorol.contract.BonsaiParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of trees with random weights, and what is found in them. */
class BeamSearchTest {
  private static DocumentVectors vectors;

  /** Not in a static initializer, which other threads would wait for. */
  @BeforeAll
  static void learnVectors() {
    vectors =
        DocumentVectors.learn(
            ToyCorpus.of(12, 100, 0, 1).training(),
            FamilyTrial.parameters(BonsaiParameters.class, "{}").features(),
            "en",
            1,
            () -> false,
            read -> {});
  }

  private static final int[][] FIRST = {
    {1, 2, ~11},
    {3, 4},
    {~0, ~1, ~2, ~3},
    {~4, ~5},
    {~6, ~7, ~8, ~9, ~10},
  };
  private static final int[][] SECOND = {{1, 2}, {~0, ~2, ~4, ~6, ~8, ~10}, {~1, ~3, ~5, ~7}};

  @TempDir Path scratch;
  private final SplittableRandom random = new SplittableRandom(4);

  /** Weights by node, output and feature; the last is the bias. */
  private float[][][] first;

  private float[][][] second;
  private TreesFile trees;

  @BeforeEach
  void writeTrees() throws IOException {
    first = randomWeights(FIRST);
    second = randomWeights(SECOND);
    trees = written("both", packed(FIRST, first), packed(SECOND, second));
  }

  /** A label that is not much less likely than the likeliest of its tree is never cut off. */
  @Test
  void findsWhatLookingEverywhereFinds() {
    var vector = new SparseVector();
    int compared = 0;
    for (int d = 0; d < vectors.size(); d++) {
      vectors.copy(d, vector);
      var inFirst = new double[12];
      var inSecond = new double[12];
      follow(FIRST, first, 0, 1, vector, inFirst);
      follow(SECOND, second, 0, 1, vector, inSecond);
      var scores = scores(vector, 100);
      for (int label = 0; label < 12; label++) {
        double p = (inFirst[label] + inSecond[label]) / 2;
        if (isLikely(label, inFirst) && isLikely(label, inSecond)) {
          assertThat((double) scores.get(label)).isCloseTo(Math.log(p / (1 - p)) / 3, within(0.02));
          compared++;
        }
      }
    }
    assertThat(compared).isGreaterThan(vectors.size());
  }

  /** Whether it is above the cut, or not in the tree. */
  private static boolean isLikely(int label, double[] probabilities) {
    double p = probabilities[label];
    return p == 0 || p > 0.03 * Arrays.stream(probabilities).max().orElseThrow();
  }

  @Test
  void aNarrowBeamFollowsTheLikeliestNodes() throws IOException {
    var alone = written("alone", packed(FIRST, first));
    var vector = new SparseVector();
    for (int d = 0; d < vectors.size(); d++) {
      vectors.copy(d, vector);
      int likelier =
          margin(first[0][0], vector) > margin(first[0][1], vector) ? 1 : 2; // of the first tree
      var found = new BeamSearch(alone, 12, 1);
      var scores = new Scores();
      found.find(vector, scores);
      for (int i = 0; i < scores.size(); i++) {
        int label = scores.label(i);
        assertThat(label == 11 || (likelier == 2) == (label < 4)).isTrue();
      }
    }
  }

  @Test
  void aSearchLeavesNothingBehind() {
    var search = new BeamSearch(trees, 12, 10);
    var vector = new SparseVector();
    var before = new Scores();
    vectors.copy(0, vector);
    search.find(vector, before);
    vectors.copy(1, vector);
    search.find(vector, new Scores());
    vectors.copy(0, vector);
    var after = new Scores();
    search.find(vector, after);

    assertThat(after.size()).isEqualTo(before.size());
    for (int i = 0; i < before.size(); i++) {
      assertThat(after.label(i)).isEqualTo(before.label(i));
      assertThat(after.value(i)).isEqualTo(before.value(i));
    }
  }

  @Test
  void theWayToALabelHasTheSumOfItsWeights() {
    var way = trees.wayTo(7, 0);

    assertThat(way).containsExactly(4, 1, 1, 1, 0, 0);
    for (int feature = 0; feature < vectors.features(); feature++) {
      float sum = first[4][1][feature] + first[1][1][feature] + first[0][0][feature];
      assertThat(trees.weight(feature, way)).isCloseTo(sum, within(1e-3f));
    }
    assertThat(trees.wayTo(5, 1)).containsExactly(FIRST.length + 2, 2, FIRST.length, 1);
    assertThat(trees.wayTo(11, 1)).isEmpty();
  }

  /**
   * What an answer costs grows with the number of levels, so with the logarithm of that of labels.
   * All ways are equally likely, so nothing is cut off: it never costs more.
   */
  @ParameterizedTest
  @CsvSource({"100, 1, 100", "1000, 2, 1008", "10000, 3, 1642", "100000, 4, 2112"})
  void looksAtTheOutputsOfFewNodesOfALevel(int labels, int levels, int most) throws IOException {
    int branching = 8;
    int leafSize = 200;
    int beam = 10;
    var tree = new ArrayList<int[]>();
    divide(0, labels, branching, leafSize, tree);
    var outputs = tree.toArray(int[][]::new);
    var weights = new float[outputs.length][][];
    Arrays.setAll(weights, n -> new float[outputs[n].length][vectors.features() + 1]);
    var file = scratch.resolve("even");
    TreesFile.write(
        file, vectors.features(), labels, List.<PackedNode[]>of(packed(outputs, weights)));
    var vector = new SparseVector();
    vectors.copy(0, vector);
    var scores = new Scores();

    int looked = new BeamSearch(TreesFile.map(file), labels, beam).find(vector, scores);

    assertThat(looked).isLessThanOrEqualTo(most);
    assertThat(most).isLessThanOrEqualTo(beam * (branching * (levels - 1) + leafSize));
    assertThat(scores.size()).isPositive();
  }

  /** Adds the node of some labels and what is below it, and gives its number. */
  private static int divide(int from, int to, int branching, int leafSize, List<int[]> nodes) {
    int node = nodes.size();
    nodes.add(null);
    int size = to - from;
    nodes.set(
        node,
        size <= leafSize
            ? IntStream.range(from, to).map(label -> ~label).toArray()
            : IntStream.range(0, branching)
                .map(
                    k ->
                        divide(
                            from + size * k / branching,
                            from + size * (k + 1) / branching,
                            branching,
                            leafSize,
                            nodes))
                .toArray());
    return node;
  }

  /** More nodes than a word has bits; some features have rows of few of them, some of most. */
  @Test
  void findsTheRowsOfManyNodes() throws IOException {
    var wide = new int[151][];
    wide[0] = IntStream.rangeClosed(1, 150).toArray();
    for (int node = 1; node < wide.length; node++) {
      wide[node] = new int[] {~(node % 12)};
    }
    var weights = randomWeights(wide);
    for (int feature = 0; feature < vectors.features(); feature += 2) {
      for (int node = 5; node < wide.length; node++) {
        weights[node][0][feature] = 0;
      }
    }
    var file = written("wide", packed(wide, weights));
    for (int feature = 0; feature < vectors.features(); feature++) {
      for (int node = 0; node < wide.length; node++) {
        assertThat(file.weight(feature, new int[] {node, 0}))
            .isCloseTo(weights[node][0][feature], within(1e-3f));
      }
    }
  }

  @Test
  void refusesFilesThatAreNoTrees() throws IOException {
    var file = scratch.resolve("both");
    var bytes = Files.readAllBytes(file);
    Files.write(scratch.resolve("short"), Arrays.copyOf(bytes, 10));
    Files.write(scratch.resolve("cut"), Arrays.copyOf(bytes, bytes.length - 4));
    bytes[0]++;
    Files.write(scratch.resolve("other"), bytes);

    assertThatThrownBy(() -> TreesFile.map(scratch.resolve("short"))).hasMessageContaining("10 b");
    assertThatThrownBy(() -> TreesFile.map(scratch.resolve("cut"))).hasMessageContaining("size");
    assertThatThrownBy(() -> TreesFile.map(scratch.resolve("other")))
        .hasMessageContaining("format");
  }

  private TreeMap<Integer, Float> scores(SparseVector vector, int beam) {
    var scores = new Scores();
    new BeamSearch(trees, 12, beam).find(vector, scores);
    var byLabel = new TreeMap<Integer, Float>();
    for (int i = 0; i < scores.size(); i++) {
      assertThat(byLabel.put(scores.label(i), scores.value(i))).isNull();
    }
    return byLabel;
  }

  private static void follow(
      int[][] tree, float[][][] weights, int node, double way, SparseVector vector, double[] sums) {
    for (int k = 0; k < tree[node].length; k++) {
      double p = way / (1 + Math.exp(-3 * margin(weights[node][k], vector)));
      if (tree[node][k] >= 0) {
        follow(tree, weights, tree[node][k], p, vector, sums);
      } else {
        sums[~tree[node][k]] += p;
      }
    }
  }

  private static double margin(float[] weights, SparseVector vector) {
    double sum = weights[vectors.features()];
    for (int i = 0; i < vector.size(); i++) {
      sum += weights[vector.index(i)] * vector.value(i);
    }
    return sum;
  }

  /** Half of the weights of a node are 0, and features of every third number have none at all. */
  private float[][][] randomWeights(int[][] tree) {
    var weights = new float[tree.length][][];
    for (int node = 0; node < tree.length; node++) {
      weights[node] = new float[tree[node].length][vectors.features() + 1];
      for (var output : weights[node]) {
        for (int f = 0; f <= vectors.features(); f++) {
          output[f] = f % 3 == 0 || random.nextBoolean() ? 0 : (float) random.nextDouble(-3, 3);
        }
      }
    }
    return weights;
  }

  private static PackedNode[] packed(int[][] tree, float[][][] weights) {
    var nodes = new PackedNode[tree.length];
    for (int node = 0; node < tree.length; node++) {
      int half = tree[node].length / 2;
      var groups =
          List.of(group(weights[node], 0, half), group(weights[node], half, tree[node].length));
      nodes[node] = PackedNode.of(tree[node], groups);
    }
    return nodes;
  }

  private TreesFile written(String name, PackedNode[]... trees) throws IOException {
    TreesFile.write(scratch.resolve(name), vectors.features(), 12, List.of(trees));
    return TreesFile.map(scratch.resolve(name));
  }

  private static LaneWeights group(float[][] weights, int from, int to) {
    int features = vectors.features();
    var entries =
        IntStream.range(0, features * (to - from))
            .filter(i -> weights[from + i % (to - from)][i / (to - from)] != 0)
            .toArray();
    var values = new float[entries.length];
    var lanes = new byte[entries.length];
    for (int e = 0; e < entries.length; e++) {
      lanes[e] = (byte) (entries[e] % (to - from));
      values[e] = weights[from + lanes[e]][entries[e] / (to - from)];
    }
    var biases = new float[to - from];
    for (int k = 0; k < biases.length; k++) {
      biases[k] = weights[from + k][features];
    }
    return new LaneWeights(
        IntStream.range(from, to).toArray(),
        Arrays.stream(entries).map(e -> e / (to - from)).toArray(),
        lanes,
        values,
        biases);
  }
}
