package hu.mtmt.besorol.classifiers.labelmatch;

import hu.mtmt.besorol.classifiers.BatchedWork;
import hu.mtmt.besorol.classifiers.Checkpoints;
import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.classifiers.Labels;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.TrainingSet;
import hu.mtmt.besorol.classifiers.answers.LogisticRegression;
import hu.mtmt.besorol.classifiers.answers.LogisticRegression.Observation;
import hu.mtmt.besorol.contract.LabelMatchParameters;
import hu.mtmt.besorol.contract.Progress.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Learns {@link LabelWeights} from training documents, in two passes: the first counts the words,
 * the second finds the candidates, on which logistic regression learns what makes one right.
 *
 * <p>The past of a label is told to the regression as it was without the fold of documents to which
 * the candidate belongs: else a document would be judged by its own subjects, and every label would
 * have been seen before.
 *
 * <p>The coefficients begin with prior ones, so that a taxonomy without documents is matched too.
 */
final class WeightLearner {
  private static final int FOLDS = 5;

  /** More documents do not move a score of so few variables. */
  private static final int MOST_FITTED = 10_000;

  /** Of the normal distributions around the prior coefficients: they may move by about 1. */
  private static final double PRECISION = 1;

  /** So many candidates of the usual share of right ones every label has had. */
  private static final double SMOOTHING = 5;

  /** Share of right ones that is assumed as long as there are none. */
  private static final double PRIOR_SHARE = 0.2;

  private final LabelIndex index;
  private final TrainingSet set;
  private final TrainingContext context;
  private final Labels labels;

  WeightLearner(LabelIndex index, TrainingSet set, TrainingContext context) {
    this.index = index;
    this.set = set;
    this.context = context;
    this.labels = set.labels();
  }

  /** A candidate that the regression sees, the past of its label not yet among the variables. */
  private record Candidate(int label, int fold, double[] variables, boolean right) {}

  LabelWeights learn(LabelMatchParameters parameters, Survey survey) {
    var checkpoints =
        Checkpoints.open(
            context, parameters, survey.documents(), survey.checksum(), index.phrases());
    var learnt = checkpoints.read("weights", LabelWeights::read);
    if (learnt == null) {
      learnt = learn(survey.documents());
      checkpoints.write("weights", learnt::write);
    }
    return learnt;
  }

  private LabelWeights learn(int documents) {
    var rarities = rarities(documents);
    var counts = new Counts(labels.size());
    var fitted = new ConcurrentSkipListMap<Integer, List<Candidate>>();
    int every = Math.ceilDiv(Math.max(1, documents), MOST_FITTED);
    BatchedWork.run(
        set.documents(),
        BatchedWork.DOCUMENTS,
        context.threads(),
        context.cancelled(),
        () -> new Candidates(index, rarities, labels, set.defaultLanguage()),
        (candidates, number, batch) -> {
          fitted.put(
              number, fitted(candidates, number * BatchedWork.DOCUMENTS, batch, every, counts));
          tell(Stage.TRAINING, fitted.size(), documents);
        });
    counts.finish();
    var observations =
        fitted.values().stream()
            .flatMap(List::stream)
            .map(
                c -> {
                  counts.past(c.label, c.fold, c.variables, Evidence.VARIABLES);
                  return new Observation(c.variables, c.right);
                })
            .toList();
    var coefficients = LogisticRegression.fit(observations, PriorWeights.get(), PRECISION);
    return new LabelWeights(coefficients, rarities, counts.pasts());
  }

  private void tell(Stage stage, int batches, int documents) {
    double share = (double) batches * BatchedWork.DOCUMENTS / documents;
    context.listener().at(stage, Math.min(1, share), null, null);
  }

