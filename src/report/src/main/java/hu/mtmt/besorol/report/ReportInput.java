package hu.mtmt.besorol.report;

import hu.mtmt.besorol.contract.EvaluationReport;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.evaluation.Judged;
import hu.mtmt.besorol.evaluation.WrongAnswers;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import java.util.List;

/**
 * What a report is made of.
 *
 * @param title what was judged
 * @param facts what is to be known of it, in this order
 * @param report what was measured
 * @param target the subjects that are told apart
 * @param grades what the grades of {@code report} mean
 * @param documents the judged documents
 * @param examples those of them whose answers are shown
 * @param language language that labels are shown in at first, or null for English or else the one
 *     that most subjects have a label in
 */
public record ReportInput(
    String title,
    List<Fact> facts,
    EvaluationReport report,
    TargetLevel target,
    Grades grades,
    List<JudgedDocument> documents,
    List<Example> examples,
    String language) {
  private static final int EXAMPLES = 20;

  /** A line of the head. */
  public record Fact(String name, String value) {}

  public ReportInput {
    facts = List.copyOf(facts);
    documents = List.copyOf(documents);
    examples = List.copyOf(examples);
  }

  /** Numbers of the documents that are worth showing as examples of wrong answers. */
  public static List<Integer> worthShowing(List<Judged> judged) {
    return WrongAnswers.surest(judged, EXAMPLES);
  }

  List<Judged> judged() {
    return documents.stream().map(JudgedDocument::judged).toList();
  }
}
