package hu.mtmt.besorol.classifiers.answers;

import hu.mtmt.besorol.classifiers.Answer;
import hu.mtmt.besorol.classifiers.Labels;
import hu.mtmt.besorol.classifiers.ModelFiles;
import hu.mtmt.besorol.classifiers.Ranking;
import hu.mtmt.besorol.classifiers.Scorer;
import hu.mtmt.besorol.classifiers.Scores;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.TrainingData;
import hu.mtmt.besorol.contract.AnswerParameters;
import hu.mtmt.besorol.contract.AnswerParameters.CalibrationMethod;
import hu.mtmt.besorol.contract.AnswerParameters.Thresholds;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.ModelManifest.Decision;
import io.fabric8.generator.annotation.Required;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** How raw scores become answers: calibrated, ranked, and cut off. Immutable. */
public final class Answering {
  /** The file's name in a package. */
  public static final String FILE = "calibration.json";

  private final Fitted fitted;
  private final Decision decision;
  private final float[] thresholds;
  private final Consistency consistency;
  private final double backOffBelow;

  private Answering(AnswerParameters parameters, Labels labels, Fitted fitted, Decision decision) {
    this.fitted = fitted;
    this.decision = decision;
    this.thresholds = new float[fitted.thresholds.size()];
    for (int label = 0; label < thresholds.length; label++) {
      thresholds[label] = fitted.thresholds.get(label).floatValue();
    }
    this.consistency = parameters.consistent() ? new Consistency(labels) : null;
    this.backOffBelow = parameters.backOffBelowValue();
  }

  /**
   * What was fitted to the validation documents: {@value #FILE}.
   *
   * @param sigmoid makes probabilities of raw scores
   * @param isotonic makes better ones of these, where that is wanted
   * @param thresholds of each label; empty if all have the same
   */
  record Fitted(
      @Required Calibration sigmoid,
      @Required Isotonic isotonic,
      @Required List<Double> thresholds) {}

  /**
   * Chooses on the validation documents, and writes what {@link #read} needs.
   *
   * @param parameters what is wanted
   * @param scorer what scores
   */
  public static Answering choose(
      AnswerParameters parameters,
      Scorer scorer,
      TrainingData data,
      TrainingContext context,
      ModelFiles files)
      throws IOException {
    var ranking = ValidationRanking.of(scorer, data, length(parameters), context);
    var chosen = choose(parameters, ranking, files.labels());
    Files.write(files.path(FILE), ContractJson.write(chosen.fitted));
    return chosen;
  }

  /** Ranks the share of the validation documents of a process that does not lead its team. */
  public static void assist(
      AnswerParameters parameters, Scorer scorer, TrainingData data, TrainingContext context) {
    ValidationRanking.give(scorer, data, length(parameters), context);
  }

  private static int length(AnswerParameters parameters) {
    return Math.max(Calibration.RANKS, parameters.maximumSubjects());
  }

  /** Chooses on documents that are ranked already. */
  static Answering choose(AnswerParameters parameters, ValidationRanking ranking, Labels labels) {
    var sigmoid = Calibration.fit(ranking);
    var isotonic =
        parameters.calibration() == CalibrationMethod.ISOTONIC
                && ranking.size() >= Calibration.FEWEST_DOCUMENTS
            ? isotonic(ranking, sigmoid)
            : Isotonic.NONE;
    var undecided = new Decision(1.0, 0, 1);
    var scoring =
        new Answering(parameters, labels, new Fitted(sigmoid, isotonic, List.of()), undecided);
    var chooser = new DecisionChooser(parameters, ranking, scoring, labels);
    var decision = chooser.choose();
    var thresholds =
        parameters.thresholds() == Thresholds.PER_SUBJECT
            ? boxed(chooser.thresholds(decision))
            : List.<Double>of();
    return new Answering(parameters, labels, new Fitted(sigmoid, isotonic, thresholds), decision);
  }

