package hu.mtmt.besorol.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.contract.Comparison;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.EvaluationResult;
import hu.mtmt.besorol.contract.Failure;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.Footprint;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.JobResult;
import hu.mtmt.besorol.contract.Judgement;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.contract.TrainingResult;
import java.util.Arrays;
import java.util.Collections;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TerminationMessageTest {
  private static final Digest DIGEST = Digest.of(new byte[0]);
  private static final Footprint FOOTPRINT = new Footprint(325000, 152, 5300, 6100);

  private static Judgement judgement(int comparisons) {
    var comparison =
        new Comparison(
            Metric.LENIENT_PRECISION,
            DIGEST,
            "0.95",
            -0.012345678901234567,
            -0.023456789012345678,
            -0.0012345678901234567,
            20000,
            null);
    return new Judgement(
        DIGEST,
        DIGEST,
        4,
        ContractJson.defaults(Grades.class),
        Arrays.stream(Metric.values()).collect(Collectors.toMap(m -> m, m -> 0.12345678901234567)),
        Collections.nCopies(comparisons, comparison));
  }

  private static TrainingResult read(byte[] message) {
    return ContractJson.read(message, TrainingResult.class, "message");
  }

  @Test
  void allFiguresAndSomeComparisonsFit() {
    var result = new TrainingResult(DIGEST, judgement(8), 123456, 325000, FOOTPRINT, null);
    var message = TerminationMessage.of(result);
    assertThat(message).hasSizeLessThanOrEqualTo(JobResult.MAXIMUM_BYTES);
    assertThat(read(message)).isEqualTo(result);
  }

  @Test
  void comparisonsThatDoNotFitAreLeftOutFromTheEnd() {
    var result = new TrainingResult(DIGEST, judgement(32), 123456, 325000, FOOTPRINT, null);
    var message = TerminationMessage.of(result);
    assertThat(message).hasSizeBetween(JobResult.MAXIMUM_BYTES - 300, JobResult.MAXIMUM_BYTES);
    var read = read(message);
    assertThat(read.judgement().figures()).isEqualTo(result.judgement().figures());
    assertThat(read.judgement().comparisons())
        .hasSizeGreaterThan(8)
        .isEqualTo(
            result.judgement().comparisons().subList(0, read.judgement().comparisons().size()));
  }

  @Test
  void aMessageOfManyBytesIsCut() {
    // Every character is an escape of six bytes in JSON.
    var failure = new Failure(FailureKind.DATA_INVALID, "\u0001".repeat(1024));
    var message = TerminationMessage.of(TrainingResult.failed(failure));
    assertThat(message).hasSizeLessThanOrEqualTo(JobResult.MAXIMUM_BYTES);
    assertThat(read(message).failure().kind()).isEqualTo(FailureKind.DATA_INVALID);
    assertThat(read(message).failure().message()).startsWith("\u0001\u0001");
  }

  @Test
  void evaluationsAreFittedToo() {
    var message = TerminationMessage.of(new EvaluationResult(DIGEST, judgement(32), null));
    assertThat(message).hasSizeLessThanOrEqualTo(JobResult.MAXIMUM_BYTES);
    assertThat(ContractJson.read(message, EvaluationResult.class, "m").version()).isEqualTo(DIGEST);
  }
}
