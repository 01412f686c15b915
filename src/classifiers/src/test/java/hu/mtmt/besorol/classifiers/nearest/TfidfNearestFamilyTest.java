package hu.mtmt.besorol.classifiers.nearest;

import static hu.mtmt.besorol.classifiers.FamilyTrial.context;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hu.mtmt.besorol.classifiers.CancelledException;
import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.classifiers.FamilyTrial;
import hu.mtmt.besorol.classifiers.ToyCorpus;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.text.DocumentVectors;
import hu.mtmt.besorol.classifiers.text.SparseVector;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.TfidfNearestParameters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TfidfNearestFamilyTest {
  private static final ToyCorpus CORPUS = ToyCorpus.of(20, 800, 200, 11);
  private static final TfidfNearestParameters PARAMETERS =
      FamilyTrial.parameters(TfidfNearestParameters.class, "{}");

  @TempDir Path scratch;

  @Test
  void learnsWhatWordsTellOfSubjects() {
    assertThat(trained(2).strictF1(CORPUS.tested())).isGreaterThan(0.9);
  }

  @Test
  void theModelIsTheSameWhateverTheThreads() {
    assertThat(trained(3).digests())
        .isEqualTo(trained(1).digests())
        .hasSize(3); // vocabulary, weights, calibration
  }

  /** Every score, computed the plain way: from dense centroids, in double precision. */
  @Test
  void scoresAreCosinesWithTheMeanDocumentByRarity() {
    var vectors =
        DocumentVectors.learn(
            CORPUS.training(), PARAMETERS.features(), "en", 1, () -> false, read -> {});
    int labels = CORPUS.labels().size();
    var centroids = new double[labels][vectors.features()];
    var vector = new SparseVector();
    for (int d = 0; d < vectors.size(); d++) {
      for (int label : vectors.labels(d)) {
        addTo(centroids[label], vectors, d, vector);
      }
    }
    // in every centroid a feature counts by the square of its rarity among the centroids
    var directions = new double[labels][vectors.features()];
    for (int f = 0; f < vectors.features(); f++) {
      int feature = f;
      long having = Arrays.stream(centroids).filter(c -> c[feature] > 0).count();
      double rarity = Math.log((1.0 + labels) / (1.0 + having)) + 1;
      for (int label = 0; label < labels; label++) {
        directions[label][f] = centroids[label][f] * rarity * rarity;
      }
    }
    int[] frequencies = vectors.frequencies(labels);
    double cosines = 0;
    int documents = 0;
    for (int d = 0; d < vectors.size(); d++) {
      for (int label : vectors.labels(d)) {
        vectors.copy(d, vector);
        double own = frequencies[label] / Math.pow(length(centroids[label]), 2);
        cosines += (1 - own) * dot(directions[label], vector) / length(directions[label]);
        documents++;
      }
    }
    double expected = cosines / documents;

    var trial = trained(2);
    for (int d = 0; d < 50; d++) {
      vectors.copy(d, vector);
      var scores = trial.scores(CORPUS.learnt().get(d).document());
      for (int label = 0; label < labels; label++) {
        double cosine = dot(directions[label], vector) / length(directions[label]);
        assertThat((double) scores.get(label)).isCloseTo(cosine / expected - 1, within(1e-3));
      }
    }
  }

  private static void addTo(
      double[] sum, DocumentVectors vectors, int document, SparseVector vector) {
    vectors.copy(document, vector);
    for (int i = 0; i < vector.size(); i++) {
      sum[vector.index(i)] += vector.value(i);
    }
  }

  private static double dot(double[] dense, SparseVector vector) {
    double sum = 0;
    for (int i = 0; i < vector.size(); i++) {
      sum += dense[vector.index(i)] * vector.value(i);
    }
    return sum;
  }

  private static double length(double[] vector) {
    return Math.sqrt(Arrays.stream(vector).map(v -> v * v).sum());
  }

  @Test
  void aDocumentLikeItsSubjectHasAScoreNearZeroOrAbove() {
    var trial = trained(2);
    double own = 0;
    double others = 0;
    for (var example : CORPUS.tested()) {
      for (var score : trial.scores(example.document()).entrySet()) {
        if (example.labels()[0] == score.getKey()) {
          own += score.getValue() / CORPUS.tested().size();
        } else {
          others += score.getValue() / CORPUS.tested().size() / (CORPUS.labels().size() - 1);
        }
      }
    }
    assertThat(own).isCloseTo(0, within(0.35));
    assertThat(others).isLessThan(-0.5);
  }

  @Test
  void explainsByTheTermsInCommon() {
    var document = ToyCorpus.document("1", "subcx1 subcx2 subdx1 any1");
    var trial = trained(2);
    var reasons = trial.explain(document, 2, 2);

    assertThat(reasons).extracting("text").containsExactlyInAnyOrder("subcx1", "subcx2");
    assertThat(reasons).allSatisfy(r -> assertThat(r.weight()).isPositive());
  }

  @Test
  void subjectsOfOneDocumentAreLearnt() {
    var learnt = new ArrayList<>(CORPUS.learnt().subList(0, 300));
    learnt.removeIf(e -> Arrays.binarySearch(e.labels(), 5) >= 0);
    learnt.add(new Example(ToyCorpus.document("one", "subfx1 subfx2 subfx3"), new int[] {5}));
    learnt.add(new Example(ToyCorpus.document("two", "subfx1 subfx2 subgx3"), new int[] {6}));
    var scores =
        FamilyTrial.train(PARAMETERS, CORPUS.learning(learnt), context(2), scratch)
            .scores(ToyCorpus.document("1", "subfx1 subfx2 any1"));

    assertThat(scores.get(5)).isEqualTo(scores.values().stream().max(Float::compare).orElseThrow());
  }

  @Test
  void aSubjectWithoutDocumentsIsNeverSuggested() {
    var learnt =
        CORPUS.learnt().stream().filter(e -> Arrays.binarySearch(e.labels(), 3) < 0).toList();
    var trial = FamilyTrial.train(PARAMETERS, CORPUS.learning(learnt), context(2), scratch);

    for (var example : CORPUS.tested()) {
      assertThat(trial.scores(example.document()).get(3)).isLessThan(-1e6f);
    }
  }

  @Test
  void documentsThatAllHaveTheSameSubjectsAreNoObstacle() {
    var same =
        CORPUS.learnt().stream().map(e -> new Example(e.document(), new int[] {2, 4})).toList();
    var scores =
        FamilyTrial.train(PARAMETERS, CORPUS.learning(same), context(2), scratch)
            .scores(CORPUS.tested().getFirst().document());

    assertThat(scores.get(2)).isEqualTo(scores.get(4)).isGreaterThan(scores.get(0));
  }

  @Test
  void aDocumentWithoutKnownWordsHasNoScores() {
    assertThat(trained(2).scores(ToyCorpus.document("1", "zzz qqq"))).isEmpty();
  }

  @Test
  void refusesDataWithoutSubjects() {
    assertThatThrownBy(
            () -> FamilyTrial.train(PARAMETERS, CORPUS.learning(List.of()), context(2), scratch))
        .isInstanceOfSatisfying(
            BesorolException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.DATA_INVALID))
        .hasMessageContaining("no training documents with subjects");
  }

  @Test
  void stopsWhenCancelled() {
    var context =
        new TrainingContext(1, 2, null, null, () -> true, (stage, share, epoch, loss) -> {});

    assertThatThrownBy(() -> FamilyTrial.train(PARAMETERS, CORPUS, context, scratch))
        .isInstanceOf(CancelledException.class);
  }

  private FamilyTrial trained(int threads) {
    return FamilyTrial.train(PARAMETERS, CORPUS, context(threads), scratch);
  }
}
