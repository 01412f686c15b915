package hu.mtmt.besorol.report;

import hu.mtmt.besorol.taxonomy.Subject;
import hu.mtmt.besorol.taxonomy.Taxonomy;
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
public record Languages(List<String> all) {

  /**
   * The languages of the labels of a taxonomy.
   *
   * @param wanted the one to show at first, or null; one that no label has is not among the
   *     languages
   */
  public static Languages of(Taxonomy taxonomy, String wanted) {
    var counts = new TreeMap<String, Integer>();
    for (var subject : taxonomy.subjects()) {
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

  /** The one shown at first. */
  public String first() {
    return all.getFirst();
  }
}
