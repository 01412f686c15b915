package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.classifiers.CancelledException;
import hu.mtmt.besorol.classifiers.Labels;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.text.Languages;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.DuplicatePolicy;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.Progress.Stage;
import hu.mtmt.besorol.contract.Source;
import hu.mtmt.besorol.corpus.DataFiles;
import hu.mtmt.besorol.corpus.DocumentFile;
import hu.mtmt.besorol.datacheck.DataCheck;
import hu.mtmt.besorol.datacheck.DataReport;
import hu.mtmt.besorol.datacheck.DataReport.FileFacts;
import hu.mtmt.besorol.datacheck.DataReport.Finding;
import hu.mtmt.besorol.datacheck.DataReport.Role;
import hu.mtmt.besorol.datacheck.DataReport.Severity;
import hu.mtmt.besorol.evaluation.ConfidentLearning.Probability;
import hu.mtmt.besorol.evaluation.ConfidentLearning.Suspect;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import hu.mtmt.besorol.taxonomy.TaxonomyFile;
import hu.mtmt.besorol.trainer.data.CheckedTrainingData;
import hu.mtmt.besorol.trainer.job.NoiseCheck;
import hu.mtmt.besorol.trainer.progress.ProgressPrinter;
import hu.mtmt.besorol.trainer.progress.ProgressTracker;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code besorol data check}. */
@Command(
    name = "check",
    description = "Says what is wrong with documents, the worst first, and what to do about it.",
    footer = {
      "",
      "A directory as train takes it, or files by themselves, all of them to learn from:",
      "",
      "  besorol data check --data corpus",
      "  besorol data check --taxonomy taxonomy.jsonl new.jsonl older.jsonl.gz",
      "",
      "Exit codes: 0 training takes the data, maybe with warnings; 3 it refuses them."
    })
public final class DataCheckCommand implements Callable<Integer> {
  private static final int NOISE_BY_DEFAULT = 20_000;

  /** Of what is random in training; the same documents are suspected every time. */
  private static final int SEED = 42;

  private final Console console;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Directory with taxonomy, train, validation and test.")
  private Path data;

  @Option(
      names = "--taxonomy",
      paramLabel = "FILE",
      description = "The subjects, for files by themselves.")
  private Path taxonomy;

  @Parameters(arity = "0..*", paramLabel = "FILE", description = "Documents to learn from.")
  private List<Path> files;

  @Option(
      names = "--level",
      paramLabel = "N",
      description = "Subjects below this level of the taxonomy count as their ancestor on it.")
  private Integer level;

