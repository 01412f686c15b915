package hu.mtmt.besorol.operator.controller;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;

/** How reconciliations that threw are tried again: without end, ever more rarely. */
final class Retries {
  static final int UNLIMITED = -1;
  static final long FIRST_MILLIS = 500;
  static final double MULTIPLIER = 2;
  static final long LONGEST_MILLIS = 60_000;

  private Retries() {}

  /** Whether the reconciliation only saw something outdated: nothing to tell anybody of. */
  static boolean isConflict(Exception e) {
    return e instanceof KubernetesClientException k
        && k.getCode() == HttpURLConnection.HTTP_CONFLICT;
  }

  /** What a status says of it. */
  static String message(Exception e) {
    return "The operator met an error and tries again: "
        + (e instanceof KubernetesClientException k && k.getStatus() != null
            ? k.getStatus().getMessage()
            : e.toString());
  }
}
