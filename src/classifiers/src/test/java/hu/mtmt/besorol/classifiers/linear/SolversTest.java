package hu.mtmt.besorol.classifiers.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Model;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import hu.mtmt.besorol.classifiers.CancelledException;
import hu.mtmt.besorol.classifiers.ToyCorpus;
import hu.mtmt.besorol.classifiers.text.DocumentVectors;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.LinearParameters;
import hu.mtmt.besorol.contract.LinearParameters.Loss;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SolversTest {
  private static final int[] LABELS = {0, 2, 3, 4, 7};
  private static DocumentVectors vectors;

  /** Both solve the same convex problem exactly, so they must come to the same weights. */
  @ParameterizedTest
  @CsvSource({
    "SQUARED_HINGE, 1.0, L2R_L2LOSS_SVC_DUAL",
    "SQUARED_HINGE, 0.1, L2R_L2LOSS_SVC_DUAL",
    "SQUARED_HINGE, 10, L2R_L2LOSS_SVC_DUAL",
    "LOGISTIC, 1.0, L2R_LR_DUAL",
    "LOGISTIC, 20, L2R_LR_DUAL",
  })
  void comeToTheWeightsOfLiblinear(Loss loss, String cost, SolverType solver) {
    var parameters = parameters(loss, cost, "0.0001", 1000);
    var ours = dense(train(parameters, 1));

    for (int lane = 0; lane < LABELS.length; lane++) {
      var theirs = liblinear(solver, Double.parseDouble(cost), LABELS[lane]);
      for (int f = 0; f <= vectors.features(); f++) {
        assertThat(ours[lane][f]).isCloseTo(theirs[f], within(2e-3f));
      }
    }
  }

  /** With a coarse tolerance the order of the documents shows, but the objective is near. */
  @Test
  void theObjectiveIsNearTheBestWithTheUsualTolerance() {
    var usual = dense(train(parameters(Loss.SQUARED_HINGE, "1.0", "0.1", 1000), 1));
    var exact = dense(train(parameters(Loss.SQUARED_HINGE, "1.0", "0.0001", 1000), 1));

    for (int lane = 0; lane < LABELS.length; lane++) {
      double best = squaredHingeObjective(exact[lane], LABELS[lane]);
      assertThat(squaredHingeObjective(usual[lane], LABELS[lane]))
          .isBetween(best - 1e-6, 1.02 * best);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CRAMMER_SINGER")
  void aSeedAlwaysGivesTheSameWeights(Loss loss) {
    var parameters = parameters(loss, "1.0", "0.1", 20);

    assertThat(dense(train(parameters, 7))).isDeepEqualTo(dense(train(parameters, 7)));
    assertThat(dense(train(parameters, 8))).isNotEqualTo(dense(train(parameters, 7)));
  }

  @Test
  void passiveAggressiveAveragesItsUpdates() {
    // one pass over the documents in the order of the seed, by the paper's formula
    var parameters = parameters(Loss.PASSIVE_AGGRESSIVE, "0.5", "0.1", 1);
    var ours = dense(train(parameters, 3));
    var order = IntStream.range(0, vectors.size()).toArray();
    var random = new SplittableRandom(3);
    for (int i = 0; i < order.length - 1; i++) {
      int j = i + random.nextInt(order.length - i);
      int d = order[i];
      order[i] = order[j];
      order[j] = d;
    }
    for (int lane = 0; lane < LABELS.length; lane++) {
      var theirs = averagedPassiveAggressive(order, LABELS[lane], 0.5);
      for (int f = 0; f <= vectors.features(); f++) {
        assertThat(ours[lane][f]).isCloseTo((float) theirs[f], within(2e-3f));
      }
    }
  }

  @Test
  void stopsWithinAPassWhenAskedTo() {
    var asked = new AtomicInteger();

    assertThatThrownBy(
            () ->
                LaneSolver.of(vectors, LABELS, parameters(Loss.LOGISTIC, "1", "0.1", 100), 1)
                    .train(0, () -> asked.incrementAndGet() == 3, (epoch, loss) -> {}))
        .isInstanceOf(CancelledException.class);
  }

  @Test
  void lossesFall() {
    for (var loss : EnumSet.complementOf(EnumSet.of(Loss.CRAMMER_SINGER))) {
      var losses = new ArrayList<Double>();
      LaneSolver.of(vectors, LABELS, parameters(loss, "1", "0.0001", 10), 1)
          .train(0, () -> false, (epoch, mean) -> losses.add(mean));
      assertThat(losses).hasSizeBetween(2, 10);
      assertThat(losses.getLast()).isLessThan(losses.getFirst());
    }
  }

  private static LaneWeights train(LinearParameters parameters, long seed) {
    return LaneSolver.of(vectors, LABELS, parameters, seed)
        .train(0, () -> false, (epoch, loss) -> {});
  }

  /** By lane and feature; the bias is last. */
  private static float[][] dense(LaneWeights weights) {
    var dense = new float[weights.labels().length][vectors.features() + 1];
    for (int i = 0; i < weights.values().length; i++) {
      dense[weights.laneOf()[i]][weights.features()[i]] = weights.values()[i];
    }
    for (int lane = 0; lane < dense.length; lane++) {
      dense[lane][vectors.features()] = weights.biases()[lane];
    }
    return dense;
  }

  private static float[] liblinear(SolverType solver, double cost, int label) {
    var problem = new Problem();
    problem.l = vectors.size();
    problem.n = vectors.features() + 1;
    problem.x = new Feature[problem.l][];
    problem.y = new double[problem.l];
    for (int d = 0; d < problem.l; d++) {
      problem.x[d] = row(d);
      problem.y[d] = has(d, label) ? 1 : -1;
    }
    Linear.disableDebugOutput();
    Model model = Linear.train(problem, new Parameter(solver, cost, 1e-5, 100_000, 0.1));
    float sign = model.getLabels()[0] == 1 ? 1 : -1;
    var weights = new float[problem.n];
    for (int f = 0; f < problem.n; f++) {
      weights[f] = sign * (float) model.getFeatureWeights()[f];
    }
    return weights;
  }

  private static Feature[] row(int document) {
    var block = vectors.blockOf(document);
    int row = vectors.rowOf(document);
    var features = new ArrayList<Feature>();
    for (int i = block.starts()[row]; i < block.starts()[row + 1]; i++) {
      features.add(new FeatureNode(block.indices()[i] + 1, block.values()[i]));
    }
    features.add(new FeatureNode(vectors.features() + 1, 1));
    return features.toArray(Feature[]::new);
  }

  private static boolean has(int document, int label) {
    var labels = vectors.blockOf(document).labels()[vectors.rowOf(document)];
    return Arrays.binarySearch(labels, label) >= 0;
  }

  private static double squaredHingeObjective(float[] weights, int label) {
    double objective = 0;
    for (float w : weights) {
      objective += 0.5 * w * w;
    }
    for (int d = 0; d < vectors.size(); d++) {
      double slack = Math.max(0, 1 - (has(d, label) ? 1 : -1) * margin(weights, d));
      objective += slack * slack;
    }
    return objective;
  }

  private static double margin(float[] weights, int document) {
    double margin = 0;
    for (var feature : row(document)) {
      margin += weights[feature.getIndex() - 1] * feature.getValue();
    }
    return margin;
  }

  /** Crammer et al. 2006, PA-I, with the mean of the weights after every document. */
  private static double[] averagedPassiveAggressive(int[] order, int label, double cost) {
    var weights = new float[vectors.features() + 1];
    var mean = new double[weights.length];
    for (int d : order) {
      int y = has(d, label) ? 1 : -1;
      double slack = Math.max(0, 1 - y * margin(weights, d));
      double squaredLength = 0;
      for (var feature : row(d)) {
        squaredLength += feature.getValue() * feature.getValue();
      }
      double step = Math.min(cost, slack / squaredLength);
      for (var feature : row(d)) {
        weights[feature.getIndex() - 1] += (float) (step * y * feature.getValue());
      }
      for (int f = 0; f < mean.length; f++) {
        mean[f] += weights[f] / order.length;
      }
    }
    return mean;
  }

  /** Not in the initializer of the class: other threads run its lambdas. */
  @BeforeAll
  static void learnVectors() {
    vectors =
        DocumentVectors.learn(
            ToyCorpus.of(8, 400, 0, 5).training(),
            parameters(Loss.LOGISTIC, "1", "1", 1).features(),
            "en",
            1,
            () -> false,
            read -> {});
  }

  private static LinearParameters parameters(
      Loss loss, String cost, String tolerance, int maximumEpochs) {
    var defaults =
        ContractJson.readPart(
            "{}".getBytes(StandardCharsets.UTF_8), LinearParameters.class, "none");
    return new LinearParameters(loss, cost, tolerance, maximumEpochs, defaults.features());
  }
}
