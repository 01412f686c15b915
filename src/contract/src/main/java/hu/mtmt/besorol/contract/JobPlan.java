package hu.mtmt.besorol.contract;

/**
 * What a Job's pod has to do: mounted as {@value #PATH}. The result comes back as the {@link
 * JobResult} of the same name in the pod's termination message.
 */
public sealed interface JobPlan extends ContractDocument
    permits TrainingPlan, EvaluationPlan, PrunePlan {

  /** Where a pod finds its plan. */
  String PATH = "/etc/besorol/plan.json";

  /**
   * The directory of the model's packages, one directory a version, named by {@link
   * #packageDirectory}.
   */
  String store();

  /** The name of a version's directory in a store. */
  static String packageDirectory(Digest version) {
    return "sha256-" + version.hex();
  }
}
