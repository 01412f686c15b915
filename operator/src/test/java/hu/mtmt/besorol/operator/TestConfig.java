package hu.mtmt.besorol.operator;

import hu.mtmt.besorol.operator.config.OperatorConfig;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** The configuration as an installation has it, with some values of the test's own. */
public final class TestConfig {
  private TestConfig() {}

  /** The defaults. */
  public static OperatorConfig defaults() {
    return of(Map.of());
  }

  /** The defaults but for {@code values}, by the names of the properties. */
  public static OperatorConfig of(Map<String, String> values) {
    try {
      return new SmallRyeConfigBuilder()
          .addDefaultInterceptors()
          .addDiscoveredConverters()
          .withSources(
              new PropertiesConfigSource(values, "test", 200),
              new PropertiesConfigSource(
                  TestConfig.class.getResource("/application.properties"), 100))
          .withMapping(OperatorConfig.class)
          .withValidateUnknown(false)
          .build()
          .getConfigMapping(OperatorConfig.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
