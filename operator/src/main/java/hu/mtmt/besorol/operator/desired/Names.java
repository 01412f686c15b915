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

  /**
   * The Service by which the pods of a run find each other. The name of a Service begins with a
   * letter, and that of a run need not.
   */
  public static String ranks(TrainingRun run) {
    return "ranks-" + run.getMetadata().getName();
  }

  /** A Job of a model, and the ConfigMap with its plan: the same plan has the same name. */
  public static String job(ClassifierModel model, JobPlan plan) {
    var hash = Digest.of(ContractJson.writeLine(plan)).hex().substring(0, HASH_LENGTH);
    return model.getMetadata().getName() + "-" + hash;
  }

  /** Service, PodDisruptionBudget and HTTPRoute of a model. */
  public static String inference(ClassifierModel model) {
    return model.getMetadata().getName();
  }

  /**
   * Route of a model on Knative, which has a Service of that name for it. With the tags before it
   * the longest is as long as a name may be.
   */
  public static String knative(ClassifierModel model) {
    return model.getMetadata().getName() + "-kn";
  }

  /**
   * Deployment or Configuration of a version, and its Service while a route sends it a share of the
   * requests.
   */
  public static String inference(ClassifierModel model, Digest version) {
    return model.getMetadata().getName() + "-" + version.hex().substring(0, HASH_LENGTH);
  }

  /** Deployment of a version that is a canary beside the serving one. */
  public static String canary(ClassifierModel model, Digest version, Digest serving) {
    return "%s-for-%s"
        .formatted(inference(model, version), serving.hex().substring(0, HASH_LENGTH));
  }
}
