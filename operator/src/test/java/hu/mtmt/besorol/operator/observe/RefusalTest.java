package hu.mtmt.besorol.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalTest {
  private static final String QUOTA =
      "Error creating: pods \"gang-1-5hb4j\" is forbidden: exceeded quota: pods, requested: pods=1,"
          + " used: pods=1, limited: pods=1";

  /** The Job controller's clock is an hour ahead of the API server's. */
  private static Event event(String reason, int minute, String message) {
    var controller = "2026-01-01T13:%02d:00Z".formatted(minute);
    return new EventBuilder()
        .withNewMetadata()
        .withName("gang." + minute)
        .withCreationTimestamp("2026-01-01T12:%02d:00Z".formatted(minute))
        .endMetadata()
        .withReason(reason)
        .withMessage(message)
        .withFirstTimestamp(controller)
        .withLastTimestamp(controller)
        .build();
  }

  @Test
  void countsFromTheFirstOfTheNewestRefusals() {
    assertThat(
            Refusal.of(
                List.of(
                    event("FailedCreate", 1, QUOTA),
                    event("Resumed", 5, "Job resumed"),
                    event("FailedCreate", 7, QUOTA.replace("5hb4j", "xxxxx")),
                    event("SuccessfulCreate", 6, "Created pod: gang-0-pvmvq"),
                    event("FailedCreate", 6, QUOTA))))
        .contains(
            new Refusal(
                Instant.parse("2026-01-01T12:06:00Z"),
                "exceeded quota: pods, requested: pods=1, used: pods=1, limited: pods=1"));
  }

  @Test
  void refusalThatIsOverIsNone() {
    assertThat(
            Refusal.of(
                List.of(
                    event("FailedCreate", 1, QUOTA),
                    event("SuccessfulCreate", 2, "Created pod: gang-1-pvmvq"))))
        .isEmpty();
    assertThat(Refusal.of(List.of())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Error creating: pods "a-1" is forbidden: violates PodSecurity "restricted:latest". | violates PodSecurity "restricted:latest"
          (combined from similar events): Error creating: pods "a-1" is forbidden: exceeded quota: q | exceeded quota: q
          Error creating: admission webhook "x" denied the request: no | admission webhook "x" denied the request: no
          something else | something else
          """)
  void saysWhoeverRefusedInItsWords(String message, String why) {
    assertThat(Refusal.of(List.of(event("FailedCreate", 1, message))))
        .get()
        .returns(why, Refusal::why);
  }
}
