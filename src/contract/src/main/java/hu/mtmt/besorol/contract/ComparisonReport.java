package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How classifiers differ on the same documents: what {@code besorol compare} writes. Each is
 * compared with one of them, the baseline.
 *
 * @param documents digest of the documents
 * @param judged how many documents were answered and judged
 * @param taxonomy digest of the subjects
 * @param level subjects below this level counted as their ancestor on it, or null
 * @param confidence of the intervals
 * @param draws how often the bootstrap drew the documents
 * @param baseline name of the contestant that the others are compared with
 * @param rankedBy the metric that the places are of
 * @param contestants all that were compared, in the order in which they were named
 * @param comparisons one for each contestant but the baseline
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ComparisonReport(
    @Required Digest documents,
    int judged,
    @Required Digest taxonomy,
    Integer level,
    @Required String confidence,
    int draws,
    @Required String baseline,
    @Required Metric rankedBy,
    @Required List<Contestant> contestants,
    @Required List<Versus> comparisons)
    implements ContractDocument {

  public ComparisonReport {
    contestants = contestants == null ? List.of() : List.copyOf(contestants);
    comparisons = comparisons == null ? List.of() : List.copyOf(comparisons);
  }

  /**
   * What was compared.
   *
   * @param name what the report calls it
   * @param version of a package, or null
   * @param answers digest of a file of another program's answers, or null
   * @param metrics values over all documents
   * @param place where it stands among all
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Contestant(
      @Required String name,
      Digest version,
      Digest answers,
      @Required Map<Metric, Double> metrics,
      @Required Place place) {

    public Contestant {
      metrics = metrics == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(metrics));
    }
  }

  /**
   * Where a contestant stands among all. Other documents might have given another order: the
   * bootstrap says which.
   *
   * @param rank 1 for the best; equal values share the better rank
   * @param best the best rank within the confidence
   * @param worst the worst rank within the confidence
   * @param first share of the draws in which nothing was better
   */
  public record Place(int rank, int best, int worst, double first) {}

  /**
   * A contestant compared with the baseline.
   *
   * @param contestant its name
   * @param overall by every comparable metric over all documents
   * @param levels per level of the taxonomy, subjects of other levels left out
   * @param branches per root that has subjects below it, subjects of other branches left out
   * @param subjects by F1 of every subject that a document has, in the taxonomy's order
   */
  public record Versus(
      @Required String contestant,
      @Required Part overall,
      @Required List<Part> levels,
      @Required List<Part> branches,
      @Required List<SubjectDifference> subjects) {

    public Versus {
      levels = levels == null ? List.of() : List.copyOf(levels);
      branches = branches == null ? List.of() : List.copyOf(branches);
      subjects = subjects == null ? List.of() : List.copyOf(subjects);
    }
  }

  /**
   * Differences over a part of the (document, subject) pairs.
   *
   * @param name {@code overall}, the number of a level, or the id of a root
   * @param documents documents with a true subject in the part
   * @param differences by metric
   */
  public record Part(@Required String name, int documents, @Required List<Difference> differences) {

    public Part {
      differences = differences == null ? List.of() : List.copyOf(differences);
    }
  }

  /**
   * A difference: paired bootstrap over documents (Efron and Tibshirani 1993, chapters 13 and 15).
   *
   * @param metric by what
   * @param value of the contestant
   * @param baseline value of the baseline
   * @param difference value minus baseline
   * @param lower lower end of the percentile interval of the difference
   * @param upper upper end
   * @param p two-sided significance level of the difference, above 0; not corrected for the number
   *     of metrics, parts and contestants
   */
  public record Difference(
      @Required Metric metric,
      double value,
      double baseline,
      double difference,
      double lower,
      double upper,
      double p) {}

  /**
   * A difference on one subject. If both gave the same answers, or nobody found one of its
   * documents, there is nothing to test: interval, p and q are null.
   *
   * @param subject its id
   * @param documents how many judged documents have it
   * @param value F1 of the contestant
   * @param baseline F1 of the baseline
   * @param difference value minus baseline
   * @param lower lower end of the percentile interval of the difference
   * @param upper upper end
   * @param p of the exact paired randomization test (Noreen 1989, Yeh 2000)
   * @param q smallest rate of false discoveries at which it counts as one (Benjamini and Hochberg
   *     1995), over the subjects that were tested
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SubjectDifference(
      @Required String subject,
      int documents,
      double value,
      double baseline,
      double difference,
      Double lower,
      Double upper,
      Double p,
      Double q) {}
}
