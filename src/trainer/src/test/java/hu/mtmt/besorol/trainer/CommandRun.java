package hu.mtmt.besorol.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.trainer.commands.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** What a command did in this process. */
record CommandRun(int code, String out, String err) {

  static CommandRun of(String... arguments) {
    return with("", null, arguments);
  }

  /**
   * @param input standard input
   * @param stdout standard output, or null to gather it
   */
  static CommandRun with(String input, OutputStream stdout, String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var stream = stdout == null ? out : stdout;
    var console =
        new Console(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(stream, false, StandardCharsets.UTF_8),
            stream,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false,
            Map.of(),
            Optional.empty(),
            Clock.systemUTC(),
            new Console.Stop() {
              @Override
              public void watch() {}

              @Override
              public boolean getAsBoolean() {
                return false;
              }
            });
    int code = Besorol.run(console, arguments);
    return new CommandRun(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** It failed with that code and one message that has these parts. */
  void assertFailed(int code, String... parts) {
    assertThat(err).startsWith("besorol: ").contains(parts).doesNotContain("\tat ");
    assertThat(this.code).isEqualTo(code);
  }
}
