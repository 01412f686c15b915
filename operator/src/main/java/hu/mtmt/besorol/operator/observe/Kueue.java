package hu.mtmt.besorol.operator.observe;

import io.fabric8.kubernetes.api.model.batch.v1.Job;

/** What Kueue says of a run that waits in one of its queues. */
public sealed interface Kueue {
  /** The label of a Job with the name of the LocalQueue that it waits in. */
  String QUEUE_NAME = "kueue.x-k8s.io/queue-name";

  /** It is not asked: the run names no queue, or its Job is not suspended. */
  record NotAsked() implements Kueue {}

  /**
   * The run cannot wait there.
   *
   * @param problem why, and what to do, in a sentence
   */
  record Unavailable(String problem) implements Kueue {}

  /**
   * It waits.
   *
   * @param reason for what, in a sentence
   */
  record Waiting(String reason) implements Kueue {}

  /** Whether Kueue decides when that Job runs. */
  static boolean decidesAbout(Job job) {
    var labels = job.getMetadata().getLabels();
    return labels != null && labels.containsKey(QUEUE_NAME);
  }
}
