package hu.mtmt.besorol.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetricTest {
  @ParameterizedTest
  @EnumSource
  void isFoundByItsWrittenName(Metric metric) {
    assertThat(Metric.ofWritten(metric.written())).isEqualTo(metric);
  }

  @Test
  void namesThoseThatExist() {
    assertThatThrownBy(() -> Metric.ofWritten("Accuracy"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'Accuracy' is not a metric: write one of StrictPrecision, ");
  }
}
