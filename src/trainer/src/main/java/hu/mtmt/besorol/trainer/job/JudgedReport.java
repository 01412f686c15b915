package hu.mtmt.besorol.trainer.job;

import hu.mtmt.besorol.classifiers.ModelPackage;
import hu.mtmt.besorol.contract.EvaluationReport;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.Suggestion;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.evaluation.Judged;
import hu.mtmt.besorol.report.Example;
import hu.mtmt.besorol.report.HtmlReport;
import hu.mtmt.besorol.report.JudgedDocument;
import hu.mtmt.besorol.report.ReportInput;
import hu.mtmt.besorol.trainer.data.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;

/** The report that people look at, of a package that answered documents. */
public final class JudgedReport {
  /** More reasons of a wrong answer than this nobody reads. */
  private static final int REASONS = 8;

  private JudgedReport() {}

  /**
   * The report. It depends on nothing but the arguments: what is not reproducible, such as times,
   * is not in it.
   *
   * @param judged the answers to {@code documents}, in their order
   * @param language language that labels are shown in at first, or null
   */
  public static byte[] write(
      ModelPackage model,
      Part documents,
      List<Judged> judged,
      EvaluationReport report,
      Grades grades,
      String language) {
    var shown = ReportInput.worthShowing(judged);
    var wanted = new HashSet<>(shown);
    var texts = new HashMap<Integer, Document>();
    var all = new ArrayList<JudgedDocument>(judged.size());
    try (var stream = documents.documents()) {
      stream.forEachOrdered(
          labelled -> {
            int number = all.size();
            var d = labelled.document();
            all.add(
                new JudgedDocument(d.id(), d.title(), d.language(), d.year(), judged.get(number)));
            if (wanted.contains(number)) {
              texts.put(number, d);
            }
          });
    }
    var manifest = model.manifest();
    return HtmlReport.write(
        new ReportInput(
            "%s on %d documents".formatted(manifest.algorithm().type().written(), judged.size()),
            List.of(
                new ReportInput.Fact(
                    "Subjects",
                    "%d learnt of %d in the taxonomy (%s)"
                        .formatted(
                            manifest.subjects(),
                            model.target().taxonomy().size(),
                            manifest.taxonomy().level() == null
                                ? "all levels"
                                : "down to level " + manifest.taxonomy().level())),
                new ReportInput.Fact("Trained on", manifest.training().documents() + " documents"),
                new ReportInput.Fact(
                    "Judged on",
                    "%d documents (%s)".formatted(judged.size(), documents.digest().abbreviated())),
                new ReportInput.Fact("Seed", manifest.seed().toString()),
                new ReportInput.Fact("Written by", "besorol " + ProgramVersion.current())),
            report,
            model.target(),
            grades,
            all,
            shown.stream()
                .map(number -> example(model, number, texts.get(number), judged.get(number)))
                .toList(),
            language));
  }

  /** A document with what decided for the wrong subjects of its answer. */
  private static Example example(ModelPackage model, int number, Document document, Judged judged) {
    var taxonomy = model.target().taxonomy();
    var wrong =
        Arrays.stream(judged.wrong())
            .mapToObj(subject -> new Suggestion(taxonomy.subject(subject).id(), 0))
            .toList();
    return new Example(
        number,
        model.explain(document, wrong, REASONS).stream()
            .filter(suggestion -> !suggestion.reasons().isEmpty())
            .map(s -> new Example.Decided(taxonomy.indexOf(s.subject()), s.reasons()))
            .toList());
  }
}
