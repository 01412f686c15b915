package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How quality grows with data: what {@code besorol learning-curve} writes. Curves are inverse power
 * laws, limit − factor · n^(−exponent) for n training documents (Figueroa et al. 2012).
 *
 * @param training digest of all training documents
 * @param documents digest of the documents that were judged on
 * @param judged how many those are
 * @param taxonomy digest of the subjects
 * @param level subjects below this level counted as their ancestor on it, or null
 * @param algorithm what learnt
 * @param seed of samples and trainings
 * @param confidence of the intervals
 * @param draws how often the bootstrap drew the judged documents
 * @param points what was trained and measured, the smallest sample first
 * @param metrics the curve of every comparable metric over all documents
 * @param subjectExponent the exponent of the curves of all subjects
 * @param furtherDocuments to how many further documents of a subject its gain belongs
 * @param subjects the curve of every subject that a judged document has; first those whose gain is
 *     clear, each part ordered by it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LearningCurveReport(
    @Required Digest training,
    @Required Digest documents,
    int judged,
    @Required Digest taxonomy,
    Integer level,
    @Required Algorithm algorithm,
    int seed,
    @Required String confidence,
    int draws,
    @Required List<Point> points,
    @Required List<MetricCurve> metrics,
    double subjectExponent,
    int furtherDocuments,
    @Required List<SubjectCurve> subjects)
    implements ContractDocument {

  public LearningCurveReport {
    points = points == null ? List.of() : List.copyOf(points);
    metrics = metrics == null ? List.of() : List.copyOf(metrics);
    subjects = subjects == null ? List.of() : List.copyOf(subjects);
  }

  /**
   * A training on a sample.
   *
   * @param share of the training documents, such as {@code "0.1"}
   * @param repeat which sample of that share, counted from 1
   * @param trainingDocuments how many were learnt
   * @param version of the package
   * @param trainSeconds how long it took
   * @param metrics values over all judged documents
   */
  public record Point(
      @Required String share,
      int repeat,
      int trainingDocuments,
      @Required Digest version,
      int trainSeconds,
      @Required Map<Metric, Double> metrics) {

    public Point {
      metrics = metrics == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(metrics));
    }
  }

  /**
   * How a metric grows with the number of training documents.
   *
   * @param metric which
   * @param limit of the curve
   * @param factor of the curve
   * @param exponent of the curve
   * @param value the curve with all training documents
   * @param doubled the curve with twice as many
   * @param lower lower end of the interval of what doubling brings, {@code doubled} − {@code value}
   * @param upper upper end
   */
  public record MetricCurve(
      @Required Metric metric,
      double limit,
      double factor,
      double exponent,
      double value,
      double doubled,
      double lower,
      double upper) {}

  /**
   * How F1 of a subject grows with the number of its own training documents.
   *
   * @param subject its id
   * @param documents how many judged documents have it
   * @param measured what was measured, the smallest sample first; means over repeats
   * @param limit of the curve; null, like all that follows, if too few samples have a document of
   *     it
   * @param factor of the curve
   * @param gain what F1 is expected to gain from {@code furtherDocuments} further documents of it
   * @param lower lower end of the interval of the gain; above 0 the gain is clear
   * @param upper upper end
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SubjectCurve(
      @Required String subject,
      int documents,
      @Required List<Measured> measured,
      Double limit,
      Double factor,
      Double gain,
      Double lower,
      Double upper) {

    public SubjectCurve {
      measured = measured == null ? List.of() : List.copyOf(measured);
    }

    /** Whether it grows for sure, as far as the interval's confidence goes. */
    @JsonIgnore
    public boolean clear() {
      return lower != null && lower > 0;
    }
  }

  /**
   * F1 of a subject.
   *
   * @param trainingDocuments how many documents of it were learnt
   * @param f1 what came of it
   */
  public record Measured(double trainingDocuments, double f1) {}
}
