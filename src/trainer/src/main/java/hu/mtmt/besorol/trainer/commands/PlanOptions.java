package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.classifiers.AlgorithmChoice;
import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.AlgorithmType;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.DuplicatePolicy;
import hu.mtmt.besorol.contract.TrainingPlan;
import hu.mtmt.besorol.corpus.DataFiles;
import hu.mtmt.besorol.corpus.DocumentFile;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The options that say what is to be learnt from what, and how. */
final class PlanOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Directory with taxonomy, train, validation and test.")
  private Path data;

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      description = "A training plan, as --print-plan writes it; --data replaces its files.")
  private Path planFile;

  @Option(
      names = "--algorithm",
      paramLabel = "TYPE",
      description =
          "Classifier family, with its default parameters: ${COMPLETION-CANDIDATES} (default:"
              + " chosen by the size and shape of the data).")
  private AlgorithmType algorithm;

  @Option(
      names = "--level",
      paramLabel = "N",
      description = "Subjects below this level of the taxonomy count as their ancestor on it.")
  private Integer level;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Seed of everything random (default: 42). The same seed gives the same package.")
  private Integer seed;

  @Option(
      names = "--duplicates",
      paramLabel = "POLICY",
      description = "Documents to learn from that are in test too: Refuse (default) or Drop.")
  private DuplicatePolicy duplicates;

  @Option(
      names = "--validation-fraction",
      paramLabel = "SHARE",
      description = "Share of train that is split off if there is no validation (default: 0.1).")
  private String validationFraction;

  /**
   * The complete plan.
   *
   * @param checkpoints where to keep checkpoints, or null for where the plan says
   * @param notes is told which algorithm was chosen, and why, where nobody named one
   */
  TrainingPlan plan(Path checkpoints, Consumer<String> notes) {
    if (planFile == null && data == null) {
      throw BesorolException.plan(
          "Nothing says what to learn from: give --data DIR with taxonomy and train in it, or"
              + " --plan FILE.");
    }
    if (planFile != null && algorithm != null) {
      throw BesorolException.plan("--plan names the algorithm already: leave --algorithm out.");
    }
    var files = data == null ? null : DataFiles.find(data);
    var plan =
        planFile == null
            ? ofDefaults(files, notes)
            : ContractJson.read(planFile, TrainingPlan.class);
    files = files == null ? DataFiles.of(plan) : files;
    var complete =
        new TrainingPlan(
            files.taxonomy(),
            level == null ? plan.level() : level,
            files.training(),
            files.validation().orElse(null),
            validationFraction == null ? plan.validationFraction() : validationFraction,
            files.holdout().orElse(null),
            duplicates == null ? plan.duplicates() : duplicates,
            plan.algorithm(),
            seed == null ? plan.seed() : seed,
            plan.grades(),
            plan.comparisons(),
            plan.store(),
            checkpoints == null ? plan.checkpoints() : checkpoints.toString());
    // Reading fills in the defaults, and holds options to the bounds of a plan.
    return ContractJson.read(ContractJson.write(complete), TrainingPlan.class, "The command line");
  }

  private TrainingPlan ofDefaults(DataFiles files, Consumer<String> notes) {
    var type = algorithm == null ? choose(files, notes) : algorithm;
    return new TrainingPlan(
        files.taxonomy(),
        null,
        files.training(),
        null,
        null,
        null,
        null,
        Algorithm.of(type.defaults()),
        null,
        null,
        null,
        null,
        null);
  }

  private static AlgorithmType choose(DataFiles files, Consumer<String> notes) {
    var subjects = new HashSet<String>();
    int documents = 0;
    try (var lines =
        DocumentFile.open(Path.of(files.training().location()), files.training().digest())
            .lines()) {
      for (var line : (Iterable<DocumentFile.Line>) lines::iterator) {
        subjects.addAll(line.document().subjects());
        documents += line.document().subjects().isEmpty() ? 0 : 1;
      }
    }
    var choice = AlgorithmChoice.of(documents, subjects.size());
    notes.accept("Algorithm %s: %s.".formatted(choice.type(), choice.reason()));
    return choice.type();
  }
}
