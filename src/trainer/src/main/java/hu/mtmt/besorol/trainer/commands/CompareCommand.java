package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.classifiers.ModelPackage;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ComparisonReport;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.contract.Progress.Stage;
import hu.mtmt.besorol.corpus.DocumentFile;
import hu.mtmt.besorol.evaluation.Contest;
import hu.mtmt.besorol.evaluation.Contest.Entry;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import hu.mtmt.besorol.taxonomy.TaxonomyFile;
import hu.mtmt.besorol.trainer.data.AnswersFile;
import hu.mtmt.besorol.trainer.data.AnswersFile.Answers;
import hu.mtmt.besorol.trainer.data.PartReader;
import hu.mtmt.besorol.trainer.job.Judge;
import hu.mtmt.besorol.trainer.progress.ProgressPrinter;
import hu.mtmt.besorol.trainer.progress.ProgressTracker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code besorol compare}. */
@Command(
    name = "compare",
    description = {
      "Compares classifiers on the same documents: which is better, where, and could it be chance?",
      "Each is compared with the first by every metric, per level, branch and subject. Documents"
          + " are drawn again 2,000 times for intervals and p (paired bootstrap); subjects are"
          + " tested by an exact randomization test, with q against false discoveries."
    },
    footer = {
      "",
      "  besorol compare old new --data test.jsonl",
      "  besorol compare old new newer --data test.jsonl --json compared.json --html compared.html",
      "",
      "Programs that are no packages take part with their answers, JSON lines such as",
      "",
      "  {\"id\": \"42\", \"subjects\": [\"a\"], \"ranked\": [{\"subject\": \"a\", \"score\":"
          + " 0.8}]}",
      "",
      "  besorol compare model --answers annif=annif.jsonl --data test.jsonl",
      "",
      "subjects is the answer; ranked may be left out. What 'besorol suggest' writes is read too."
    })