  /**
   * Logarithm of the inverse share of training documents that have a word, each name of a subject
   * counting as one more document: without documents the names alone tell what is rare.
   */
  private float[] rarities(int documents) {
    var frequencies = new AtomicIntegerArray(index.words());
    var batches = new ConcurrentSkipListMap<Integer, Integer>();
    BatchedWork.run(
        set.documents(),
        BatchedWork.DOCUMENTS,
        context.threads(),
        context.cancelled(),
        () -> new Matcher(index, set.defaultLanguage()),
        (matcher, number, batch) -> {
          for (var example : batch) {
            matcher.match(example.document(), null);
            for (int i = 0; i < matcher.differentWords(); i++) {
              frequencies.incrementAndGet(matcher.differentWord(i));
            }
          }
          batches.put(number, batch.size());
          tell(Stage.FEATURES, batches.size(), documents);
        });
    var rarities = new float[index.words()];
    double all = 1.0 + documents + index.phrases();
    for (int word = 0; word < rarities.length; word++) {
      int having = frequencies.get(word) + index.phrasesWith(word);
      rarities[word] = (float) StrictMath.log(1 + all / (1.0 + having));
    }
    return rarities;
  }

  private List<Candidate> fitted(
      Candidates candidates, int first, List<Example> batch, int every, Counts counts) {
    var fitted = new ArrayList<Candidate>();
    for (int i = 0; i < batch.size(); i++) {
      int number = first + i;
      int fold = number % FOLDS;
      var truth = batch.get(i).labels();
      counts.document(fold, truth);
      candidates.find(
          batch.get(i).document(),
          null,
          new double[LabelWeights.VARIABLES],
          (label, variables) -> {
            boolean right = Arrays.binarySearch(truth, label) >= 0;
            counts.candidate(fold, label, right);
            if (number / FOLDS % every == 0) {
              fitted.add(new Candidate(label, fold, variables.clone(), right));
            }
          });
    }
    return fitted;
  }

  /** How often each label came into question, was right, and stood with documents, by fold. */
  private static final class Counts {
    private final int labels;
    private final AtomicIntegerArray candidates;
    private final AtomicIntegerArray right;
    private final AtomicIntegerArray frequencies;

    /** Share of all candidates that are right. */
    private double share;

    /** Documents that a label has on average. */
    private double mean;

    /** No fold is left out. */
    private static final int NONE = -1;

    Counts(int labels) {
      this.labels = labels;
      this.candidates = new AtomicIntegerArray(Math.multiplyExact(FOLDS, labels));
      this.right = new AtomicIntegerArray(FOLDS * labels);
      this.frequencies = new AtomicIntegerArray(FOLDS * labels);
    }

    void document(int fold, int[] truth) {
      for (int label : truth) {
        frequencies.incrementAndGet(fold * labels + label);
      }
    }

    void candidate(int fold, int label, boolean isRight) {
      candidates.incrementAndGet(fold * labels + label);
      if (isRight) {
        right.incrementAndGet(fold * labels + label);
      }
    }

    /** Nothing will be counted any more. */
    void finish() {
      share = (sum(right) + SMOOTHING * PRIOR_SHARE) / (sum(candidates) + SMOOTHING);
      mean = (double) sum(frequencies) / labels;
    }

    /** A count without a fold, scaled to all. */
    private double without(int fold, AtomicIntegerArray counts, int label) {
      int sum = 0;
      int folds = 0;
      for (int f = 0; f < FOLDS; f++) {
        if (f != fold) {
          sum += counts.get(f * labels + label);
          folds++;
        }
      }
      return sum * (double) FOLDS / folds;
    }

    private static long sum(AtomicIntegerArray counts) {
      long sum = 0;
      for (int i = 0; i < counts.length(); i++) {
        sum += counts.get(i);
      }
      return sum;
    }

    /** Writes the past of a label without a fold: all zero for one that says nothing. */
    void past(int label, int fold, double[] variables, int at) {
      double frequency = without(fold, frequencies, label);
      double p =
          (without(fold, right, label) + SMOOTHING * share)
              / (without(fold, candidates, label) + SMOOTHING);
      variables[at] = frequency > 0 ? 1 : 0;
      variables[at + 1] = StrictMath.log((1 + frequency) / (1 + mean));
      variables[at + 2] = logit(p) - logit(share);
    }

    private static double logit(double p) {
      return StrictMath.log(p / (1 - p));
    }

    float[] pasts() {
      var pasts = new float[LabelWeights.PAST * labels];
      var past = new double[LabelWeights.PAST];
      for (int label = 0; label < labels; label++) {
        past(label, NONE, past, 0);
        for (int i = 0; i < past.length; i++) {
          pasts[LabelWeights.PAST * label + i] = (float) past[i];
        }
      }
      return pasts;
    }
  }
}
