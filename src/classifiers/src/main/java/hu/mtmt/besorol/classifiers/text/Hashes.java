package hu.mtmt.besorol.classifiers.text;

/** The 64-bit hashes by which words and n-grams are known. They stand in packages: never change. */
public final class Hashes {
  private Hashes() {}

  /** Of characters: FNV-1a over the UTF-16 code units, mixed. */
  public static long of(char[] characters, int start, int length) {
    long hash = 0xCBF29CE484222325L;
    for (int i = start; i < start + length; i++) {
      hash = append(hash, characters[i]);
    }
    return mix(hash);
  }

  /** A step of FNV-1a: of characters and one more, not mixed. */
  static long append(long before, char next) {
    return (before ^ next) * 0x100000001B3L;
  }

  /**
   * Of a sequence, from the hash of what is before ({@code 0} for nothing) and the next element.
   */
  public static long join(long before, long next) {
    return mix(before * 31 + next);
  }

  /**
   * The finalizer of SplitMix64 (Steele, Lea and Flood 2014): every bit of the result depends on
   * every bit.
   */
  public static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
