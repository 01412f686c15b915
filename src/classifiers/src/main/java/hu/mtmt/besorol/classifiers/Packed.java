package hu.mtmt.besorol.classifiers;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Arrays on their way between processes, each behind its length. */
public final class Packed {
  private Packed() {}

  public static void write(DataOutputStream out, long[] values) throws IOException {
    var bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Long.BYTES));
    bytes.asLongBuffer().put(values);
    write(out, values.length, bytes);
  }

  public static void write(DataOutputStream out, int[] values) throws IOException {
    var bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Integer.BYTES));
    bytes.asIntBuffer().put(values);
    write(out, values.length, bytes);
  }

  public static void write(DataOutputStream out, float[] values) throws IOException {
    var bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES));
    bytes.asFloatBuffer().put(values);
    write(out, values.length, bytes);
  }

  public static void write(DataOutputStream out, byte[] values) throws IOException {
    write(out, values.length, ByteBuffer.wrap(values));
  }

  private static void write(DataOutputStream out, int length, ByteBuffer bytes) throws IOException {
    out.writeInt(length);
    out.write(bytes.array());
  }

  public static long[] longs(DataInputStream in) throws IOException {
    var values = new long[in.readInt()];
    bytes(in, values.length, Long.BYTES).asLongBuffer().get(values);
    return values;
  }

  public static int[] ints(DataInputStream in) throws IOException {
    var values = new int[in.readInt()];
    bytes(in, values.length, Integer.BYTES).asIntBuffer().get(values);
    return values;
  }

  public static float[] floats(DataInputStream in) throws IOException {
    var values = new float[in.readInt()];
    bytes(in, values.length, Float.BYTES).asFloatBuffer().get(values);
    return values;
  }

  public static byte[] bytes(DataInputStream in) throws IOException {
    return bytes(in, in.readInt(), Byte.BYTES).array();
  }

  private static ByteBuffer bytes(DataInputStream in, int length, int size) throws IOException {
    var bytes = new byte[Math.multiplyExact(length, size)];
    in.readFully(bytes);
    return ByteBuffer.wrap(bytes);
  }
}
