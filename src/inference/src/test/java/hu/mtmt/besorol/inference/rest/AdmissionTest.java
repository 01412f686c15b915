package hu.mtmt.besorol.inference.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkiverse.resteasy.problem.HttpProblem;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  @Test
  void refusesOverTheLimitAndSaysWhenToComeAgain() {
    var admission = new Admission(2);
    var first = admission.admit();
    admission.admit();

    assertThat(admission.inFlight()).isEqualTo(2);
    assertThatThrownBy(admission::admit)
        .asInstanceOf(InstanceOfAssertFactories.type(HttpProblem.class))
        .satisfies(
            problem -> {
              assertThat(problem.getStatusCode()).isEqualTo(503);
              assertThat(problem.getHeaders()).containsEntry("Retry-After", 1);
            });

    first.close();
    admission.admit();
  }
}
