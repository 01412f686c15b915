package hu.mtmt.besorol.inference.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OrderedLinesTest {
  private static final int WINDOW = 4;
  private static final Function<LineReader.Line, byte[]> SAME = LineReader.Line::bytes;

  @Test
  void keepsTheOrderWhateverTakesLonger() throws Exception {
    var input = numbers(1000);
    var output = new ByteArrayOutputStream();

    new OrderedLines(WINDOW, 100)
        .run(
            bytes(input),
            output,
            line -> {
              if (ThreadLocalRandom.current().nextBoolean()) {
                Thread.yield();
              }
              return line.bytes();
            });

    assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo(input);
  }

  @Test
  void stopsReadingWhenNobodyReadsTheOutput() throws Exception {
    var taken = new AtomicInteger();
    var blocked = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var output =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            blocked.countDown();
            try {
              goOn.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          }
        };
    // lines longer than any buffer on the way
    var line = "x".repeat(20_000) + "\n";
    var lines = new OrderedLines(WINDOW, 100_000);
    var running =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    lines.run(
                        bytes(line.repeat(1000)),
                        output,
                        l -> {
                          taken.incrementAndGet();
                          return l.bytes();
                        });
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                });
    blocked.await();

    // one is being written, a window waits, one more was read when the window was full
    assertThat(taken.get()).isLessThanOrEqualTo(WINDOW + 2);
    goOn.countDown();
    running.join();
    assertThat(taken).hasValue(1000);
  }

  @Test
  void failsWhenTheInputBreaksButSendsWhatCameBefore() {
    var output = new ByteArrayOutputStream();
    var input =
        new InputStream() {
          private boolean first = true;

          @Override
          public int read() {
            throw new UnsupportedOperationException();
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            if (!first) {
              throw new IOException("broken");
            }
            first = false;
            bytes[offset] = 'a';
            bytes[offset + 1] = '\n';
            return 2;
          }
        };

    assertThatThrownBy(() -> new OrderedLines(WINDOW, 100).run(input, output, SAME))
        .isInstanceOf(IOException.class)
        .hasMessage("broken");
    assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo("a\n");
  }

  private static String numbers(int count) {
    return IntStream.range(0, count).mapToObj(i -> i + "\n").collect(Collectors.joining());
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
