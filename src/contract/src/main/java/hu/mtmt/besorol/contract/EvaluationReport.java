package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How good a version is on a set of documents: {@value #FILE} of a package, and what {@code besorol
 * evaluate} writes.
 *
 * @param documents digest of the documents
 * @param taxonomy digest of the subjects
 * @param level subjects below this level counted as their ancestor on it, or null
 * @param overall counts and metrics over all documents
 * @param levels the same per level of the taxonomy, subjects of other levels left out
 * @param branches the same per root of the taxonomy, subjects of other branches left out
 * @param subjects every subject that the taxonomy has at the judged level, in the taxonomy's order
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EvaluationReport(
    @Required Digest documents,
    @Required Digest taxonomy,
    Integer level,
    @Required Slice overall,
    @Required List<Slice> levels,
    @Required List<Slice> branches,
    @Required List<SubjectResult> subjects)
    implements ContractDocument {

  /** The report's name in a package. */
  public static final String FILE = "evaluation.json";

  public EvaluationReport {
    levels = levels == null ? List.of() : List.copyOf(levels);
    branches = branches == null ? List.of() : List.copyOf(branches);
    subjects = subjects == null ? List.of() : List.copyOf(subjects);
  }

  /**
   * Results over a part of the (document, subject) pairs.
   *
   * @param name {@code overall}, the number of a level, or the id of a root
   * @param documents documents with a true or an answered subject in the part
   * @param trueSubjects |T|, summed over documents
   * @param answeredSubjects |P|
   * @param rightSubjects |T∩P|
   * @param metrics values
   */
  public record Slice(
      @Required String name,
      int documents,
      long trueSubjects,
      long answeredSubjects,
      long rightSubjects,
      @Required Map<Metric, Double> metrics) {

    public Slice {
      metrics = metrics == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(metrics));
    }
  }

  /**
   * How well one subject is answered.
   *
   * @param subject its id
   * @param trainingDocuments how many documents of it were learnt, or null if not known
   * @param documents how many judged documents have it
   * @param answered how many judged documents it was answered for
   * @param right how many of those have it
   * @param precision right / answered, 0 if never answered
   * @param recall right / documents, 0 if no document has it
   * @param f1 harmonic mean of both
   * @param grade what is to be thought of it
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SubjectResult(
      @Required String subject,
      Integer trainingDocuments,
      int documents,
      int answered,
      int right,
      double precision,
      double recall,
      double f1,
      @Required Grades.Grade grade) {}
}
