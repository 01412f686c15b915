package hu.mtmt.besorol.local.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;

/** Asks containers over HTTP how they are. */
final class HttpProbes {
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /**
   * Asks again and again, in the calling thread.
   *
   * @param verdict is told true after as many successes as the probe wants, and false after as many
   *     failures, at every further answer of that kind as well; it tells whether to go on
   */
  void run(Probe probe, Container container, Predicate<Boolean> verdict)
      throws InterruptedException {
    var request =
        HttpRequest.newBuilder(address(probe.getHttpGet(), container))
            .timeout(Duration.ofSeconds(or(probe.getTimeoutSeconds(), 1)))
            .build();
    Thread.sleep(Duration.ofSeconds(or(probe.getInitialDelaySeconds(), 0)));
    var goOn = true;
    for (int successes = 0, failures = 0; goOn; ) {
      if (succeeds(request)) {
        successes++;
        failures = 0;
      } else {
        failures++;
        successes = 0;
      }
      if (successes >= or(probe.getSuccessThreshold(), 1)) {
        goOn = verdict.test(true);
      } else if (failures >= or(probe.getFailureThreshold(), 3)) {
        goOn = verdict.test(false);
      }
      if (goOn) {
        Thread.sleep(Duration.ofSeconds(or(probe.getPeriodSeconds(), 10)));
      }
    }
  }

  private boolean succeeds(HttpRequest request) throws InterruptedException {
    try {
      var status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      return status >= 200 && status < 400;
    } catch (IOException e) {
      return false;
    }
  }

  private static URI address(HTTPGetAction get, Container container) {
    var port =
        get.getPort().getIntVal() != null
            ? get.getPort().getIntVal()
            : container.getPorts().stream()
                .filter(p -> get.getPort().getStrVal().equals(p.getName()))
                .findFirst()
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "container %s has no port named %s"
                                .formatted(container.getName(), get.getPort().getStrVal())))
                .getContainerPort();
    return URI.create(
        "http://"
            + PodStatuses.ADDRESS
            + ":"
            + port
            + Objects.requireNonNullElse(get.getPath(), "/"));
  }

  private static int or(Integer value, int otherwise) {
    return Objects.requireNonNullElse(value, otherwise);
  }
}
