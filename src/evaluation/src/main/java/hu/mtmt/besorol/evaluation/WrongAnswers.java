package hu.mtmt.besorol.evaluation;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;

/** Which wrong answers are worth a look. */
public final class WrongAnswers {
  /** So that examples show more than the one subject that fails most. */
  private static final int PER_SUBJECT = 2;

  private WrongAnswers() {}

  /**
   * The documents with a wrong subject of the highest score: where the classifier was surest and
   * still wrong. The best wrong subject of no more than two of them is the same one.
   *
   * @return numbers of the documents, the surest first
   */
  public static List<Integer> surest(List<Judged> documents, int limit) {
    record Wrong(int document, int subject, float score) {}
    var chosen = new HashMap<Integer, Integer>();
    return IntStream.range(0, documents.size())
        .mapToObj(
            d -> {
              var judged = documents.get(d);
              for (int i = 0; i < judged.answered(); i++) {
                if (!judged.isTrue(judged.ranked()[i])) {
                  return new Wrong(d, judged.ranked()[i], judged.scores()[i]);
                }
              }
              return null;
            })
        .filter(wrong -> wrong != null)
        .sorted(Comparator.comparingDouble(Wrong::score).reversed()) // stable: then by document
        .filter(wrong -> chosen.merge(wrong.subject(), 1, Integer::sum) <= PER_SUBJECT)
        .limit(limit)
        .map(Wrong::document)
        .toList();
  }
}
