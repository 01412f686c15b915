package hu.mtmt.besorol.inference.rest;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Cuts a stream of bytes into lines, never holding more than the longest line allowed. */
final class LineReader {
  private static final int INITIAL = 1 << 14;

  private final InputStream in;
  private final int maximum;
  private byte[] buffer;
  private int start;
  private int end;
  private long number;

  /**
   * @param maximum most bytes of a line, without its line feed
   */
  LineReader(InputStream in, int maximum) {
    this.in = in;
    this.maximum = maximum;
    this.buffer = new byte[Math.min(INITIAL, maximum + 1)];
  }

  /**
   * A line.
   *
   * @param number counted from 1
   * @param bytes without the line feed; null if the line was too long
   */
  record Line(long number, byte[] bytes) {
    boolean tooLong() {
      return bytes == null;
    }

    boolean blank() {
      if (bytes == null) {
        return false;
      }
      for (byte b : bytes) {
        if (b != ' ' && b != '\t' && b != '\r') {
          return false;
        }
      }
      return true;
    }
  }

  /** The next line, or null after the last one. */
  Line next() throws IOException {
    int searched = start;
    while (true) {
      for (int i = searched; i < end; i++) {
        if (buffer[i] == '\n') {
          var line = line(i);
          start = i + 1;
          return line;
        }
      }
      if (end - start > maximum) {
        return skipLine();
      }
      searched = makeRoom();
      int read = in.read(buffer, end, buffer.length - end);
      if (read < 0) {
        if (start == end) {
          return null;
        }
        var line = line(end);
        start = end;
        return line;
      }
      end += read;
    }
  }

  private Line line(int to) {
    return new Line(++number, Arrays.copyOfRange(buffer, start, to));
  }

  /** Makes room to read into; returns where what is there now ends. */
  private int makeRoom() {
    if (end == buffer.length) {
      if (start > 0) {
        System.arraycopy(buffer, start, buffer, 0, end - start);
      } else {
        buffer = Arrays.copyOf(buffer, Math.min(2 * buffer.length, maximum + 1));
      }
      end -= start;
      start = 0;
    }
    return end;
  }

  private Line skipLine() throws IOException {
    start = 0;
    while ((end = in.read(buffer)) >= 0) {
      for (int i = 0; i < end; i++) {
        if (buffer[i] == '\n') {
          start = i + 1;
          return new Line(++number, null);
        }
      }
    }
    end = 0;
    return new Line(++number, null);
  }
}
