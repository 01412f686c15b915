package hu.mtmt.besorol.classifiers;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Numbers of files, the least byte first, and how such files are mapped into memory. */
public final class MappedFile {
  public static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  public static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  public static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Two neighbouring {@link #INT}, the first in the lower half. */
  public static final ValueLayout.OfLong PAIR =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private MappedFile() {}

  /**
   * Maps a file into memory.
   *
   * @param magic the first 8 bytes
   * @param header how many bytes there are at least
   * @param what it should be, for messages: "a vocabulary"
   * @throws IOException if it cannot be read, is shorter, or begins otherwise
   */
  public static MemorySegment map(Path file, long magic, int header, String what)
      throws IOException {
    var segment = map(file);
    if (segment.byteSize() < header) {
      throw new IOException("not %s: only %d bytes".formatted(what, segment.byteSize()));
    }
    if (segment.get(LONG, 0) != magic) {
      throw new IOException("not %s of this format".formatted(what));
    }
    return segment;
  }

  /** Maps any file into memory. */
  public static MemorySegment map(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
    }
  }
}
