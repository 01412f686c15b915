package hu.mtmt.besorol.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.classifiers.CancelledException;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Failure;
import hu.mtmt.besorol.contract.FailureKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class FailuresTest {
  @Test
  void everyKindOfThrowableHasItsKindOfFailure() {
    assertThat(Failures.of(BesorolException.data("The data is wrong.")))
        .isEqualTo(new Failure(FailureKind.DATA_INVALID, "The data is wrong."));
    assertThat(Failures.of(new CancelledException()).kind()).isEqualTo(FailureKind.INTERRUPTED);
    assertThat(Failures.of(new UncheckedIOException(new IOException("No space left on device"))))
        .satisfies(
            f -> {
              assertThat(f.kind()).isEqualTo(FailureKind.MACHINE_FAILED);
              assertThat(f.message()).contains("No space left on device", "free space");
            });
    assertThat(Failures.of(new OutOfMemoryError("Java heap space")))
        .satisfies(
            f -> {
              assertThat(f.kind()).isEqualTo(FailureKind.DEVICE_MEMORY_EXHAUSTED);
              assertThat(f.message()).contains("Java heap space", "MiB", "-Xmx");
            });
    assertThat(Failures.of(new IllegalStateException("no table", new OutOfMemoryError())).kind())
        .isEqualTo(FailureKind.DEVICE_MEMORY_EXHAUSTED);
    assertThat(Failures.of(new IllegalStateException("bug")).kind())
        .isEqualTo(FailureKind.PROGRAM_FAILED);
  }
}
