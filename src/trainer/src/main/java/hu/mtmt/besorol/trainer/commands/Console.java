package hu.mtmt.besorol.trainer.commands;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What a command has to do with: its streams and its process.
 *
 * @param in standard input
 * @param out standard output: what was asked for, and nothing else
 * @param stream standard output as {@code out} writes to it, for those who need to know whether it
 *     can be written
 * @param err standard error: what people should know
 * @param terminal whether {@code err} is a terminal
 * @param coloured whether {@code out} is a terminal whose user does not mind colours
 * @param environment variables of the process
 * @param home the directory of the launcher, if it was started by it
 * @param clock the time
 * @param stop how a command learns that it is to stop
 */
public record Console(
    InputStream in,
    PrintStream out,
    OutputStream stream,
    PrintStream err,
    boolean terminal,
    boolean coloured,
    Map<String, String> environment,
    Optional<Path> home,
    Clock clock,
    Stop stop) {

  /** How a command learns that the process is told to end. */
  public interface Stop extends BooleanSupplier {
    /** From now on the command watches for it; before, the process ends at once. */
    void watch();
  }

  /** Of this process. The launcher says what only a shell can know. */
  public static Console ofProcess(Stop stop) {
    var stream = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
    return new Console(
        System.in,
        new PrintStream(stream, false, StandardCharsets.UTF_8),
        stream,
        new PrintStream(System.err, true, StandardCharsets.UTF_8),
        Boolean.getBoolean("besorol.terminal"),
        Boolean.getBoolean("besorol.coloured"),
        System.getenv(),
        Optional.ofNullable(System.getProperty("besorol.home")).map(Path::of),
        Clock.systemUTC(),
        stop);
  }

  public PrintWriter outWriter() {
    return new PrintWriter(out, true, StandardCharsets.UTF_8);
  }

  public PrintWriter errWriter() {
    return new PrintWriter(err, true, StandardCharsets.UTF_8);
  }
}
