package hu.mtmt.besorol.trainer.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this program, written by the build. */
public final class ProgramVersion {
  private ProgramVersion() {}

  /** The version alone: {@code 0.1.0}. */
  public static String current() {
    try (var in = ProgramVersion.class.getResourceAsStream("version.properties")) {
      var properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
