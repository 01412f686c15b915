package hu.mtmt.besorol.corpus;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * MinHash signatures (Broder 1997) cut into bands for locality-sensitive hashing, as in Leskovec,
 * Rajaraman and Ullman, <i>Mining of Massive Datasets</i>, §3.4: with {@value #BANDS} bands of
 * {@value #ROWS} rows, two sets of Jaccard similarity s agree in at least one band with probability
 * 1 − (1 − s⁵)²⁰, which is 0.9996 for s = 0.8 and 0.0064 for s = 0.2. Not thread-safe: a buffer is
 * used again.
 */
final class MinHash {
  static final int BANDS = 20;
  static final int ROWS = 5;

  /** The k-th permutation of the 32-bit numbers is x → FACTORS[k]·x + TERMS[k], FACTORS[k] odd. */
  private static final int[] FACTORS = new int[BANDS * ROWS];

  private static final int[] TERMS = new int[BANDS * ROWS];

  static {
    var random = new SplittableRandom(0);
    for (int k = 0; k < FACTORS.length; k++) {
      FACTORS[k] = random.nextInt() | 1;
      TERMS[k] = random.nextInt();
    }
  }

  private final int[] signature = new int[BANDS * ROWS];

  /** The smallest element under each permutation; valid until the next call. */
  int[] signature(int[] set) {
    Arrays.fill(signature, Integer.MAX_VALUE);
    for (int element : set) {
      for (int k = 0; k < signature.length; k++) {
        signature[k] = Math.min(signature[k], FACTORS[k] * element + TERMS[k]);
      }
    }
    return signature;
  }

  /** A hash of each band of the signature. */
  int[] bands(int[] set) {
    signature(set);
    var bands = new int[BANDS];
    for (int band = 0; band < BANDS; band++) {
      long hash = band + 1;
      for (int row = 0; row < ROWS; row++) {
        hash = Fingerprint.mix(hash ^ signature[band * ROWS + row]);
      }
      bands[band] = (int) (hash >>> 32);
    }
    return bands;
  }
}
