package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What gates need to know of a version.
 *
 * @param holdout digest of the documents that it was judged on
 * @param taxonomy digest of the subjects
 * @param level level of the taxonomy that it was judged at, or null
 * @param grades by which subjects were graded
 * @param figures every metric's value
 * @param comparisons the comparisons that were asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Judgement(
    Digest holdout,
    Digest taxonomy,
    Integer level,
    Grades grades,
    Map<Metric, Double> figures,
    List<Comparison> comparisons) {

  public Judgement {
    figures = figures == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(figures));
    comparisons = comparisons == null ? List.of() : List.copyOf(comparisons);
  }
}
