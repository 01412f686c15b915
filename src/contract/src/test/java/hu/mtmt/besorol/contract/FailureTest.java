package hu.mtmt.besorol.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FailureTest {
  @Test
  void passesOnWhatWasWrittenForAPerson() {
    assertThat(Failure.of(BesorolException.data("Line 3 is wrong.")))
        .isEqualTo(new Failure(FailureKind.DATA_INVALID, "Line 3 is wrong."));
  }

  @Test
  void takesAnythingElseForADefectOfTheProgram() {
    assertThat(Failure.of(new IOException("x")))
        .isEqualTo(new Failure(FailureKind.PROGRAM_FAILED, "Unexpected java.io.IOException: x"));
  }

  /** Also with characters of four bytes it fits into a termination message beside the rest. */
  @Test
  void cutsALongMessage() {
    var failure = new Failure(FailureKind.DATA_INVALID, "á".repeat(5_000));

    assertThat(failure.message()).hasSize(Failure.MAXIMUM_LENGTH).endsWith("á…");
    assertThat(
            new String(
                    ContractJson.writeLine(TrainingResult.failed(failure)), StandardCharsets.UTF_8)
                .getBytes(StandardCharsets.UTF_8))
        .hasSizeLessThan(JobResult.MAXIMUM_BYTES);
  }
}
