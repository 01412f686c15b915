package hu.mtmt.besorol.benchmarks;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.classifiers.text.DocumentVectors;
import hu.mtmt.besorol.classifiers.text.Vectorizer;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.LinearParameters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The peer of {@link LinearTrial}: liblinear-java on the same vectors with the same parameters, one
 * versus rest. Subjects are those above the threshold that is best on the validation part, and
 * always the best one.
 */
final class LiblinearTrial {
  private LiblinearTrial() {}

  /**
   * @param arguments {@code DATA}
   */
  public static void main(String[] arguments) {
    var parameters = ContractJson.defaults(LinearParameters.class);
    var data = Dataset.open(Path.of(arguments[0]));
    var vectors =
        DocumentVectors.learn(
            data.training(),
            parameters.features(),
            data.defaultLanguage(),
            Runtime.getRuntime().availableProcessors(),
            () -> false,
            read -> {});
    var problem = problem(vectors);
    var weights = new float[data.labels().size()][];
    var solver =
        new Parameter(
            SolverType.L2R_L2LOSS_SVC_DUAL, parameters.costValue(), parameters.toleranceValue());
    Linear.disableDebugOutput();
    double before = Measured.cpuSeconds();
    for (int label = 0; label < weights.length; label++) {
      weights[label] = train(problem, vectors, label, solver);
    }
    Measured.report("solving", Measured.cpuSeconds() - before);
    Measured.report("peak", Measured.peakMebibytes());

    var vectorizer =
        new Vectorizer(parameters.features(), data.defaultLanguage(), vectors.vocabulary());
    var validation = candidates(data.validation(), vectorizer, weights);
    Measured.report(
        "StrictF1", candidates(data.test(), vectorizer, weights).f1(validation.bestThreshold()));
  }

  private static Problem problem(DocumentVectors vectors) {
    var problem = new Problem();
    problem.l = vectors.size();
    problem.n = vectors.features() + 1;
    problem.x = new Feature[problem.l][];
    problem.y = new double[problem.l];
    for (int d = 0; d < problem.l; d++) {
      var block = vectors.blockOf(d);
      int from = block.starts()[vectors.rowOf(d)];
      int to = block.starts()[vectors.rowOf(d) + 1];
      problem.x[d] = new Feature[to - from + 1];
      for (int i = from; i < to; i++) {
        problem.x[d][i - from] = new FeatureNode(block.indices()[i] + 1, block.values()[i]);
      }
      problem.x[d][to - from] = new FeatureNode(problem.n, 1);
    }
    return problem;
  }

  private static float[] train(
      Problem problem, DocumentVectors vectors, int label, Parameter parameter) {
    for (int d = 0; d < problem.l; d++) {
      var labels = vectors.blockOf(d).labels()[vectors.rowOf(d)];
      problem.y[d] = Arrays.binarySearch(labels, label) >= 0 ? 1 : -1;
    }
    var model = Linear.train(problem, parameter);
    int sign = model.getLabels()[0] == 1 ? 1 : -1;
    var learnt = model.getFeatureWeights();
    var weights = new float[problem.n];
    for (int f = 0; f < weights.length; f++) {
      weights[f] = (float) (sign * learnt[f]);
    }
    return weights;
  }

  private record Candidate(double margin, boolean best, boolean right) {}

  /** The labels of all documents with their margins, and how many true ones there are. */
  private record Candidates(List<Candidate> all, long truths) {

    double f1(double threshold) {
      long answered = 0;
      long right = 0;
      for (var c : all) {
        if (c.best || c.margin >= threshold) {
          answered++;
          right += c.right ? 1 : 0;
        }
      }
      return 2.0 * right / (answered + truths);
    }

    double bestThreshold() {
      var sorted =
          all.stream().sorted(Comparator.comparingDouble(Candidate::margin).reversed()).toList();
      long answered = all.stream().filter(c -> c.best).count();
      long right = all.stream().filter(c -> c.best && c.right).count();
      double bestF1 = 0;
      double threshold = 0;
      for (var c : sorted) {
        if (!c.best) {
          answered++;
          right += c.right ? 1 : 0;
        }
        double f1 = 2.0 * right / (answered + truths);
        if (f1 > bestF1) {
          bestF1 = f1;
          threshold = c.margin;
        }
      }
      return threshold;
    }
  }

  private static Candidates candidates(
      Stream<Example> examples, Vectorizer vectorizer, float[][] weights) {
    var all = new ArrayList<Candidate>();
    long truths = 0;
    try (examples) {
      for (var example : (Iterable<Example>) examples::iterator) {
        var margins = margins(example, vectorizer, weights);
        double best = Arrays.stream(margins).max().orElseThrow();
        truths += example.labels().length;
        for (int label = 0; label < margins.length; label++) {
          boolean right = Arrays.binarySearch(example.labels(), label) >= 0;
          all.add(new Candidate(margins[label], margins[label] == best, right));
        }
      }
    }
    return new Candidates(all, truths);
  }

  private static double[] margins(Example example, Vectorizer vectorizer, float[][] weights) {
    var vector = vectorizer.vector(example.document());
    var margins = new double[weights.length];
    for (int label = 0; label < margins.length; label++) {
      double margin = weights[label][weights[label].length - 1];
      for (int i = 0; i < vector.size(); i++) {
        margin += weights[label][vector.index(i)] * vector.value(i);
      }
      margins[label] = margin;
    }
    return margins;
  }
}
