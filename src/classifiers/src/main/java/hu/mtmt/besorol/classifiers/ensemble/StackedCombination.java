package hu.mtmt.besorol.classifiers.ensemble;

import hu.mtmt.besorol.classifiers.BatchedWork;
import hu.mtmt.besorol.classifiers.Labels;
import hu.mtmt.besorol.classifiers.Scores;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.boosting.BoostedTrees;
import hu.mtmt.besorol.classifiers.boosting.Boosting;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Boosted trees and a network, each of which corrects the logit of the members' mean for each
 * candidate; the score is the mean of both. The trees see a candidate and what is around it, but no
 * label by itself; the network sees all labels, but nothing else. So each is wrong where the other
 * need not be.
 *
 * @param labels what is told apart
 * @param statistics of the labels
 * @param trees see {@link CandidateFeatures}
 * @param network null where there are too many labels for one
 */
record StackedCombination(
    Labels labels, LabelStatistics statistics, BoostedTrees trees, NeuralCombination network)
    implements Combination {

  /** One document in so many only says when to stop. */
  private static final int ASIDE = 8;

  private static final double SHARE_OF_TREES = 0.7;

  private static Boosting.Parameters parameters(long seed) {
    return new Boosting.Parameters(150, 24, 6, 0.15, 10, 5, 0.5, 15, seed);
  }

  @Override
  public Combiner combiner() {
    return new Reranker();
  }

  private final class Reranker implements Combiner {
    private float[] rows = new float[0];
    private float[] corrected = new float[0];
    private CandidateFeatures features;
    private final Scores ofNetwork = new Scores();
    private final Combiner second = network == null ? null : network.combiner();

    @Override
    public void combine(Candidates candidates, int length, Scores scores) {
      if (features == null) {
        features = new CandidateFeatures(labels, statistics, candidates.members());
      }
      int size = candidates.size();
      if (corrected.length < size) {
        corrected = new float[2 * size];
        rows = new float[corrected.length * features.count()];
      }
      features.write(candidates, length, rows, 0);
      for (int c = 0; c < size; c++) {
        corrected[c] = candidates.logit(c);
      }
      trees.score(rows, size, corrected);
      if (second != null) {
        ofNetwork.clear();
        second.combine(candidates, length, ofNetwork);
        for (int c = 0; c < size; c++) {
          corrected[c] = (corrected[c] + ofNetwork.value(c)) / 2;
        }
      }
      for (int c = 0; c < size; c++) {
        scores.add(candidates.label(c), corrected[c]);
      }
    }
  }

  /** The candidates of a batch of documents. */
  private record Batch(float[] rows, float[] base, boolean[] outcomes, int[] sizes) {}

  /**
   * Learns from documents whose rankings members made that had not learnt from them.
   *
   * @param examples what is learnt from
   * @param mixture the members' mean
   */
  static StackedCombination learn(
      StackedExamples examples,
      Mixture mixture,
      Labels labels,
      TrainingContext context,
      Progress progress) {
    return learn(examples, mixture, labels, parameters(context.seed()), context, progress);
  }

  static StackedCombination learn(
      StackedExamples examples,
      Mixture mixture,
      Labels labels,
      Boosting.Parameters parameters,
      TrainingContext context,
      Progress progress) {
    var statistics = examples.statistics(mixture, labels.size());
    int count = CandidateFeatures.count(mixture.members());
    var batches = new Batch[Math.ceilDiv(examples.size(), BatchedWork.DOCUMENTS)];
    BatchedWork.run(
        IntStream.range(0, batches.length).boxed(),
        1,
        context.threads(),
        context.cancelled(),
        () -> new Candidates(mixture, labels.size()),
        (candidates, batch, ignored) ->
            batches[batch] = batch(examples, statistics, labels, candidates, batch));
    int rows = Arrays.stream(batches).mapToInt(b -> b.base.length).sum();
    var columns = new float[count][rows];
    var base = new float[rows];
    var outcomes = new boolean[rows];
    var aside = new boolean[rows];
    var random = new SplittableRandom(parameters.seed());
    int row = 0;
    for (int b = 0; b < batches.length; b++) {
      var batch = batches[b];
      batches[b] = null;
      int first = row;
      for (int size : batch.sizes) {
        boolean kept = random.nextInt(ASIDE) == 0;
        Arrays.fill(aside, row, row + size, kept);
        row += size;
      }
      System.arraycopy(batch.base, 0, base, first, row - first);
      System.arraycopy(batch.outcomes, 0, outcomes, first, row - first);
      for (int i = first; i < row; i++) {
        for (int f = 0; f < count; f++) {
          columns[f][i] = batch.rows[(i - first) * count + f];
        }
      }
    }
    var trees =
        Boosting.train(
            parameters,
            columns,
            outcomes,
            aside,
            base,
            rows,
            context.threads(),
            context.cancelled(),
            (tree, loss) -> progress.at(SHARE_OF_TREES * tree / parameters.trees(), tree, loss));
    var network =
        NeuralCombination.isTooLarge(mixture.members(), labels.size())
            ? null
            : NeuralCombination.learn(
                examples,
                mixture,
                labels,
                context,
                (share, epoch, loss) ->
                    progress.at(SHARE_OF_TREES + (1 - SHARE_OF_TREES) * share, epoch, loss));
    return new StackedCombination(labels, statistics[statistics.length - 1], trees, network);
  }

  private static Batch batch(
      StackedExamples examples,
      LabelStatistics[] statistics,
      Labels labels,
      Candidates candidates,
      int batch) {
    int from = batch * BatchedWork.DOCUMENTS;
    int to = Math.min(examples.size(), from + BatchedWork.DOCUMENTS);
    int count = CandidateFeatures.count(candidates.members());
    var features =
        Arrays.stream(statistics)
            .map(s -> new CandidateFeatures(labels, s, candidates.members()))
            .toArray(CandidateFeatures[]::new);
    var sizes = new int[to - from];
    var rows = new float[(to - from) * 32 * count];
    var base = new float[(to - from) * 32];
    var outcomes = new boolean[base.length];
    int end = 0;
    for (int i = from; i < to; i++) {
      candidates.of(examples.rankings(i));
      int size = candidates.size();
      if (end + size > base.length) {
        base = Arrays.copyOf(base, 2 * (end + size));
        outcomes = Arrays.copyOf(outcomes, base.length);
        rows = Arrays.copyOf(rows, base.length * count);
      }
      features[examples.part(i)].write(candidates, examples.length(i), rows, end * count);
      for (int c = 0; c < size; c++) {
        base[end + c] = candidates.logit(c);
        outcomes[end + c] = Arrays.binarySearch(examples.truth(i), candidates.label(c)) >= 0;
      }
      sizes[i - from] = size;
      end += size;
    }
    return new Batch(
        Arrays.copyOf(rows, end * count),
        Arrays.copyOf(base, end),
        Arrays.copyOf(outcomes, end),
        sizes);
  }

  @Override
  public void write(DataOutputStream out) throws IOException {
    statistics.write(out);
    trees.write(out);
    out.writeBoolean(network != null);
    if (network != null) {
      network.write(out);
    }
  }

  static StackedCombination read(DataInputStream in, Labels labels, int members)
      throws IOException {
    var statistics = LabelStatistics.read(in, labels);
    var trees = BoostedTrees.read(in);
    if (trees.features() != CandidateFeatures.count(members)) {
      throw new IOException(
          "trees of %d features instead of %d"
              .formatted(trees.features(), CandidateFeatures.count(members)));
    }
    var network = in.readBoolean() ? NeuralCombination.read(in, labels.size(), members) : null;
    return new StackedCombination(labels, statistics, trees, network);
  }
}
