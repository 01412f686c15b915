package hu.mtmt.besorol.files;

import hu.mtmt.besorol.contract.BesorolException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The lines of a file as ranges of bytes in a buffer; nothing is copied or decoded. Blank lines and
 * a byte order mark are skipped. Not thread-safe.
 */
public final class Lines implements Closeable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final String name;
  private final InputStream in;
  private final int maximumBytes;

  private byte[] buffer = new byte[BUFFER_BYTES];
  private int filled;
  private int start;
  private int end;
  private int next;
  private long number;

  /**
   * @param name what messages call it: a file, or "standard input"
   * @param in decompressed; closed with the lines
   * @param maximumBytes longest line
   */
  public Lines(String name, InputStream in, int maximumBytes) {
    this.name = name;
    this.in = in;
    this.maximumBytes = maximumBytes;
  }

  /**
   * Goes to the next line that is not blank.
   *
   * @return whether there is one
   * @throws BesorolException if the file cannot be read on or the line is too long; no more than
   *     the allowed length is held in memory
   */
  public boolean next() {
    do {
      if (!advance()) {
        return false;
      }
      number++;
      if (number == 1) {
        skipByteOrderMark();
      }
    } while (blank());
    return true;
  }

  /** Bytes of which the current line is a range; valid until {@link #next}. */
  public byte[] buffer() {
    return buffer;
  }

  /** Where the current line begins in {@link #buffer}. */
  public int start() {
    return start;
  }

  /** Behind the last byte of the current line, its line feed left out. */
  public int end() {
    return end;
  }

  /** Number of the current line in the file, counted from 1. */
  public long number() {
    return number;
  }

  /** The file and the number of the current line, as messages have it. */
  public String place() {
    return name + ":" + number;
  }

  /**
   * Checks that the current line is UTF-8.
   *
   * @throws BesorolException {@code DATA_INVALID} if it is not
   */
  public void requireUtf8() {
    var bytes = ByteBuffer.wrap(buffer, start, end - start);
    try {
      StandardCharsets.UTF_8.newDecoder().decode(bytes);
    } catch (CharacterCodingException _) {
      throw BesorolException.data(
          "%s is not UTF-8 (at byte %d of the line): convert the file, for example with iconv -t UTF-8."
              .formatted(place(), bytes.position() - start + 1));
    }
  }

  private boolean advance() {
    start = next;
    int scanned = start;
    while (true) {
      for (int i = scanned; i < filled; i++) {
        if (buffer[i] == '\n') {
          end = i;
          next = i + 1;
          return checkLength();
        }
      }
      scanned = filled;
      if (scanned - start > maximumBytes) {
        end = scanned;
        return checkLength();
      }
      if (!fill()) {
        end = filled;
        next = filled;
        return end > start;
      }
      scanned -= start;
      start = 0;
    }
  }

  /** Moves the unfinished line to the front and reads on behind it; false at the end of file. */
  private boolean fill() {
    filled -= start;
    System.arraycopy(buffer, start, buffer, 0, filled);
    if (filled == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * filled);
    }
    try {
      int n = in.read(buffer, filled, buffer.length - filled);
      filled += Math.max(n, 0);
      if (n <= 0) {
        start = 0;
        next = filled;
      }
      return n > 0;
    } catch (IOException e) {
      throw InputFile.failure(name, e);
    }
  }

  private boolean checkLength() {
    if (end - start > maximumBytes) {
      throw BesorolException.data(
          "%s:%d is longer than %d MiB: write one document or subject a line."
              .formatted(name, number + 1, maximumBytes >> 20));
    }
    return true;
  }

  private void skipByteOrderMark() {
    if (end - start >= 3
        && buffer[start] == (byte) 0xEF
        && buffer[start + 1] == (byte) 0xBB
        && buffer[start + 2] == (byte) 0xBF) {
      start += 3;
    }
  }

  private boolean blank() {
    for (int i = start; i < end; i++) {
      if (buffer[i] != ' ' && buffer[i] != '\t' && buffer[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw InputFile.failure(name, e);
    }
  }
}
