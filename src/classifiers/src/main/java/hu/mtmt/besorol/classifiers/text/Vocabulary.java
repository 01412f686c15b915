package hu.mtmt.besorol.classifiers.text;

import static hu.mtmt.besorol.classifiers.MappedFile.FLOAT;
import static hu.mtmt.besorol.classifiers.MappedFile.INT;
import static hu.mtmt.besorol.classifiers.MappedFile.LONG;

import hu.mtmt.besorol.classifiers.MappedFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The n-grams that a classifier knows: a hash table from the hash of an n-gram to the number of its
 * feature, and the inverse document frequency of each feature. It is used as it lies in the file,
 * memory-mapped, so opening it costs nothing and pods on one node share its pages.
 *
 * <p>File: little-endian; 8 bytes magic, int32 number of features, int32 number of slots; a float32
 * idf for each feature; then the slots of 8 bytes: int32 lower half of the hash, int32 feature + 1
 * (0 marks an empty slot). A hash is looked for from slot ⌊hash · slots / 2⁶⁴⌋ on (hash unsigned),
 * by linear probing. So only the place and 32 bits of a hash are kept: an n-gram that is not known
 * is taken for one that is with a probability of about 10⁻⁹.
 *
 * <p>Where features are buckets of hashes there are no slots: the hash tells the feature, and an
 * idf of 0 says that the bucket is none.
 */
public final class Vocabulary {
  /** The file's name in a package. */
  public static final String FILE = "vocabulary.bin";

  private static final long MAGIC = 0x3130434F56534542L; // "BESVOC01" as little-endian bytes
  private static final int HEADER = 16;
  private static final int SLOT = 8;

  private final MemorySegment file;
  private final int features;
  private final int slots;
  private final long firstSlot;

  /** Bits of a bucket's number, if features are buckets. */
  private final int bucketBits;

  private Vocabulary(MemorySegment file) {
    this.file = file;
    this.features = file.get(INT, 8);
    this.slots = file.get(INT, 12);
    this.firstSlot = firstSlot(features);
    this.bucketBits = Integer.numberOfTrailingZeros(features);
  }

  /** Slots begin at a multiple of their size. */
  private static long firstSlot(int features) {
    return HEADER + (features + 1L) / 2 * SLOT;
  }

  /**
   * The vocabulary of these n-grams.
   *
   * @param hashes of the n-grams, all different, by feature number
   * @param idfs their inverse document frequencies
   */
  static Vocabulary of(long[] hashes, float[] idfs) {
    int slots = Math.toIntExact(hashes.length * 3L / 2 + 1);
    long size = firstSlot(hashes.length) + (long) slots * SLOT;
    var file = Arena.ofAuto().allocate(size, SLOT);
    file.set(LONG, 0, MAGIC);
    file.set(INT, 8, hashes.length);
    file.set(INT, 12, slots);
    var vocabulary = new Vocabulary(file);
    for (int f = 0; f < hashes.length; f++) {
      file.set(FLOAT, HEADER + 4L * f, idfs[f]);
      long at = vocabulary.firstPlace(hashes[f]);
      while (file.get(INT, at + 4) != 0) {
        at = vocabulary.nextPlace(at);
      }
      file.set(INT, at, (int) hashes[f]);
      file.set(INT, at + 4, f + 1);
    }
    return vocabulary;
  }

  /**
   * Features that are buckets of hashes.
   *
   * @param idfs by bucket, 0 for a bucket that is no feature; their number is a power of two
   */
  static Vocabulary ofBuckets(float[] idfs) {
    var file = Arena.ofAuto().allocate(firstSlot(idfs.length), SLOT);
    file.set(LONG, 0, MAGIC);
    file.set(INT, 8, idfs.length);
    MemorySegment.copy(idfs, 0, file, FLOAT, HEADER, idfs.length);
    return new Vocabulary(file);
  }

  /** The hash by which a bucket is known; its highest bits of the lower half are the number. */
  static long hashOfBucket(int bucket, int bits) {
    return (long) bucket << Integer.SIZE - bits;
  }

  /** The inverse of {@link #hashOfBucket}. */
  static int bucketOfHash(long hash, int bits) {
    return (int) hash >>> Integer.SIZE - bits;
  }

  /**
   * Maps a vocabulary into memory.
   *
   * @throws IOException if the file cannot be read or is none
   */
  public static Vocabulary map(Path file) throws IOException {
    var segment = MappedFile.map(file, MAGIC, HEADER, "a vocabulary");
    var vocabulary = new Vocabulary(segment);
    if (vocabulary.features < 0
        || (vocabulary.slots == 0
            ? Integer.bitCount(vocabulary.features) != 1
            : vocabulary.slots <= vocabulary.features)
        || vocabulary.firstSlot + (long) SLOT * vocabulary.slots != segment.byteSize()) {
      throw new IOException("a vocabulary whose header does not fit its size");
    }
    return vocabulary;
  }

  /** Writes the vocabulary to a new file. */
  public void write(Path path) throws IOException {
    // not through a mapping: where the disk is full that ends the process
    try (var channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long at = 0; at < file.byteSize(); ) {
        long length = Math.min(file.byteSize() - at, 1 << 24);
        at += channel.write(file.asSlice(at, length).asByteBuffer());
      }
    }
  }

  /** How many features there are. */
  public int size() {
    return features;
  }

  /** The feature of an n-gram, or -1 if it is not known. */
  int feature(long hash) {
    if (slots == 0) {
      int bucket = bucketOfHash(hash, bucketBits);
      return idf(bucket) > 0 ? bucket : -1;
    }
    int tag = (int) hash;
    for (long at = firstPlace(hash); ; at = nextPlace(at)) {
      int feature = file.get(INT, at + 4) - 1;
      if (feature < 0 || file.get(INT, at) == tag) {
        return feature;
      }
    }
  }

  private long firstPlace(long hash) {
    return firstSlot + SLOT * Math.unsignedMultiplyHigh(hash, slots);
  }

  private long nextPlace(long at) {
    long next = at + SLOT;
    return next == file.byteSize() ? firstSlot : next;
  }

  /** Inverse document frequency of a feature. */
  float idf(int feature) {
    return file.get(FLOAT, HEADER + 4L * feature);
  }
}
