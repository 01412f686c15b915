package hu.mtmt.besorol.inference.rest;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;

/**
 * Turns lines into lines, several at a time, in their order. Never more than a window of lines is
 * between the input and the output: a slow reader of the output stops the reading of the input, and
 * memory stays the same for any number of lines. An answer goes out as soon as no earlier one is
 * missing; it does not wait for further input.
 */
final class OrderedLines {
  private static final FutureTask<byte[]> END = new FutureTask<>(() -> null);

  private final int window;
  private final int maximumLine;

  /**
   * @param window most lines that are being worked on
   * @param maximumLine most bytes of a line
   */
  OrderedLines(int window, int maximumLine) {
    this.window = window;
    this.maximumLine = maximumLine;
  }

  /**
   * Works until the input ends.
   *
   * @param work makes the output line, without line feed; called on many threads
   * @throws IOException if either side breaks
   */
  void run(InputStream in, OutputStream out, Function<LineReader.Line, byte[]> work)
      throws IOException {
    var pending = new ArrayBlockingQueue<FutureTask<byte[]>>(window);
    var reader = Thread.ofVirtual().name("stream-reader").start(() -> read(in, pending, work));
    try {
      write(pending, new BufferedOutputStream(out));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      reader.interrupt();
    }
  }

  private void read(
      InputStream in,
      BlockingQueue<FutureTask<byte[]>> pending,
      Function<LineReader.Line, byte[]> work) {
    try {
      try {
        var lines = new LineReader(in, maximumLine);
        for (var line = lines.next(); line != null; line = lines.next()) {
          if (!line.blank()) {
            var read = line;
            var task = new FutureTask<>(() -> work.apply(read));
            pending.put(task);
            Thread.startVirtualThread(task);
          }
        }
        pending.put(END);
      } catch (InterruptedIOException e) {
        // as below
      } catch (IOException e) {
        var broken =
            new FutureTask<byte[]>(
                () -> {
                  throw e;
                });
        broken.run();
        pending.put(broken);
      }
    } catch (InterruptedException e) {
      // the writer is gone, and nobody waits for the rest
    }
  }

  private static void write(BlockingQueue<FutureTask<byte[]>> pending, OutputStream out)
      throws IOException, InterruptedException {
    for (var next = pending.take(); next != END; next = pending.take()) {
      try {
        out.write(next.get());
        out.write('\n');
      } catch (ExecutionException e) {
        out.flush();
        throw e.getCause() instanceof IOException broken ? broken : new IOException(e.getCause());
      }
      if (pending.isEmpty()) {
        out.flush();
      }
    }
    out.flush();
  }
}
