package hu.mtmt.besorol.trainer;

import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.DuplicatePolicy;
import hu.mtmt.besorol.contract.Source;
import hu.mtmt.besorol.contract.TrainingPlan;
import java.util.List;

/** Plans that differ from another one in a field. */
public final class Plans {
  private Plans() {}

  public static TrainingPlan withLevel(TrainingPlan p, Integer level) {
    return new TrainingPlan(
        p.taxonomy(),
        level,
        p.training(),
        p.validation(),
        p.validationFraction(),
        p.holdout(),
        p.duplicates(),
        p.algorithm(),
        p.seed(),
        p.grades(),
        p.comparisons(),
        p.store(),
        p.checkpoints());
  }

  public static TrainingPlan withTraining(TrainingPlan p, Source training) {
    return new TrainingPlan(
        p.taxonomy(),
        p.level(),
        training,
        p.validation(),
        p.validationFraction(),
        p.holdout(),
        p.duplicates(),
        p.algorithm(),
        p.seed(),
        p.grades(),
        p.comparisons(),
        p.store(),
        p.checkpoints());
  }

  /** Without a file for validation: a share of the training is split off. */
  public static TrainingPlan withSplit(TrainingPlan p, String fraction) {
    return new TrainingPlan(
        p.taxonomy(),
        p.level(),
        p.training(),
        null,
        fraction,
        p.holdout(),
        p.duplicates(),
        p.algorithm(),
        p.seed(),
        p.grades(),
        p.comparisons(),
        p.store(),
        p.checkpoints());
  }

  public static TrainingPlan withHoldout(TrainingPlan p, Source holdout) {
    return new TrainingPlan(
        p.taxonomy(),
        p.level(),
        p.training(),
        p.validation(),
        p.validationFraction(),
        holdout,
        p.duplicates(),
        p.algorithm(),
        p.seed(),
        p.grades(),
        p.comparisons(),
        p.store(),
        p.checkpoints());
  }

  public static TrainingPlan withDuplicates(TrainingPlan p, DuplicatePolicy duplicates) {
    return new TrainingPlan(
        p.taxonomy(),
        p.level(),
        p.training(),
        p.validation(),
        p.validationFraction(),
        p.holdout(),
        duplicates,
        p.algorithm(),
        p.seed(),
        p.grades(),
        p.comparisons(),
        p.store(),
        p.checkpoints());
  }

  public static TrainingPlan withSeed(TrainingPlan p, int seed) {
    return new TrainingPlan(
        p.taxonomy(),
        p.level(),
        p.training(),
        p.validation(),
        p.validationFraction(),
        p.holdout(),
        p.duplicates(),
        p.algorithm(),
        seed,
        p.grades(),
        p.comparisons(),
        p.store(),
        p.checkpoints());
  }

  public static TrainingPlan withComparisons(TrainingPlan p, List<ComparisonRequest> comparisons) {
    return new TrainingPlan(
        p.taxonomy(),
        p.level(),
        p.training(),
        p.validation(),
        p.validationFraction(),
        p.holdout(),
        p.duplicates(),
        p.algorithm(),
        p.seed(),
        p.grades(),
        comparisons,
        p.store(),
        p.checkpoints());
  }

  public static TrainingPlan withAlgorithm(TrainingPlan p, Algorithm algorithm) {
    return new TrainingPlan(
        p.taxonomy(),
        p.level(),
        p.training(),
        p.validation(),
        p.validationFraction(),
        p.holdout(),
        p.duplicates(),
        algorithm,
        p.seed(),
        p.grades(),
        p.comparisons(),
        p.store(),
        p.checkpoints());
  }

  /** With places in a pod. */
  public static TrainingPlan withPlaces(TrainingPlan p, String store, String checkpoints) {
    return new TrainingPlan(
        p.taxonomy(),
        p.level(),
        p.training(),
        p.validation(),
        p.validationFraction(),
        p.holdout(),
        p.duplicates(),
        p.algorithm(),
        p.seed(),
        p.grades(),
        p.comparisons(),
        store,
        checkpoints);
  }
}
