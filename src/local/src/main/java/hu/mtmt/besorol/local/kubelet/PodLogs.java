package hu.mtmt.besorol.local.kubelet;

import hu.mtmt.besorol.local.apiserver.LogSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the containers below a directory of sandboxes have written. Their output goes straight into
 * files, so that it has no times.
 *
 * @param sandboxes the directory
 */
public record PodLogs(Path sandboxes) implements LogSource {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final int BUFFER = 1 << 16;

  @Override
  public void stream(Query query, OutputStream out) throws IOException, InterruptedException {
    if (query.timestamps() || query.sinceSeconds() >= 0) {
      throw new NoLogException(
          "the output of pods on this machine is kept without times: leave --timestamps and --since"
              + " out");
    }
    var sandbox = Sandbox.find(sandboxes, query.namespace(), query.pod());
    var file =
        sandbox
            .flatMap(s -> s.newestLog(query.container(), query.previous()))
            .orElseThrow(
                () ->
                    new NoLogException(
                        "container \"%s\" in pod \"%s\" has %s"
                            .formatted(
                                query.container(),
                                query.pod(),
                                query.previous() ? "not been restarted" : "not been started")));
    var process = sandbox.get().process(query.container());
    try (var channel = Files.newByteChannel(file)) {
      channel.position(startOfTail(channel, query.tailLines()));
      var limited = query.limitBytes() >= 0 ? query.limitBytes() : Long.MAX_VALUE;
      while (true) {
        // Asked before the rest is read: what is written before the end must not be missed.
        var goesOn = query.follow() && !query.previous() && ProcessNote.living(process).isPresent();
        limited -= copy(channel, out, limited);
        out.flush();
        if (!goesOn || limited <= 0) {
          return;
        }
        Thread.sleep(POLL);
      }
    }
  }

  /** The last lines of a container, or why there are none. */
  public String tail(String namespace, String pod, String container, int lines) {
    var text = new ByteArrayOutputStream();
    try {
      stream(new Query(namespace, pod, container, false, false, lines, -1, false, -1), text);
    } catch (IOException e) {
      return e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  private static long copy(SeekableByteChannel from, OutputStream out, long most)
      throws IOException {
    var buffer = ByteBuffer.allocate(BUFFER);
    var to = Channels.newChannel(out);
    long copied = 0;
    while (copied < most) {
      buffer.clear().limit((int) Math.min(BUFFER, most - copied));
      if (from.read(buffer) < 0) {
        break;
      }
      copied += to.write(buffer.flip());
    }
    return copied;
  }

  /** Where the last so many lines begin; the line feed at the very end begins no line. */
  private static long startOfTail(SeekableByteChannel channel, long lines) throws IOException {
    if (lines < 0) {
      return 0;
    }
    var buffer = ByteBuffer.allocate(BUFFER);
    var left = lines;
    for (long end = channel.size(); end > 0; ) {
      var start = Math.max(0, end - BUFFER);
      buffer.clear().limit((int) (end - start));
      channel.position(start);
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // read on
      }
      for (int i = buffer.position() - 1; i >= 0; i--) {
        var isLast = start + i == channel.size() - 1;
        if (buffer.get(i) == '\n' && !isLast && --left == 0) {
          return start + i + 1;
        }
      }
      end = start;
    }
    return lines == 0 ? channel.size() : 0;
  }
}
