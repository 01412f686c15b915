package hu.mtmt.besorol.classifiers.answers;

import hu.mtmt.besorol.classifiers.Answer;
import hu.mtmt.besorol.classifiers.ModelFiles;
import hu.mtmt.besorol.classifiers.Scorer;
import hu.mtmt.besorol.classifiers.Scores;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.TrainingData;
import hu.mtmt.besorol.contract.AnswerParameters;
import hu.mtmt.besorol.contract.ModelManifest.Decision;
import java.io.IOException;

/**
 * How raw scores become answers: calibrated, ranked, and cut off.
 *
 * @param calibration makes probabilities of raw scores
 * @param decision which of the ranked labels are the answer
 */
public record Answering(Calibration calibration, Decision decision) {

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
    var ranking = ValidationRanking.of(scorer, data, context);
    var calibration = Calibration.fit(ranking);
    calibration.write(files.path(Calibration.FILE));
    return new Answering(calibration, DecisionChooser.choose(ranking, calibration));
  }

  /** Reads what {@link #choose} wrote. */
  public static Answering read(ModelFiles files, Decision decision) throws IOException {
    return new Answering(Calibration.read(files.path(Calibration.FILE)), decision);
  }

  /**
   * The answer to a document.
   *
   * @param scores its raw scores
   * @param ranked how many labels are ranked at least (as far as there are so many), beyond those
   *     that are the answer
   */
  public Answer answer(Scores scores, int ranked) {
    var best = scores.best(Math.max(2, Math.max(ranked, decision.maximumSubjects())));
    var values = calibration.apply(best.values());
    int decided = 0;
    while (decided < Math.min(values.length, decision.maximumSubjects())
        && values[decided] > 0
        && (decided < decision.minimumSubjects() || values[decided] >= decision.threshold())) {
      decided++;
    }
    return new Answer(best.labels(), values, decided);
  }
}
