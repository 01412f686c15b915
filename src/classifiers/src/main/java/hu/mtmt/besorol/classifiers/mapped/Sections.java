package hu.mtmt.besorol.classifiers.mapped;

import static hu.mtmt.besorol.classifiers.MappedFile.INT;
import static hu.mtmt.besorol.classifiers.MappedFile.LONG;

import hu.mtmt.besorol.classifiers.MappedFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** The sections of a file that {@link SectionWriter} wrote, memory-mapped, one after the other. */
public final class Sections {
  private static final ValueLayout.OfInt UNALIGNED_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final MemorySegment segment;
  private long position = Long.BYTES;

  private Sections(Path file, MemorySegment segment) {
    this.file = file;
    this.segment = segment;
  }

  /**
   * Maps a file into memory.
   *
   * @throws IOException if it cannot be read or begins otherwise
   */
  public static Sections map(Path file, long magic) throws IOException {
    var segment = MappedFile.map(file);
    if (segment.byteSize() < Long.BYTES || segment.get(LONG, 0) != magic) {
      throw new IOException(file.getFileName() + " is not a file of this format");
    }
    return new Sections(file, segment);
  }

  /** The next section. */
  public MemorySegment next() throws IOException {
    if (position + Long.BYTES > segment.byteSize()) {
      throw cutOff();
    }
    long length = segment.get(LONG, position);
    long start = position + Long.BYTES;
    if (length < 0 || length > segment.byteSize() - start) {
      throw cutOff();
    }
    position = start + (length + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
    return segment.asSlice(start, length);
  }

  private IOException cutOff() {
    return new IOException(file.getFileName() + " is cut off");
  }

  /** How many ints a section has. */
  public static int ints(MemorySegment section) {
    return (int) (section.byteSize() / Integer.BYTES);
  }

  public static int getInt(MemorySegment section, int i) {
    return section.getAtIndex(INT, i);
  }

  public static int getUnalignedInt(MemorySegment section, int offset) {
    return section.get(UNALIGNED_INT, offset);
  }

  public static long getLong(MemorySegment section, int i) {
    return section.getAtIndex(LONG, i);
  }

  public static float[] floats(MemorySegment section) {
    var floats = new float[ints(section)];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = Float.intBitsToFloat(getInt(section, i));
    }
    return floats;
  }
}
