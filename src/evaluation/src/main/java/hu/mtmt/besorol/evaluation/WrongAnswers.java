package hu.mtmt.besorol.evaluation;

import java.util.ArrayList;
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
    var all = new ArrayList<Wrong>();
    for (int d = 0; d < documents.size(); d++) {
      var judged = documents.get(d);
      int document = d;
      IntStream.range(0, judged.answered())
          .filter(i -> !judged.isTrue(judged.ranked()[i]))
          .mapToObj(i -> new Wrong(document, judged.ranked()[i], judged.scores()[i]))
          .findFirst()
          .ifPresent(all::add);
    }
    all.sort(Comparator.comparingDouble(Wrong::score).reversed()); // stable: then by document
    var perSubject = new HashMap<Integer, Integer>();
    var surest = new ArrayList<Integer>();
    for (var wrong : all) {
      if (surest.size() < limit
          && perSubject.merge(wrong.subject(), 1, Integer::sum) <= PER_SUBJECT) {
        surest.add(wrong.document());
      }
    }
    return List.copyOf(surest);
  }
}
