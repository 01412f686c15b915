package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.trainer.data.LocalSources;
import hu.mtmt.besorol.trainer.job.LearningCurveJob;
import hu.mtmt.besorol.trainer.progress.ProgressPrinter;
import hu.mtmt.besorol.trainer.progress.Steps;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code besorol learning-curve}. */
@Command(
    name = "learning-curve",
    description = {
      "Says how quality grows with training documents, and where more of them would pay.",
      "Trains on growing samples of the training documents, measures each on the test documents,"
          + " and lays a power law through what was measured: what would twice the documents bring,"
          + " and which subjects gain most from 100 further documents of theirs?"
    },
    footer = {
      "",
      "  besorol learning-curve --data corpus --html curve.html",
      "  besorol learning-curve --data corpus --algorithm Bonsai --output curve",
      "",
      "What is finished stays in --output: given again, an interrupted curve goes on. Steadier, at",
      "the price of more trainings, with three samples of every share:",
      "",
      "  besorol learning-curve --data corpus --repeats 3 --output curve"
    })
public final class LearningCurveCommand implements Callable<Integer> {
  private static final int FEWEST_SHARES = 3;

  private final Console console;

  @Mixin private PlanOptions options = new PlanOptions();

  @Option(
      names = "--shares",
      paramLabel = "SHARE",
      split = ",",
      defaultValue = "0.1,0.2,0.4,0.7,1",
      description =
          "Which shares of the training documents are learnt (default: ${DEFAULT-VALUE}).")
  private List<String> shares;

  @Option(
      names = "--repeats",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many samples of each share are learnt (default: ${DEFAULT-VALUE}).")
  private int repeats;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description =
          "Keeps packages and checkpoints, and gets learning-curve.json and learning-curve.html.")
  private Path output;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Writes everything, with every subject, to a file.")
  private Path json;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Writes it as a page for people, one file that needs no network.")
  private Path html;

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
          "How many of the subjects that gain most are shown (default: ${DEFAULT-VALUE}).")
  private int subjects;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many threads work (default: all processors).")
  private Integer threads;

  @Option(names = "--quiet", description = "Shows no progress.")
  private boolean quiet;

  public LearningCurveCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Confidence.check(confidence);
    var request =
        new LearningCurveJob.Request(
            options.plan(null, note -> console.err().println("besorol: " + note)),
            shares(),
            repeats(),
            confidence);
    console.stop().watch();
    var directory = output == null ? temporary() : output.toAbsolutePath().normalize();
    try {
      var outcome = run(request, directory);
      var report = outcome.report();
      var tree = outcome.files().target().taxonomy();
      new LearningCurveText(report, tree, console.out()).print(outcome.files(), subjects);
      var page = new LearningCurvePage(report, tree).write();
      write(json, "learning-curve.json", ContractJson.write(report));
      write(html, "learning-curve.html", page);
      return 0;
    } finally {
      if (output == null) {
        remove(directory);
      }
    }
  }

  private LearningCurveJob.Outcome run(LearningCurveJob.Request request, Path directory) {
    try (var printer = new ProgressPrinter(console.err(), console.terminal());
        var sources = new LocalSources()) {
      return new LearningCurveJob(
              sources,
              Threads.of(threads),
              console.clock(),
              new Steps(console.clock(), quiet ? ProgressPrinter.quiet() : printer),
              console.stop(),
              printer::line)
          .run(request, directory);
    }
  }

  /** Ascending, each once, as short as can be. */
  private List<String> shares() {
    var numbers = shares.stream().map(LearningCurveCommand::share).distinct().sorted().toList();
    if (numbers.size() < FEWEST_SHARES) {
      throw BesorolException.plan(
          "--shares needs at least %d different shares to lay a curve through, such as 0.1,0.2,0.4,0.7,1."
              .formatted(FEWEST_SHARES));
    }
    return numbers.stream().map(BigDecimal::toPlainString).toList();
  }

  private static BigDecimal share(String written) {
    if (!written.strip().matches("(0?[.][0-9]{1,6}|1([.]0{1,6})?)")) {
      throw BesorolException.plan(
          "--shares must be numbers above 0 and at most 1, such as 0.1,0.3,1, not %s."
              .formatted(written));
    }
    var share = new BigDecimal(written.strip()).stripTrailingZeros();
    if (share.signum() == 0) {
      throw BesorolException.plan("--shares must be above 0: nothing can be learnt from nothing.");
    }
    return share;
  }

  private int repeats() {
    if (repeats < 1 || repeats > 100) {
      throw BesorolException.plan("--repeats must be from 1 to 100, not %d.".formatted(repeats));
    }
    return repeats;
  }

  private void write(Path file, String name, byte[] bytes) {
    if (file != null) {
      OutputFile.write(file, bytes);
    }
    if (output != null) {
      OutputFile.write(output.resolve(name), bytes);
    }
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("besorol-learning-curve");
    } catch (IOException e) {
      throw BesorolException.machine(
          "No temporary directory can be made (%s): give --output DIR.".formatted(e.getMessage()),
          e);
    }
  }

  private static void remove(Path directory) {
    try (var tree = Files.walk(directory)) {
      for (var file : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw BesorolException.machine(
          "%s cannot be removed (%s): remove it by hand.".formatted(directory, e.getMessage()), e);
    }
  }
}
