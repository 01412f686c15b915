package hu.mtmt.besorol.classifiers.sections;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Writes a file of sections that {@link Sections} maps: little-endian; 8 bytes magic, then each
 * section as its length in bytes (int64), the elements, and zeros up to a multiple of 8.
 */
public final class SectionWriter implements AutoCloseable {
  private final OutputStream out;

  public SectionWriter(Path file, long magic) throws IOException {
    this.out =
        new BufferedOutputStream(
            Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), 1 << 16);
    out.write(buffer(Long.BYTES).putLong(magic).array());
  }

  public void writeLongs(long[] values) throws IOException {
    begin((long) Long.BYTES * values.length);
    var buffer = buffer(Long.BYTES);
    for (long value : values) {
      out.write(buffer.putLong(0, value).array());
    }
  }

  public void writeInts(int[] values) throws IOException {
    long length = (long) Integer.BYTES * values.length;
    begin(length);
    var buffer = buffer(Integer.BYTES);
    for (int value : values) {
      out.write(buffer.putInt(0, value).array());
    }
    end(length);
  }

  public void writeFloats(float[] values) throws IOException {
    var bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToIntBits(values[i]);
    }
    writeInts(bits);
  }

  /** Writes texts one after the other, each after its length in bytes (int32). */
  public void writeTexts(List<byte[]> texts, int length) throws IOException {
    begin(length);
    for (var text : texts) {
      out.write(buffer(Integer.BYTES).putInt(text.length).array());
      out.write(text);
    }
    end(length);
  }

  private void begin(long length) throws IOException {
    out.write(buffer(Long.BYTES).putLong(length).array());
  }

  private void end(long length) throws IOException {
    for (long i = length; i % Long.BYTES != 0; i++) {
      out.write(0);
    }
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
