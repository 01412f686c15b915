package hu.mtmt.besorol.report;

import hu.mtmt.besorol.taxonomy.Subject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The languages that labels can be shown in.
 *
 * @param all codes, the one shown at first in front, the others in alphabetical order
 */
record Languages(List<String> all) {

  /**
   * The languages of these subjects.
   *
   * @param wanted the one to show at first, or null; one that no label has is not among the
   *     languages
   */
  static Languages of(List<Subject> subjects, String wanted) {
    var counts = new TreeMap<String, Integer>();
    for (var subject : subjects) {
      subject.labels().keySet().forEach(language -> counts.merge(language, 1, Integer::sum));
    }
    if (counts.isEmpty()) {
      return new Languages(List.of(Subject.NO_LANGUAGE));
    }
    var first =
        counts.containsKey(wanted == null ? "en" : wanted)
            ? wanted == null ? "en" : wanted
            : counts.entrySet().stream()
                .max(Comparator.comparingInt(Map.Entry::getValue))
                .orElseThrow()
                .getKey();
    counts.remove(first);
    var all = new ArrayList<String>();
    all.add(first);
    all.addAll(counts.keySet());
    return new Languages(List.copyOf(all));
  }

  String first() {
    return all.getFirst();
  }
}
