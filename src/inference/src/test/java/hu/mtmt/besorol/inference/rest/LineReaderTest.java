package hu.mtmt.besorol.inference.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  @Test
  void cutsLines() throws Exception {
    assertThat(lines("a\n\nbc\r\nd", 10)).containsExactly("1:a", "2:", "3:bc\r", "4:d");
    assertThat(lines("a\n", 10)).containsExactly("1:a");
    assertThat(lines("", 10)).isEmpty();
    assertThat(lines("\n", 10)).containsExactly("1:");
  }

  @Test
  void skipsLinesThatAreTooLongAndGoesOn() throws Exception {
    assertThat(lines("12345\n123456\n1\n1234567890123\n12345", 5))
        .containsExactly("1:12345", "2 too long", "3:1", "4 too long", "5:12345");
    assertThat(lines("123456", 5)).containsExactly("1 too long");
  }

  @Test
  void findsTheSameLinesHoweverTheBytesArrive() throws Exception {
    var random = new Random(1);
    var text = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      text.append("x".repeat(random.nextInt(60))).append('\n');
    }
    var expected = lines(text.toString(), 40);
    for (int seed = 0; seed < 20; seed++) {
      assertThat(lines(trickling(text.toString(), new Random(seed)), 40)).isEqualTo(expected);
    }
  }

  @Test
  void knowsBlankLines() throws Exception {
    var reader = new LineReader(bytes(" \t\r\nx\n"), 10);

    assertThat(reader.next().blank()).isTrue();
    assertThat(reader.next().blank()).isFalse();
  }

  private static List<String> lines(String text, int maximum) throws IOException {
    return lines(bytes(text), maximum);
  }

  private static List<String> lines(InputStream in, int maximum) throws IOException {
    var reader = new LineReader(in, maximum);
    var lines = new ArrayList<String>();
    for (var line = reader.next(); line != null; line = reader.next()) {
      lines.add(
          line.tooLong()
              ? line.number() + " too long"
              : line.number() + ":" + new String(line.bytes(), StandardCharsets.UTF_8));
    }
    return lines;
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static InputStream trickling(String text, Random random) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
      @Override
      public synchronized int read(byte[] b, int off, int len) {
        return super.read(b, off, Math.min(len, 1 + random.nextInt(50)));
      }

      @Override
      public int read(byte[] b) {
        return read(b, 0, b.length);
      }
    };
  }
}
