package hu.mtmt.besorol.classifiers.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import hu.mtmt.besorol.classifiers.Query;
import hu.mtmt.besorol.classifiers.Scores;
import hu.mtmt.besorol.classifiers.ToyCorpus;
import hu.mtmt.besorol.classifiers.TrainingSet;
import hu.mtmt.besorol.classifiers.Trainings;
import hu.mtmt.besorol.classifiers.text.DocumentVectors;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.LinearParameters;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrammerSingerTest {
  private static final ToyCorpus SEVERAL = ToyCorpus.of(12, 500, 100, 4);

  /** The documents that have one subject; the last subject has none. */
  private static final ToyCorpus CORPUS =
      SEVERAL.learning(
          SEVERAL.learnt().stream()
              .filter(e -> e.labels().length == 1 && e.labels()[0] < 11)
              .toList());

  @TempDir Path scratch;

  private static LinearParameters parameters(String cost, String tolerance) {
    return Trainings.parameters(
        LinearParameters.class,
        "{\"loss\": \"CrammerSinger\", \"cost\": \"%s\", \"tolerance\": \"%s\", \"maximumEpochs\": 2000}"
            .formatted(cost, tolerance));
  }

  private static DocumentVectors vectors(ToyCorpus corpus) {
    return new TrainingSet(corpus, Trainings.context(1)).vectors(parameters("1", "1").features());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.1", "1", "20"})
  void comesToTheWeightsOfLiblinear(String cost) {
    var vectors = vectors(CORPUS);
    var groups =
        new CrammerSinger(parameters(cost, "0.0005"), vectors, 12, Trainings.context(1)).train(0);
    var theirs = liblinear(vectors, Double.parseDouble(cost));

    var ours = new float[11][vectors.features() + 1];
    for (var group : groups) {
      for (int i = 0; i < group.size(); i++) {
        ours[group.label(i)][group.feature(i)] = group.value(i);
      }
      for (int k = 0; k < group.labels().length; k++) {
        ours[group.labels()[k]][vectors.features()] = group.biases()[k];
      }
    }
    for (int label = 0; label < 11; label++) {
      for (int f = 0; f <= vectors.features(); f++) {
        assertThat(ours[label][f]).isCloseTo(theirs[label][f], within(3e-3f));
      }
    }
  }

  private static float[][] liblinear(DocumentVectors vectors, double cost) {
    var problem = new Problem();
    problem.l = vectors.size();
    problem.n = vectors.features() + 1;
    problem.x = new Feature[problem.l][];
    problem.y = new double[problem.l];
    for (int d = 0; d < problem.l; d++) {
      var block = vectors.blockOf(d);
      int from = block.starts()[vectors.rowOf(d)];
      int size = block.starts()[vectors.rowOf(d) + 1] - from;
      problem.x[d] = new Feature[size + 1];
      for (int i = 0; i < size; i++) {
        problem.x[d][i] = new FeatureNode(block.indices()[from + i] + 1, block.values()[from + i]);
      }
      problem.x[d][size] = new FeatureNode(problem.n, 1);
      problem.y[d] = vectors.labels(d)[0];
    }
    Linear.disableDebugOutput();
    var model = Linear.train(problem, new Parameter(SolverType.MCSVM_CS, cost, 1e-5, 100_000, 0.1));
    var weights = new float[11][problem.n];
    for (int m = 0; m < 11; m++) {
      for (int f = 0; f < problem.n; f++) {
        weights[model.getLabels()[m]][f] = (float) model.getFeatureWeights()[f * 11 + m];
      }
    }
    return weights;
  }

  @Test
  void theOwnSubjectWins() {
    var trainings = new Trainings<>(parameters("1", "0.1"), CORPUS, scratch);
    var scorer = trainings.load(trainings.train(Trainings.context(2)));
    var tested =
        CORPUS.tested().stream().filter(e -> e.labels().length == 1 && e.labels()[0] < 11).toList();
    long right =
        tested.stream()
            .filter(
                example -> {
                  var scores = new Scores();
                  try (var query = new Query(example.document())) {
                    scorer.score(query, scores);
                  }
                  return scores.best(1).labels()[0] == example.labels()[0];
                })
            .count();

    assertThat(right).isGreaterThan(9 * tested.size() / 10);
  }

  @Test
  void threadsDoNotMatter() {
    new Trainings<>(parameters("1", "0.1"), CORPUS, scratch).threadsDoNotMatter();
  }

  @Test
  void stoppingDoesNotMatter() {
    new Trainings<>(parameters("1", "0.005"), CORPUS, scratch).stoppingDoesNotMatter();
  }

  @Test
  void refusesDocumentsOfSeveralSubjects() {
    var trainings = new Trainings<>(parameters("1", "0.1"), SEVERAL, scratch);
    long several = SEVERAL.learnt().stream().filter(e -> e.labels().length > 1).count();

    assertThatThrownBy(() -> trainings.train(Trainings.context(1)))
        .isInstanceOfSatisfying(
            BesorolException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.DATA_INVALID))
        .hasMessageContaining("%d of the 500 training documents have several", several)
        .hasMessageContaining("take the loss SquaredHinge");
  }

  @Test
  void refusesWhatDoesNotFitIntoMemory() {
    var vectors = vectors(CORPUS);

    assertThatThrownBy(() -> CrammerSinger.refuseTooLarge(vectors, 40_000, 50 << 20))
        .isInstanceOf(BesorolException.class)
        .hasMessageMatching(".* needs \\d+ MiB for .* 40,000 subjects, but may use 30 MiB: .*");
    CrammerSinger.refuseTooLarge(vectors, 11, 50 << 20);
  }
}
