package hu.mtmt.besorol.classifiers.text;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The n-grams that a classifier knows: a hash table from the hash of an n-gram to the number of its
 * feature and its inverse document frequency. It is used as it lies in the file, memory-mapped, so
 * opening it costs nothing and pods on one node share its pages.
 *
 * <p>File: little-endian; 8 bytes magic, int32 number of features, int32 binary logarithm of the
 * number of slots; then the slots of 16 bytes: int64 hash, int32 feature + 1 (0 marks an empty
 * slot), float32 idf. A hash is looked for from slot (hash mod slots) on, by linear probing.
 */
public final class Vocabulary {
  /** The file's name in a package. */
  public static final String FILE = "vocabulary.bin";

  private static final long MAGIC = 0x3130434F56534542L; // "BESVOC01" as little-endian bytes
  private static final int HEADER = 16;
  private static final int SLOT = 16;

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment table;
  private final int features;
  private final long mask;

  private Vocabulary(MemorySegment table) {
    this.table = table;
    this.features = table.get(INT, 8);
    this.mask = (1L << table.get(INT, 12)) - 1;
  }

  /**
   * The vocabulary of these n-grams.
   *
   * @param hashes of the n-grams, all different, by feature number
   * @param idfs their inverse document frequencies
   */
  static Vocabulary of(long[] hashes, float[] idfs) {
    int log = 64 - Long.numberOfLeadingZeros(Math.max(1, hashes.length) * 3L / 2);
    long slots = 1L << log;
    var table = Arena.ofAuto().allocate(HEADER + slots * SLOT, 8);
    table.set(LONG, 0, MAGIC);
    table.set(INT, 8, hashes.length);
    table.set(INT, 12, log);
    for (int f = 0; f < hashes.length; f++) {
      long slot = hashes[f] & (slots - 1);
      while (table.get(INT, HEADER + slot * SLOT + 8) != 0) {
        slot = (slot + 1) & (slots - 1);
      }
      long at = HEADER + slot * SLOT;
      table.set(LONG, at, hashes[f]);
      table.set(INT, at + 8, f + 1);
      table.set(FLOAT, at + 12, idfs[f]);
    }
    return new Vocabulary(table);
  }

  /**
   * Maps a vocabulary into memory.
   *
   * @throws IOException if the file cannot be read or is none
   */
  public static Vocabulary map(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < HEADER) {
        throw new IOException("not a vocabulary: only " + size + " bytes");
      }
      var table = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, Arena.ofAuto());
      int log = table.get(INT, 12);
      if (table.get(LONG, 0) != MAGIC
          || log < 0
          || log > 40
          || size != HEADER + ((long) SLOT << log)) {
        throw new IOException("not a vocabulary of this format");
      }
      return new Vocabulary(table);
    }
  }

  /** Writes the vocabulary to a new file. */
  public void write(Path file) throws IOException {
    try (var channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      try (var arena = Arena.ofConfined()) {
        channel
            .map(FileChannel.MapMode.READ_WRITE, 0, table.byteSize(), arena)
            .copyFrom(table)
            .force();
      }
    }
  }

  /** How many features there are. */
  public int size() {
    return features;
  }

  /** Where the slot of an n-gram begins, in bytes, or -1 if it is not known. */
  long find(long hash) {
    long slot = hash & mask;
    for (long tried = 0; tried <= mask; tried++, slot = (slot + 1) & mask) {
      long at = HEADER + slot * SLOT;
      if (table.get(INT, at + 8) == 0) {
        return -1;
      }
      if (table.get(LONG, at) == hash) {
        return at;
      }
    }
    return -1; // no slot is empty: nothing that this program writes
  }

  /** Feature number of a found slot. */
  int feature(long slot) {
    return table.get(INT, slot + 8) - 1;
  }

  /** Inverse document frequency of a found slot. */
  float idf(long slot) {
    return table.get(FLOAT, slot + 12);
  }
}
