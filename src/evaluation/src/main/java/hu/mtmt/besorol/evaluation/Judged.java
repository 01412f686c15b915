package hu.mtmt.besorol.evaluation;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * What is true of a document and what a classifier answered. Subjects are numbers of the taxonomy,
 * rolled up to the target level.
 *
 * @param truth true subjects, ascending, each once; maybe none
 * @param ranked subjects that were answered or nearly so, the best first, each once; at least ten
 *     if the classifier knows so many
 * @param scores of {@code ranked}, calibrated, 0 to 1
 * @param answered how many of {@code ranked}, from its front, are the answer
 */
public record Judged(int[] truth, int[] ranked, float[] scores, int answered) {

  public Judged {
    if (scores.length != ranked.length || answered < 0 || answered > ranked.length) {
      throw new IllegalArgumentException(
          "%d ranked, %d scores, %d answered".formatted(ranked.length, scores.length, answered));
    }
  }

  /** Whether the document has the subject. */
  public boolean isTrue(int subject) {
    return Arrays.binarySearch(truth, subject) >= 0;
  }

  /** How many of the best {@code ranks} are true. */
  int hits(int ranks) {
    int hits = 0;
    for (int i = 0; i < Math.min(ranks, ranked.length); i++) {
      hits += isTrue(ranked[i]) ? 1 : 0;
    }
    return hits;
  }

  /** Truth and answer cut down to the subjects of a part; what is ranked beyond the answer goes. */
  Judged within(IntPredicate part) {
    var answers = new int[answered];
    var scoresOfAnswers = new float[answered];
    int n = 0;
    for (int i = 0; i < answered; i++) {
      if (part.test(ranked[i])) {
        answers[n] = ranked[i];
        scoresOfAnswers[n++] = scores[i];
      }
    }
    return new Judged(
        Arrays.stream(truth).filter(part).toArray(),
        Arrays.copyOf(answers, n),
        Arrays.copyOf(scoresOfAnswers, n),
        n);
  }

  /** The subjects that are the answer. */
  int[] answer() {
    return Arrays.copyOf(ranked, answered);
  }

  /** True subjects that were not answered, ascending. */
  public int[] missed() {
    var answers = answer();
    Arrays.sort(answers);
    return Arrays.stream(truth).filter(s -> Arrays.binarySearch(answers, s) < 0).toArray();
  }

  /** Answered subjects that are not true, the best first. */
  public int[] wrong() {
    return Arrays.stream(answer()).filter(s -> !isTrue(s)).toArray();
  }
}
