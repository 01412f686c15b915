package hu.mtmt.besorol.taxonomy;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A class that documents can be sorted into.
 *
 * @param id what documents and answers name it by
 * @param parent id of the wider subject, or null for a root
 * @param labels its name by language (ISO 639-1, or {@link #NO_LANGUAGE}); never null
 * @param alternativeLabels other names by language; never null
 * @param descriptions what belongs to it, by language; never null
 * @param deprecated whether it is kept only for old documents
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Subject(
    String id,
    String parent,
    Map<String, String> labels,
    Map<String, List<String>> alternativeLabels,
    Map<String, String> descriptions,
    boolean deprecated) {

  /** Key of a label or description whose language is not known: ISO 639-2 "undetermined". */
  public static final String NO_LANGUAGE = "und";

  public Subject {
    labels = sorted(labels);
    alternativeLabels = sorted(copied(alternativeLabels));
    descriptions = sorted(descriptions);
  }

  /** Sorted by language, so that a subject is always written as the same bytes. */
  private static <V> Map<String, V> sorted(Map<String, V> byLanguage) {
    return byLanguage == null
        ? Map.of()
        : Collections.unmodifiableSortedMap(new TreeMap<>(byLanguage));
  }

  private static Map<String, List<String>> copied(Map<String, List<String>> byLanguage) {
    return byLanguage == null
        ? null
        : byLanguage.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, names -> List.copyOf(names.getValue())));
  }

  /** A subject of id, parent and one label of no known language. */
  public Subject(String id, String parent, String label) {
    this(id, parent, label == null ? null : Map.of(NO_LANGUAGE, label), null, null, false);
  }

  /** Its label in {@code language} if it has one, else in English, else any, else its id. */
  public String label(String language) {
    if (labels.containsKey(language)) {
      return labels.get(language);
    }
    if (labels.containsKey("en")) {
      return labels.get("en");
    }
    return labels.values().stream().findFirst().orElse(id);
  }
}