  @Option(
      names = "--duplicates",
      paramLabel = "POLICY",
      description = "Documents to learn from that are in test too: Refuse (default) or Drop.")
  private DuplicatePolicy duplicates = DuplicatePolicy.REFUSE;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "5",
      description = "How many examples of a finding are shown (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Writes the whole report, with every subject, to a file.")
  private Path json;

  @Option(
      names = "--noise",
      negatable = true,
      description = {
        "Looks for documents whose subjects may be wrong, by training on the others",
        "(default: up to 20,000 documents)."
      })
  private Boolean noise;

  @Mixin private Threads threads = new Threads();

  @Mixin private Quiet quiet = new Quiet();

  public DataCheckCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (limit < 0) {
      throw BesorolException.plan("--limit must be at least 0, not %d.".formatted(limit));
    }
    if (level != null && level < 1) {
      throw BesorolException.plan("--level must be at least 1, not %d.".formatted(level));
    }
    var subjects = TaxonomyFile.read(taxonomy(), null).taxonomy();
    var inputs = inputs();
    console.stop().watch();
    var check =
        new DataCheck(
            new TargetLevel(subjects, level),
            Languages.known(),
            duplicates,
            LocalDate.now(console.clock()).getYear() + 1,
            limit);
    DataReport report;
    try (var printer = new ProgressPrinter(console.err(), console.terminal())) {
      var progress = ProgressTracker.ofCheck(console.clock(), quiet.of(printer));
      report =
          check.run(
              inputs,
              share -> {
                if (console.stop().getAsBoolean()) {
                  throw new CancelledException();
                }
                progress.at(Stage.READING, share);
              });
      progress.done();
      if (looksForNoise(report)) {
        report = report.with(noise(inputs, check.target(), printer));
      }
    }
    DataReports.print(report, console.out());
    console.out().flush();
    if (json != null) {
      OutputFile.write(json, ContractJson.write(report));
    }
    return report.verdict() == Severity.REFUSED ? FailureKind.DATA_INVALID.exitCode() : 0;
  }

  /** What training refuses cannot be trained on. */
  private boolean looksForNoise(DataReport report) {
    int documents =
        report.files().stream()
            .filter(file -> file.role() == Role.TRAINING)
            .mapToInt(FileFacts::used)
            .sum();
    return report.verdict() != Severity.REFUSED
        && (noise == null ? documents <= NOISE_BY_DEFAULT : noise);
  }

  private Finding noise(List<DataCheck.Input> inputs, TargetLevel target, ProgressPrinter printer) {
    var training =
        inputs.stream()
            .filter(input -> input.role() == Role.TRAINING)
            .map(DataCheck.Input::file)
            .toList();
    var documents = new CheckedTrainingData(training, target);
    var progress = ProgressTracker.ofNoiseCheck(console.clock(), quiet.of(printer));
    var suspects =
        new NoiseCheck(
                documents,
                new TrainingContext(SEED, threads.count(), null, null, console.stop(), progress))
            .run();
    progress.done();
    return Finding.doubtful(
        suspects.size(),
        suspects.stream()
            .limit(limit)
            .map(
                suspect ->
                    "%s: %s"
                        .formatted(
                            documents.places().get(suspect.document()),
                            clause(suspect, documents.labels())))
            .toList());
  }

  private static String clause(Suspect suspect, Labels labels) {
    var doubtful = named(suspect.doubtful(), labels);
    var missing = named(suspect.missing(), labels);
    return missing.isEmpty()
        ? "hardly " + doubtful
        : (doubtful.isEmpty() ? "also " : "hardly " + doubtful + " but ") + missing;
  }

  private static String named(List<Probability> probabilities, Labels labels) {
    return probabilities.stream()
        .map(p -> String.format(Locale.ROOT, "%s (%.3f)", labels.id(p.label()), p.probability()))
        .collect(Collectors.joining(", "));
  }

  private Path taxonomy() {
    if (data == null && files == null) {
      throw BesorolException.plan(
          "Nothing says what to check: give --data DIR with taxonomy and train in it, or --taxonomy"
              + " FILE and files of documents.");
    }
    if (data != null && files != null) {
      throw BesorolException.plan("Give either --data DIR or files, not both.");
    }
    if (data == null && taxonomy == null) {
      throw BesorolException.plan(
          "Files by themselves have no subjects to check against: give --taxonomy FILE.");
    }
    return taxonomy != null ? taxonomy : path(DataFiles.find(data).taxonomy());
  }

  private List<DataCheck.Input> inputs() {
    if (data == null) {
      return files.stream().map(file -> input(Role.TRAINING, file)).toList();
    }
    var found = DataFiles.find(data);
    var inputs = new ArrayList<DataCheck.Input>();
    inputs.add(input(Role.TRAINING, path(found.training())));
    found.validation().ifPresent(file -> inputs.add(input(Role.VALIDATION, path(file))));
    found.holdout().ifPresent(file -> inputs.add(input(Role.HOLDOUT, path(file))));
    return inputs;
  }

  private static Path path(Source source) {
    return Path.of(source.location());
  }

  private static DataCheck.Input input(Role role, Path file) {
    return new DataCheck.Input(role, DocumentFile.open(file, null));
  }
}
