package hu.mtmt.besorol.inference;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.contract.Classification;
import hu.mtmt.besorol.contract.ServiceReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewestTest {
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  @Test
  void timesAreThoseOfAProcessThatIsWarm(@TempDir Path directory) {
    var model = Model.of(TinyModel.train(directory));
    var newest = new Newest(new Baseline());
    var answer = new Classification(null, null, List.of());
    for (int i = 0; i < ServiceReport.COLD; i++) {
      newest.document(100 * MILLI, answer);
    }
    var cold = newest.report(model);
    for (int i = 0; i <= ServiceReport.NEWEST; i++) {
      newest.document((i == 0 ? 50 : 1) * MILLI, answer);
    }
    var warm = newest.report(model);

    assertThat(cold.times()).containsOnly(0);
    assertThat(cold.subjects()).isEqualTo(Map.of(ServiceReport.NONE, ServiceReport.COLD));
    assertThat(warm.times().get(ServiceReport.bucket(MILLI))).isEqualTo(ServiceReport.NEWEST);
    assertThat(warm.times().get(ServiceReport.bucket(50 * MILLI))).isZero();
    assertThat(warm.subjects()).isEqualTo(Map.of(ServiceReport.NONE, ServiceReport.NEWEST));
  }
}
