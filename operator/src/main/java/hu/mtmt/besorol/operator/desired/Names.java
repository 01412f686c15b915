package hu.mtmt.besorol.operator.desired;

import hu.mtmt.besorol.api.ClassifierModel;
import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.JobPlan;

/**
 * Names of what the operator creates. They follow from what it is for, so that an operator that was
 * interrupted finds what it has created already and never starts it twice.
 */
public final class Names {
  private static final int HASH_LENGTH = 10;

  private Names() {}

  /** The Job of a run, and the ConfigMap with its plan. */
  public static String training(TrainingRun run) {
    return run.getMetadata().getName();
  }

  /** A Job of a model, and the ConfigMap with its plan: the same plan has the same name. */
  public static String job(ClassifierModel model, JobPlan plan) {
    var hash = Digest.of(ContractJson.writeLine(plan)).hex().substring(0, HASH_LENGTH);
    return model.getMetadata().getName() + "-" + hash;
  }

  /** Deployment, Service and PodDisruptionBudget of a model. */
  public static String inference(ClassifierModel model) {
    return model.getMetadata().getName();
  }
}