  private static Isotonic isotonic(ValidationRanking ranking, Calibration sigmoid) {
    var observations = new ArrayList<Isotonic.Observation>();
    for (var document : ranking.documents()) {
      int ranks = Math.min(Calibration.RANKS, document.margins().length);
      for (int rank = 0; rank < ranks; rank++) {
        observations.add(
            new Isotonic.Observation(
                sigmoid.score(document.margins(), rank), document.right(rank)));
      }
    }
    return Isotonic.fit(observations);
  }

  private static List<Double> boxed(float[] values) {
    return IntStream.range(0, values.length).mapToObj(i -> (double) values[i]).toList();
  }

  /** Reads what {@link #choose} wrote. */
  public static Answering read(AnswerParameters parameters, ModelFiles files, Decision decision)
      throws IOException {
    var fitted = ContractJson.readPart(Files.readAllBytes(files.path(FILE)), Fitted.class, FILE);
    if (!fitted.thresholds.isEmpty() && fitted.thresholds.size() != files.labels().size()) {
      throw new IOException(
          "%s has thresholds for %d subjects, the package has %d"
              .formatted(FILE, fitted.thresholds.size(), files.labels().size()));
    }
    return new Answering(parameters, files.labels(), fitted, decision);
  }

  /** How ranked labels become an answer. */
  public Decision decision() {
    return decision;
  }

  /**
   * The answer to a document.
   *
   * @param scores its raw scores
   * @param ranked how many labels are ranked at least (as far as there are so many), beyond those
   *     that are the answer
   */
  public Answer answer(Scores scores, int ranked) {
    var raw = scores.best(Math.max(2, Math.max(ranked, decision.maximumSubjects())));
    var best = scored(raw.labels(), raw.values());
    if (thresholds.length > 0) {
      return withOwnThresholds(best);
    }
    int decided = 0;
    while (decided < Math.min(best.size(), decision.maximumSubjects())
        && best.values()[decided] > 0
        && (decided < decision.minimumSubjects()
            || best.values()[decided] >= decision.threshold())) {
      decided++;
    }
    return backOffBelow > 0 && consistency != null
        ? inFront(consistency.backOff(best, decided, backOffBelow), best)
        : new Answer(best.labels(), best.values(), decided);
  }

  private Answer withOwnThresholds(Ranking best) {
    var answer = new Scores();
    for (int rank = 0; rank < Math.min(best.size(), decision.maximumSubjects()); rank++) {
      float score = best.values()[rank];
      int label = best.labels()[rank];
      if (score > 0 && (rank < decision.minimumSubjects() || score >= thresholds[label])) {
        answer.add(label, score);
      }
    }
    var decided = answer.best(answer.size());
    return inFront(
        backOffBelow > 0 && consistency != null
            ? consistency.backOff(decided, decided.size(), backOffBelow)
            : decided,
        best);
  }

  /** The ranking with the answer at its front. */
  private static Answer inFront(Ranking answer, Ranking best) {
    var others =
        IntStream.range(0, best.size())
            .filter(rank -> IntStream.of(answer.labels()).noneMatch(l -> l == best.labels()[rank]))
            .toArray();
    var labels = new int[answer.size() + others.length];
    var values = new float[labels.length];
    for (int i = 0; i < labels.length; i++) {
      boolean answered = i < answer.size();
      int rank = answered ? i : others[i - answer.size()];
      labels[i] = (answered ? answer : best).labels()[rank];
      values[i] = (answered ? answer : best).values()[rank];
    }
    return new Answer(labels, values, answer.size());
  }

  /**
   * The calibrated ranking of a document's best labels.
   *
   * @param labels the labels, the best first
   * @param raw their raw scores; the second best must be there if there is one
   */
  Ranking scored(int[] labels, float[] raw) {
    var scores = fitted.sigmoid.apply(raw);
    for (int rank = 0; rank < scores.length; rank++) {
      scores[rank] = fitted.isotonic.apply(scores[rank]);
    }
    var ranking = new Ranking(labels, scores);
    return consistency == null ? ranking : consistency.raise(ranking);
  }
}
