package hu.mtmt.besorol.evaluation;

import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.EvaluationReport;
import hu.mtmt.besorol.contract.EvaluationReport.Slice;
import hu.mtmt.besorol.contract.EvaluationReport.SubjectResult;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.Grades.Grade;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Measures answers against the truth: the values of all metrics but latency and size. The formulas
 * are in {@link Formula} and {@link Term}; averages over subjects in {@link SubjectCounts}, {@link
 * Calibration} for scores.
 */
public final class Evaluation {
  /**
   * What is measured of a part of the subjects. A ranking cannot be cut down to a part: its first
   * ten may hold few subjects of it.
   */
  static final Set<Metric> OF_A_PART =
      EnumSet.of(
          Metric.STRICT_PRECISION,
          Metric.STRICT_RECALL,
          Metric.STRICT_F1,
          Metric.LENIENT_PRECISION,
          Metric.LENIENT_F1,
          Metric.MACRO_F1,
          Metric.DOCUMENT_F1,
          Metric.GREEN_SUBJECTS,
          Metric.RED_SUBJECTS);

  private static final Set<Metric> ALL =
      EnumSet.complementOf(EnumSet.of(Metric.LATENCY_P95_MILLIS, Metric.PACKAGE_MIB));

  private Evaluation() {}

  /** The values over all documents of every metric that follows from the answers alone. */
  public static Map<Metric, Double> metrics(
      TargetLevel target, List<Judged> judged, Grades grades) {
    return metrics(ALL, target, judged, SubjectCounts.of(judged, target.taxonomy().size()), grades);
  }

  /**
   * The whole report.
   *
   * @param documents digest of the judged documents
   * @param taxonomy digest of the subjects' file
   * @param trainingDocuments how many documents of each subject were learnt, by number; null if not
   *     known
   */
  public static EvaluationReport report(
      TargetLevel target,
      List<Judged> judged,
      Grades grades,
      Digest documents,
      Digest taxonomy,
      int[] trainingDocuments) {
    var tree = target.taxonomy();
    var counts = SubjectCounts.of(judged, tree.size());
    var toldApart = IntStream.range(0, tree.size()).filter(target::contains).boxed().toList();
    var levels =
        parts(
            IntStream.rangeClosed(1, toldApart.stream().mapToInt(tree::level).max().orElse(0)),
            Integer::toString,
            tree::level,
            target,
            judged,
            grades);
    var branches =
        parts(
            toldApart.stream().mapToInt(s -> s).filter(s -> tree.parent(s) < 0),
            root -> tree.subject(root).id(),
            tree::root,
            target,
            judged,
            grades);
    var subjects =
        toldApart.stream()
            .map(
                s ->
                    new SubjectResult(
                        tree.subject(s).id(),
                        trainingDocuments == null ? null : trainingDocuments[s],
                        counts.truth()[s],
                        counts.answered()[s],
                        counts.right()[s],
                        counts.precision(s),
                        counts.recall(s),
                        counts.f1(s),
                        counts.grade(s, grades)))
            .toList();
    return new EvaluationReport(
        documents,
        taxonomy,
        target.level(),
        slice("overall", judged, metrics(ALL, target, judged, counts, grades)),
        levels,
        branches,
        subjects);
  }

  /**
   * The results over groups of documents, in the order of their names.
   *
   * @param groups name of each document's group, by document; null for none
   */
  public static List<Slice> groups(
      TargetLevel target, List<Judged> judged, List<String> groups, Grades grades) {
    var byName = new TreeMap<String, List<Judged>>();
    for (int d = 0; d < judged.size(); d++) {
      if (groups.get(d) != null) {
        byName.computeIfAbsent(groups.get(d), name -> new ArrayList<>()).add(judged.get(d));
      }
    }
    return byName.entrySet().stream()
        .map(g -> slice(g.getKey(), g.getValue(), metrics(target, g.getValue(), grades)))
        .toList();
  }

  /**
   * The results over the subjects of each part; without metrics if no document has to do with it.
   *
   * @param partOf number of the part that a subject is in
   */
  private static List<Slice> parts(
      IntStream parts,
      IntFunction<String> name,
      IntUnaryOperator partOf,
      TargetLevel target,
      List<Judged> judged,
      Grades grades) {
    var within = new HashMap<Integer, List<Judged>>();
    for (var document : judged) {
      IntStream.concat(Arrays.stream(document.truth()), Arrays.stream(document.answer()))
          .map(partOf)
          .distinct()
          .forEach(
              part ->
                  within
                      .computeIfAbsent(part, p -> new ArrayList<>())
                      .add(document.within(s -> partOf.applyAsInt(s) == part)));
    }
    return parts
        .mapToObj(
            part -> {
              var documents = within.getOrDefault(part, List.of());
              return slice(
                  name.apply(part),
                  documents,
                  documents.isEmpty()
                      ? Map.of()
                      : metrics(
                          OF_A_PART,
                          target,
                          documents,
                          SubjectCounts.of(documents, target.taxonomy().size()),
                          grades));
            })
        .toList();
  }

  private static Slice slice(String name, List<Judged> documents, Map<Metric, Double> metrics) {
    long truth = 0;
    long answered = 0;
    long right = 0;
    int concerned = 0;
    for (var judged : documents) {
      truth += judged.truth().length;
      answered += judged.answered();
      right += judged.hits(judged.answered());
      concerned += judged.truth().length > 0 || judged.answered() > 0 ? 1 : 0;
    }
    return new Slice(name, concerned, truth, answered, right, metrics);
  }

  private static Map<Metric, Double> metrics(
      Set<Metric> wanted,
      TargetLevel target,
      List<Judged> documents,
      SubjectCounts counts,
      Grades grades) {
    var values = new EnumMap<Metric, Double>(Metric.class);
    for (var metric : wanted) {
      values.put(
          metric,
          switch (metric) {
            case MACRO_F1 -> counts.macroF1();
            case CALIBRATION_ERROR -> Calibration.error(documents);
            case GREEN_SUBJECTS -> (double) counts.graded(Grade.GREEN, grades);
            case RED_SUBJECTS -> (double) counts.graded(Grade.RED, grades);
            default -> Formula.of(metric).orElseThrow().value(documents, target.taxonomy());
          });
    }
    return values;
  }
}
