package hu.mtmt.besorol.classifiers.mapped;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes a file of sections that {@link Sections} maps: little-endian; 8 bytes magic, then each
 * section as its length in bytes (int64), the elements, and zeros up to a multiple of 8.
 */
public final class SectionWriter implements AutoCloseable {
  private final LittleEndianOutput out;

  public SectionWriter(Path file, long magic) throws IOException {
    this.out = new LittleEndianOutput(file);
    out.writeLong(magic);
  }

  public void writeLongs(long[] values) throws IOException {
    out.writeLong((long) Long.BYTES * values.length);
    for (long value : values) {
      out.writeLong(value);
    }
  }

  public void writeInts(int[] values) throws IOException {
    long length = (long) Integer.BYTES * values.length;
    out.writeLong(length);
    for (int value : values) {
      out.writeInt(value);
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
    out.writeLong(length);
    for (var text : texts) {
      out.writeInt(text.length);
      out.write(text);
    }
    end(length);
  }

  private void end(long length) throws IOException {
    out.write(new byte[(int) (-length & Long.BYTES - 1)]);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
