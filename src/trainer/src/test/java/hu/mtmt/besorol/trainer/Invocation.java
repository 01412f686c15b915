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
record Invocation(int code, String out, String err) {

  static Invocation run(String... arguments) {
    return runWith("", null, arguments);
  }

  /**
   * @param input standard input
   * @param stdout standard output, or null to have it in {@link #out}
   */
  static Invocation runWith(String input, OutputStream stdout, String... arguments) {
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
    return new Invocation(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  static void assertFailed(Invocation run, int code, String... parts) {
    assertThat(run.err()).startsWith("besorol: ").contains(parts).doesNotContain("\tat ");
    assertThat(run.code()).isEqualTo(code);
  }
}
