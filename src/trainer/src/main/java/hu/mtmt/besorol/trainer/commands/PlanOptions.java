package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.AlgorithmType;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.DuplicatePolicy;
import hu.mtmt.besorol.contract.TrainingPlan;
import hu.mtmt.besorol.corpus.DataFiles;
import java.nio.file.Path;
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
              + " Linear).")
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
   */
  TrainingPlan plan(Path checkpoints) {
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
        planFile == null ? ofDefaults(files) : ContractJson.read(planFile, TrainingPlan.class);
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

  private TrainingPlan ofDefaults(DataFiles files) {
    var type = algorithm == null ? AlgorithmType.LINEAR : algorithm;
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
}
