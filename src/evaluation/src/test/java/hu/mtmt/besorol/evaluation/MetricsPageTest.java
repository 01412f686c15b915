package hu.mtmt.besorol.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.contract.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetricsPageTest {
  @ParameterizedTest
  @EnumSource
  void explainsEveryMetric(Metric metric) throws IOException {
    assertThat(Files.readString(Path.of("../../docs/metrics.md")))
        .contains("`" + metric.written() + "`");
  }

  @Test
  void namesTheNumberOfDraws() throws IOException {
    assertThat(Files.readString(Path.of("../../docs/metrics.md")))
        .contains(String.format(Locale.ROOT, "drawn %,d times", PairedBootstrap.DRAWS));
  }
}
