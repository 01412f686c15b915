package hu.mtmt.besorol.classifiers.mapped;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes numbers to a new file, the least byte first. */
public final class LittleEndianOutput implements AutoCloseable {
  private final OutputStream out;
  private final ByteBuffer buffer = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);

  public LittleEndianOutput(Path file) throws IOException {
    this.out =
        new BufferedOutputStream(
            Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), 1 << 16);
  }

  public void writeInt(int value) throws IOException {
    buffer.putInt(0, value);
    out.write(buffer.array(), 0, Integer.BYTES);
  }

  public void writeLong(long value) throws IOException {
    buffer.putLong(0, value);
    out.write(buffer.array(), 0, Long.BYTES);
  }

  public void writeFloat(float value) throws IOException {
    writeInt(Float.floatToRawIntBits(value));
  }

  public void write(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