public final class CompareCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      arity = "0..*",
      paramLabel = "PACKAGE",
      description = "Directories of packages; the first is the baseline.")
  private List<Path> packages = List.of();

  @Option(
      names = "--answers",
      paramLabel = "NAME=FILE",
      description = "Another program's answers to the documents of --data; may be repeated.")
  private Map<String, Path> answers = new LinkedHashMap<>();

  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description = "Documents with their true subjects.")
  private Path data;

  @Option(
      names = "--taxonomy",
      paramLabel = "FILE",
      description = "The subjects, if only --answers are compared; packages bring them along.")
  private Path taxonomy;

  @Option(
      names = "--level",
      paramLabel = "N",
      description = "With --taxonomy: subjects below this level count as their ancestor on it.")
  private Integer level;

  @Option(
      names = "--baseline",
      paramLabel = "NAME",
      description = "Another baseline: a PACKAGE as written, or the NAME of answers.")
  private String baseline;

  @Option(
      names = "--rank-by",
      paramLabel = "METRIC",
      defaultValue = "StrictF1",
      description = "The metric of the ranking (default: ${DEFAULT-VALUE}).")
  private String rankBy;

  @Option(
      names = "--confidence",
      paramLabel = "SHARE",
      defaultValue = "0.95",
      description = "Confidence of the intervals (default: ${DEFAULT-VALUE}).")
  private String confidence;

  @Option(
      names = "--subjects",
      paramLabel = "N",
      defaultValue = "10",
      description =
          "How many of the subjects that differ most clearly are shown (default:"
              + " ${DEFAULT-VALUE}).")
  private int subjects;

  @Mixin private ReportFiles files = new ReportFiles();

  @Mixin private Threads threads = new Threads();

  @Mixin private Quiet quiet = new Quiet();

  public CompareCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Confidence.check(confidence);
    var metric = rankedBy();
    var names = names();
    int baselineNumber = baselineNumber(names);
    var models = packages.stream().map(ModelPackage::open).toList();
    var judgedBy = subjects(models);
    var report = report(names, models, judgedBy, baselineNumber, metric);
    var tree = judgedBy.target().taxonomy();
    new ComparisonText(report, tree, console).print(data, subjects);
    if (files.json() != null) {
      OutputFile.write(files.json(), ContractJson.write(report));
    }
    if (files.html() != null) {
      OutputFile.write(files.html(), new ComparisonPage(report, tree).write());
    }
    return 0;
  }

  private Metric rankedBy() {
    try {
      var metric = Metric.ofWritten(rankBy);
      if (!metric.comparable()) {
        throw BesorolException.plan(
            "--rank-by %s: that is no function of the documents' answers; rank by StrictF1, say."
                .formatted(rankBy));
      }
      return metric;
    } catch (IllegalArgumentException e) {
      throw BesorolException.plan("--rank-by: %s.".formatted(e.getMessage()));
    }
  }

  /** What the report calls the packages, then the answers. */
  private List<String> names() {
    var names = new ArrayList<String>();
    packages.forEach(directory -> names.add(directory.toString()));
    names.addAll(answers.keySet());
    if (names.size() < 2) {
      throw BesorolException.plan(
          "A comparison needs two: name two packages, or a package and --answers NAME=FILE.");
    }
    var twice = names.stream().filter(n -> Collections.frequency(names, n) > 1).findFirst();
    if (twice.isPresent()) {
      throw BesorolException.plan(
          "%s is named twice: name every package and every answers once.".formatted(twice.get()));
    }
    return names;
  }

  private int baselineNumber(List<String> names) {
    int number = baseline == null ? 0 : names.indexOf(baseline);
    if (number < 0) {
      throw BesorolException.plan(
          "--baseline must be one of %s, not %s.".formatted(String.join(", ", names), baseline));
    }
    return number;
  }

  /**
   * What all answers are judged by.
   *
   * @param target the subjects that are told apart
   * @param digest of their file
   */
  private record Subjects(TargetLevel target, Digest digest) {}

  private Subjects subjects(List<ModelPackage> models) {
    if (models.isEmpty()) {
      if (taxonomy == null) {
        throw BesorolException.plan(
            "Answers alone do not say what the subjects are: add --taxonomy FILE.");
      }
      var file = TaxonomyFile.read(taxonomy, null);
      return new Subjects(new TargetLevel(file.taxonomy(), level), file.digest());
    }
    if (taxonomy != null || level != null) {
      throw BesorolException.plan(
          "Packages bring their taxonomy and level along: leave --taxonomy and --level out.");
    }
    var first = models.getFirst();
    for (var model : models) {
      var obstacle = Judge.obstacle(model, first);
      if (obstacle != null) {
        throw BesorolException.data(
            "%s cannot be compared with %s: %s"
                .formatted(model.directory(), first.directory(), obstacle));
      }
    }
    return new Subjects(first.target(), first.manifest().taxonomy().digest());
  }

  private ComparisonReport report(
      List<String> names,
      List<ModelPackage> models,
      Subjects judgedBy,
      int baselineNumber,
      Metric metric) {
    try (var printer = new ProgressPrinter(console.err(), console.terminal())) {
      var progress = ProgressTracker.ofEvaluation(console.clock(), quiet.of(printer));
      var documents = DocumentFile.open(data, null);
      var holdout = new PartReader(judgedBy.target(), console.stop()).holdout(documents);
      // Answers first: whoever has written a wrong line need not wait for the packages.
      var reader = new AnswersFile(judgedBy.target());
      var read = new LinkedHashMap<String, Answers>();
      answers.forEach((name, file) -> read.put(name, reader.read(file, documents, holdout)));
      progress.at(Stage.READING, 1);
      var judge = new Judge(threads.count(), console.stop());
      var entries = new ArrayList<Entry>();
      int steps = models.size() + 1; // the last is the bootstrap
      for (var model : models) {
        int before = entries.size();
        var judged =
            judge.answer(
                model, holdout, share -> progress.at(Stage.EVALUATING, (before + share) / steps));
        entries.add(new Entry(names.get(before), model.version(), null, judged));
      }
      read.forEach(
          (name, theirs) -> {
            if (!theirs.ranked()) {
              printer.line(
                  "%s ranks nothing: NdcgAt10 and PrecisionAt… rest on what it answers."
                      .formatted(name));
            }
            entries.add(new Entry(name, null, theirs.digest(), theirs.judged()));
          });
      var report =
          new Contest(
                  judgedBy.target(),
                  entries,
                  baselineNumber,
                  metric,
                  confidence,
                  Judge.BOOTSTRAP_SEED)
              .report(holdout.digest(), judgedBy.digest());
      progress.done();
      return report;
    }
  }
}
