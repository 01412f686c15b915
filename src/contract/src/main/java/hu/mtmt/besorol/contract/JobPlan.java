package hu.mtmt.besorol.contract;

import java.util.Optional;

/**
 * What a Job's pod has to do: mounted as {@value #PATH}. The result comes back as the {@link
 * JobResult} of the same name in the pod's termination message.
 */
public sealed interface JobPlan extends ContractDocument
    permits TrainingPlan, EvaluationPlan, PrunePlan {

  /** Where a pod finds its plan. */
  String PATH = "/etc/besorol/plan.json";

  /** How names of packages' directories begin. */
  String PACKAGE = "sha256-";

  /**
   * The directory of the model's packages, one directory a version, named by {@link
   * #packageDirectory}; in a bucket, the prefix of their keys.
   */
  String store();

  /** The bucket that {@link #store} is in, or null if it is on a volume. */
  S3Bucket storeBucket();

  /** The name of a version's directory in a store. */
  static String packageDirectory(Digest version) {
    return PACKAGE + version.hex();
  }

  /** The version whose directory in a store has that name, if it is such a name. */
  static Optional<Digest> versionOf(String packageDirectory) {
    return packageDirectory.matches(PACKAGE + "[0-9a-f]{64}")
        ? Optional.of(new Digest(packageDirectory.replaceFirst("-", ":")))
        : Optional.empty();
  }
}
