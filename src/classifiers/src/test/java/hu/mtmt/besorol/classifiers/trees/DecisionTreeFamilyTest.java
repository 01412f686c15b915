package hu.mtmt.besorol.classifiers.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.classifiers.Query;
import hu.mtmt.besorol.classifiers.Scorer;
import hu.mtmt.besorol.classifiers.Scores;
import hu.mtmt.besorol.classifiers.ToyCorpus;
import hu.mtmt.besorol.classifiers.TrainingSet;
import hu.mtmt.besorol.classifiers.Trainings;
import hu.mtmt.besorol.classifiers.text.DocumentVectors;
import hu.mtmt.besorol.classifiers.text.SparseVector;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.DecisionTreeParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionTreeFamilyTest {
  private static final int LABELS = 6;
  private static final ToyCorpus CORPUS = ToyCorpus.of(LABELS, 300, 50, 21);

  @TempDir Path scratch;

  private static DecisionTreeParameters parameters(int trees, int depth, int documents) {
    return Trainings.parameters(
        DecisionTreeParameters.class,
        "{\"trees\": %d, \"maximumDepth\": %d, \"minimumDocuments\": %d}"
            .formatted(trees, depth, documents));
  }

  private Trainings<DecisionTreeParameters> trainings(DecisionTreeParameters parameters) {
    return new Trainings<>(parameters, CORPUS, scratch);
  }

  private static DocumentVectors vectors() {
    return new TrainingSet(CORPUS, Trainings.context(1)).vectors(parameters(1, 1, 1).features());
  }

  private static double rightFirst(Scorer scorer, List<Example> examples) {
    return (double)
            examples.stream()
                .filter(
                    e -> {
                      var scores = new Scores();
                      try (var query = new Query(e.document())) {
                        scorer.score(query, scores);
                      }
                      return Arrays.binarySearch(e.labels(), scores.best(1).labels()[0]) >= 0;
                    })
                .count()
        / examples.size();
  }

  private static float[][] dense(DocumentVectors vectors) {
    var values = new float[vectors.size()][];
    var vector = new SparseVector();
    for (int d = 0; d < values.length; d++) {
      vectors.copy(d, vector);
      values[d] = dense(vector, vectors.features());
    }
    return values;
  }

  private static float[] dense(SparseVector vector, int features) {
    var values = new float[features];
    for (int i = 0; i < vector.size(); i++) {
      values[vector.index(i)] = vector.value(i);
    }
    return values;
  }

  @Test
  void aForestAnswersBetterThanATree() {
    var tree = trainings(parameters(1, 100, 1));
    var forest = trainings(parameters(60, 100, 1));

    double ofTree = rightFirst(tree.load(tree.train(Trainings.context(2))), CORPUS.tested());
    double ofForest = rightFirst(forest.load(forest.train(Trainings.context(2))), CORPUS.tested());
    assertThat(ofTree).isGreaterThan(0.5);
    assertThat(ofForest).isGreaterThan(ofTree).isGreaterThan(0.9);
  }

  /**
   * Every decision of a tree is one of the best, every leaf could not be divided and has the shares
   * of its documents, shrunk as in Agarwal et al. 2022, equation 2.
   */
  @ParameterizedTest
  @CsvSource({"1, 0", "4, 0", "1, 20"})
  void decidesAsANaiveSearch(int minimumDocuments, double shrinkage) {
    var vectors = vectors();
    var random = new SplittableRandom(2);
    var weights = new byte[vectors.size()];
    for (int d = 0; d < weights.length; d++) {
      weights[d] = (byte) (random.nextInt(4) == 0 ? random.nextInt(1, 3) : 0);
    }
    var tree =
        new TreeGrower(vectors, LABELS, minimumDocuments, 100, 0, shrinkage, () -> false)
            .grow(weights, random);
    var all = IntStream.range(0, weights.length).filter(d -> weights[d] > 0).boxed().toList();

    var search = new NaiveSearch(vectors, dense(vectors), weights, minimumDocuments, shrinkage);
    search.check(tree, 0, all, search.shares(all));
  }

  /** Looks at all features, thresholds and documents. */
  private record NaiveSearch(
      DocumentVectors vectors,
      float[][] values,
      byte[] weights,
      int minimumDocuments,
      double shrinkage) {

    /**
     * @param shrunk the shares that the node would answer with as a leaf
     */
    void check(Tree tree, int node, List<Integer> documents, double[] shrunk) {
      double best = best(documents);
      int at = Tree.NODE * node;
      int feature = tree.nodes().get(at);
      if (feature == Tree.LEAF) {
        assertThat(best).isLessThan(1e-6);
        checkLeaf(tree, at, documents, shrunk);
        return;
      }
      float threshold = Float.intBitsToFloat(tree.nodes().get(at + 1));
      var above = documents.stream().filter(d -> value(d, feature) > threshold).toList();
      var others = documents.stream().filter(d -> value(d, feature) <= threshold).toList();
      assertThat(gain(documents, above, others)).isCloseTo(best, within(1e-6)).isPositive();
      check(tree, tree.nodes().get(at + 2), above, below(documents, shrunk, above));
      check(tree, tree.nodes().get(at + 3), others, below(documents, shrunk, others));
    }

    private double[] below(List<Integer> node, double[] shrunk, List<Integer> documents) {
      var ofNode = shares(node);
      var own = shares(documents);
      double factor = 1 / (1 + shrinkage / weight(node));
      return IntStream.range(0, LABELS)
          .mapToDouble(label -> shrunk[label] + factor * (own[label] - ofNode[label]))
          .toArray();
    }

    double[] shares(List<Integer> documents) {
      return IntStream.range(0, LABELS).mapToDouble(label -> share(documents, label)).toArray();
    }

    private void checkLeaf(Tree tree, int at, List<Integer> documents, double[] expected) {
      var shares = new float[LABELS];
      for (int e = tree.nodes().get(at + 1); e < tree.nodes().get(at + 2); e++) {
        shares[tree.labels().get(e)] = tree.shares().get(e);
      }
      assertThat(tree.nodes().get(at + 3)).isEqualTo((int) weight(documents));
      for (int label = 0; label < LABELS; label++) {
        boolean told = expected[label] >= ForestScorer.LEAST_SHARE;
        assertThat((double) shares[label]).isCloseTo(told ? expected[label] : 0, within(1e-6));
      }
    }

    private double best(List<Integer> documents) {
      double best = 0;
      for (int f = 0; f < vectors.features(); f++) {
        int feature = f;
        var values = documents.stream().map(d -> value(d, feature)).distinct().toList();
        for (float threshold : values) {
          var above = documents.stream().filter(d -> value(d, feature) > threshold).toList();
          var others = documents.stream().filter(d -> value(d, feature) <= threshold).toList();
          if (above.size() >= minimumDocuments && others.size() >= minimumDocuments) {
            best = Math.max(best, gain(documents, above, others));
          }
        }
      }
      return best;
    }

    private double gain(List<Integer> all, List<Integer> above, List<Integer> others) {
      return impurity(all) - impurity(above) - impurity(others);
    }

    /** Sum of the Gini impurities of the labels, times the weight of the documents. */
    private double impurity(List<Integer> documents) {
      return weight(documents)
          * IntStream.range(0, LABELS)
              .mapToDouble(l -> share(documents, l) * (1 - share(documents, l)))
              .sum();
    }

    private double weight(List<Integer> documents) {
      return documents.stream().mapToInt(d -> weights[d]).sum();
    }

    private double share(List<Integer> documents, int label) {
      return weight(
              documents.stream()
                  .filter(d -> Arrays.binarySearch(vectors.labels(d), label) >= 0)
                  .toList())
          / weight(documents);
    }

    private float value(int document, int feature) {
      return values[document][feature];
    }
  }

  @Test
  void aTreeIsNoDeeperThanAllowed() throws IOException {
    var trainings = trainings(parameters(1, 1, 1));
    var forest = Forest.map(trainings.train(Trainings.context(1)).resolve(Forest.FILE));

    assertThat(forest.isLeaf(forest.above(forest.root(0)))).isTrue();
    assertThat(forest.isLeaf(forest.others(forest.root(0)))).isTrue();
  }

  @Test
  void theOutOfBagErrorIsThatOfTheTreesThatDidNotLearnADocument() throws IOException {
    var parameters = parameters(7, 100, 1);
    var directory = trainings(parameters).train(Trainings.context(2));
    var written =
        ContractJson.readPart(
            Files.readAllBytes(directory.resolve(OutOfBag.FILE)), OutOfBag.class, "oob.json");
    var vectors = vectors();
    var training = new ForestTraining(parameters, vectors, LABELS, Trainings.context(1));
    var forest = Forest.map(directory.resolve(Forest.FILE));
    var values = dense(vectors);
    int answered = 0;
    int wrong = 0;
    for (int d = 0; d < vectors.size(); d++) {
      var sums = new float[LABELS];
      boolean some = false;
      for (int tree = 0; tree < 7; tree++) {
        if (training.weights(training.random(tree))[d] == 0) {
          int leaf = forest.leaf(tree, values[d]);
          some = true;
          for (int label = 0; label < LABELS; label++) {
            sums[label] += forest.share(leaf, label);
          }
        }
      }
      if (some) {
        int best = 0;
        for (int label = 1; label < LABELS; label++) {
          best = sums[label] > sums[best] ? label : best;
        }
        answered++;
        wrong += Arrays.binarySearch(vectors.labels(d), best) < 0 ? 1 : 0;
      }
    }

    assertThat(answered).isBetween(200, 299); // a few documents were drawn for all seven trees
    assertThat(written).isEqualTo(new OutOfBag(answered, (double) wrong / answered));
  }

  @Test
  void aSingleTreeHasNoOutOfBagError() {
    assertThat(trainings(parameters(1, 5, 1)).train(Trainings.context(1)))
        .isDirectoryNotContaining("glob:**" + OutOfBag.FILE);
  }

  @Test
  void namesTheWordsOfTheDecisions() {
    var trainings = trainings(parameters(60, 100, 1));
    var scorer = trainings.load(trainings.train(Trainings.context(2)));
    var document = ToyCorpus.document("d", "subbx1 subbx2 subbx3 any1 any2 any3");
    try (var query = new Query(document)) {
      var reasons = scorer.explain(query, 1, 3);
      assertThat(reasons).hasSize(3);
      assertThat(reasons).allSatisfy(r -> assertThat(r.text()).startsWith("subbx"));
      assertThat(reasons).allSatisfy(r -> assertThat(r.weight()).isPositive());
      assertThat(scorer.explain(query, 2, 1).getFirst().weight()).isNegative();
    }
  }

  @Test
  void threadsDoNotMatter() {
    trainings(parameters(12, 100, 1)).threadsDoNotMatter();
  }

  @Test
  void stoppingDoesNotMatter() {
    trainings(parameters(5, 8, 2)).stoppingDoesNotMatter();
  }

  @Test
  void refusesMoreSubjectsThanItCanLearn() {
    var many =
        new ToyCorpus(
            ToyCorpus.labels(IntStream.range(0, 10_001).mapToObj(s -> "s" + s).toList()),
            CORPUS.learnt(),
            CORPUS.validated(),
            CORPUS.tested());
    var context = Trainings.context(1);

    assertThatThrownBy(
            () ->
                new DecisionTreeFamily()
                    .train(parameters(1, 100, 1), new TrainingSet(many, context), context, null))
        .isInstanceOf(BesorolException.class)
        .hasMessageContainingAll("10000", "10001", "Bonsai");
  }

  @Test
  void knowsNothingOfADocumentWithoutKnownWords() {
    var trainings = trainings(parameters(3, 100, 1));
    var scorer = trainings.load(trainings.train(Trainings.context(1)));
    var scores = new Scores();
    try (var query = new Query(ToyCorpus.document("d", "unheard"))) {
      scorer.score(query, scores);
      assertThat(scores.size()).isZero();
      assertThat(scorer.explain(query, 0, 5)).isEmpty();
    }
  }

  @Test
  void documentsThatAreAllAlikeAreOneLeaf() {
    var same = new ArrayList<Example>();
    for (int i = 0; i < 20; i++) {
      // halves of the words, or no feature would be left
      same.add(new Example(ToyCorpus.document("d" + i, "word" + i % 2), new int[] {1, 3}));
    }
    var trainings = new Trainings<>(parameters(4, 100, 1), CORPUS.learning(same), scratch);
    var scorer = trainings.load(trainings.train(Trainings.context(1)));
    var scores = new Scores();
    try (var query = new Query(ToyCorpus.document("d", "word1"))) {
      scorer.score(query, scores);
    }
    assertThat(scores.best(10).labels()).containsExactly(1, 3);
  }

  @Test
  void refusesAFileOfAnotherPackage() {
    var trainings = trainings(parameters(2, 5, 1));
    var directory = trainings.train(Trainings.context(1));
    var other = new Trainings<>(parameters(2, 5, 1), ToyCorpus.of(7, 100, 1, 3), scratch);

    assertThatThrownBy(() -> other.load(directory))
        .isInstanceOf(BesorolException.class)
        .hasMessageContaining("trees.bin has 6 subjects");
  }
}
