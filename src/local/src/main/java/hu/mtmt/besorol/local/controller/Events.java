package hu.mtmt.besorol.local.controller;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** Tells people what was done to an object: {@code kubectl describe} shows it. */
public final class Events {
  private static final System.Logger LOG = System.getLogger(Events.class.getName());

  private final KubernetesClient client;
  private final String component;
  private final Clock clock;

  public Events(KubernetesClient client, String component, Clock clock) {
    this.client = client;
    this.component = component;
    this.clock = clock;
  }

  /** Something went as it should. */
  public void normal(HasMetadata object, String reason, String message) {
    record("Normal", object, reason, message);
  }

  /** Something went wrong. */
  public void warning(HasMetadata object, String reason, String message) {
    record("Warning", object, reason, message);
  }

  private void record(String type, HasMetadata object, String reason, String message) {
    var namespace = object.getMetadata().getNamespace();
    var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    try {
      client
          .v1()
          .events()
          .inNamespace(namespace)
          .resource(
              new EventBuilder()
                  .withNewMetadata()
                  .withGenerateName(object.getMetadata().getName() + ".")
                  .withNamespace(namespace)
                  .endMetadata()
                  .withType(type)
                  .withReason(reason)
                  .withMessage(message.length() > 1024 ? message.substring(0, 1024) : message)
                  .withNewInvolvedObject()
                  .withApiVersion(object.getApiVersion())
                  .withKind(object.getKind())
                  .withNamespace(namespace)
                  .withName(object.getMetadata().getName())
                  .withUid(object.getMetadata().getUid())
                  .endInvolvedObject()
                  .withNewSource()
                  .withComponent(component)
                  .endSource()
                  .withFirstTimestamp(now)
                  .withLastTimestamp(now)
                  .withCount(1)
                  .build())
          .create();
    } catch (KubernetesClientException e) {
      // An event that cannot be written must not stop the work that it tells of.
      LOG.log(System.Logger.Level.DEBUG, "event not written", e);
    }
  }
}
