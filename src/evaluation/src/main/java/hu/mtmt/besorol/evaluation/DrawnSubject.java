package hu.mtmt.besorol.evaluation;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * F1 of one subject as a function of how often each document counts: what a draw of the {@link
 * Bootstrap} is applied to.
 *
 * @param documents those that have the subject or were answered it, by number
 * @param weights what each of them adds to |T| + |P|: 1, or 2 if it has the subject and was
 *     answered it
 */
record DrawnSubject(int[] documents, byte[] weights) implements ToDoubleFunction<int[]> {
  private static final byte RIGHT = 2;

  @Override
  public double applyAsDouble(int[] times) {
    long both = 0;
    long right = 0;
    for (int d = 0; d < documents.length; d++) {
      int weight = weights[d] * times[documents[d]];
      both += weight;
      right += weights[d] == RIGHT ? weight : 0;
    }
    return Formula.share(right, both); // twice |T∩P|, since a right answer weighs two
  }

  /** All subjects of these answers, by number. */
  static DrawnSubject[] of(List<Judged> answers, int subjects) {
    var sizes = new int[subjects];
    for (var judged : answers) {
      for (int s : judged.truth()) {
        sizes[s]++;
      }
      for (int s : judged.answer()) {
        sizes[s] += judged.isTrue(s) ? 0 : 1;
      }
    }
    var drawn = new DrawnSubject[subjects];
    for (int s = 0; s < subjects; s++) {
      drawn[s] = new DrawnSubject(new int[sizes[s]], new byte[sizes[s]]);
    }
    var filled = new int[subjects];
    for (int d = 0; d < answers.size(); d++) {
      var judged = answers.get(d);
      for (int s : judged.truth()) {
        drawn[s].documents[filled[s]] = d;
        drawn[s].weights[filled[s]++] = 1;
      }
      for (int s : judged.answer()) {
        if (judged.isTrue(s)) {
          drawn[s].weights[filled[s] - 1] = RIGHT; // the document was the last to be added
        } else {
          drawn[s].documents[filled[s]] = d;
          drawn[s].weights[filled[s]++] = 1;
        }
      }
    }
    return drawn;
  }
}
