package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.classifiers.ModelPackage;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.corpus.DocumentFile;
import hu.mtmt.besorol.evaluation.Judged;
import hu.mtmt.besorol.evaluation.PairedBootstrap;
import hu.mtmt.besorol.report.Languages;
import hu.mtmt.besorol.report.picture.Picture;
import hu.mtmt.besorol.trainer.data.Part;
import hu.mtmt.besorol.trainer.data.PartReader;
import hu.mtmt.besorol.trainer.job.Judge;
import hu.mtmt.besorol.trainer.job.JudgedReport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code besorol evaluate}. */
@Command(
    name = "evaluate",
    description = "Measures how good a package is on documents whose subjects are known.",
    footer = {
      "",
      "  besorol evaluate model --data test.jsonl",
      "  besorol evaluate model --data test.jsonl --json report.json",
      "  besorol evaluate model --data test.jsonl --report report.html --picture subjects.svg",
      "",
      "Is the new one better? Both answer the same documents; differences are bootstrapped:",
      "",
      "  besorol evaluate new --data test.jsonl --baseline old"
    })
public final class EvaluateCommand implements Callable<Integer> {
  /** Of a PNG, in pixels: enough to print it on a page. */
  private static final int PICTURE_WIDTH = 2400;

  private final Console console;

  @Parameters(paramLabel = "PACKAGE", description = "Directory of the package.")
  private Path directory;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description = "Documents with their true subjects.")
  private Path data;

  @Option(
      names = "--baseline",
      paramLabel = "PACKAGE",
      description = "Another package to compare with.")
  private Path baseline;

  @Option(
      names = "--confidence",
      paramLabel = "SHARE",
      defaultValue = "0.95",
      description = "Confidence of the intervals of a comparison (default: ${DEFAULT-VALUE}).")
  private String confidence;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Writes the whole report, with every subject, to a file.")
  private Path json;

  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      description =
          "Writes a report to look at: the picture of all subjects, tables, curves, confusions,"
              + " wrong answers.")
  private Path html;

  @Option(
      names = "--picture",
      paramLabel = "FILE",
      description = "Writes the picture alone: .svg or .png.")
  private Path picture;

  @Option(
      names = "--language",
      paramLabel = "CODE",
      description =
          "Language of the subjects' labels in report and picture (default: English if there is,"
              + " else the commonest).")
  private String language;

  @Option(
      names = "--subjects",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "How many of the best and worst subjects are shown (default: ${DEFAULT-VALUE}).")
  private int subjects;

  @Mixin private Threads threads = new Threads();

  public EvaluateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    checkPicture();
    var model = ModelPackage.open(directory);
    checkLanguage(model);
    var holdout =
        new PartReader(model.target(), console.stop()).holdout(DocumentFile.open(data, null));
    var judge = new Judge(threads.count(), console.stop());
    var judged = judge.answer(model, holdout, share -> {});
    var grades = ContractJson.defaults(Grades.class);
    var report = Judge.report(model, holdout, judged, grades, Judge.trainingDocuments(model));
    var judgement =
        Judge.judgement(model, report, grades, judge.latencyP95Millis(model, holdout), List.of());

    var out = console.out();
    var leftOut = holdout.counts().leftOut();
    out.println(
        "%s on %d documents of %s%s"
            .formatted(
                directory,
                holdout.size(),
                holdout.name(),
                leftOut.isEmpty() ? "" : " (left out: " + leftOut + ")"));
    out.println();
    Reports.printMetrics(report, out);
    Reports.printFigures(judgement, out);
    if (subjects > 0) {
      out.println();
      Reports.printSubjects(report, model.target().taxonomy(), subjects, out);
    }
    if (baseline != null) {
      out.println();
      compare(model, judge, judged, holdout);
    }
    out.flush();
    if (json != null) {
      OutputFile.write(json, ContractJson.write(report));
    }
    if (html != null) {
      OutputFile.write(html, JudgedReport.write(model, holdout, judged, report, grades, language));
    }
    if (picture != null) {
      draw(
          new Picture(
              model.target(),
              report,
              grades,
              Languages.of(model.target().taxonomy(), language).first()));
    }
    return 0;
  }

  /** Before the work, so that it is not done in vain. */
  private void checkPicture() {
    if (picture != null && Picture.Format.of(picture).isEmpty()) {
      throw BesorolException.plan(
          "--picture must end in .svg or .png, not %s.".formatted(picture.getFileName()));
    }
  }

  private void checkLanguage(ModelPackage model) {
    var languages = Languages.of(model.target().taxonomy(), language);
    if (language != null && !languages.first().equals(language)) {
      throw BesorolException.plan(
          "--language %s: no subject has a label in it. Name one of %s."
              .formatted(language, String.join(", ", languages.all())));
    }
  }

  private void draw(Picture drawn) {
    switch (Picture.Format.of(picture).orElseThrow()) {
      case SVG -> OutputFile.write(picture, drawn.svg().getBytes(StandardCharsets.UTF_8));
      case PNG -> {
        var png = drawn.png(PICTURE_WIDTH);
        OutputFile.write(picture, png.bytes());
        if (!png.labelled()) {
          console
              .err()
              .println(
                  "besorol: this machine has no fonts, so %s has no labels: install some (Debian: fontconfig and fonts-dejavu), or ask for .svg."
                      .formatted(picture));
        }
      }
    }
  }

  private void compare(ModelPackage model, Judge judge, List<Judged> judged, Part holdout) {
    Confidence.check(confidence);
    var other = ModelPackage.open(baseline);
    var obstacle = Judge.obstacle(model, other);
    if (obstacle != null) {
      throw BesorolException.data(
          "%s cannot be compared with %s: %s".formatted(directory, baseline, obstacle));
    }
    var theirs = judge.answer(other, holdout, share -> {});
    Reports.printComparisons(
        Arrays.stream(Metric.values())
            .filter(Metric::comparable)
            .map(metric -> new ComparisonRequest(metric, other.version(), confidence))
            .map(
                request ->
                    PairedBootstrap.compare(
                        request, model.target(), judged, theirs, Judge.BOOTSTRAP_SEED))
            .toList(),
        console.out());
  }
}
