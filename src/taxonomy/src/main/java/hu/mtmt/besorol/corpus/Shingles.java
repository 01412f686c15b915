package hu.mtmt.besorol.corpus;

import java.text.Normalizer;
import java.util.Arrays;

/**
 * The shingles of a document: hashes of every {@value #WORDS} words in a row of title and abstract,
 * after Broder, <i>On the resemblance and containment of documents</i> (1997). Words are letters
 * and digits, case folded and without accents; an ideograph is a word of its own. A shorter text is
 * one shingle. Not thread-safe: buffers are used again.
 */
final class Shingles {
  /** How many words a shingle has. */
  static final int WORDS = 3;

  private int[] hashes = new int[256];
  private int size;
  private long beforeLast;
  private long last;
  private long word;
  private int words;

  /** Ascending, each once; empty without text. */
  int[] of(Document document) {
    size = 0;
    words = 0;
    beforeLast = 0;
    last = 0;
    add(document.title());
    add(document.abstractText());
    if (words > 0 && words < WORDS) {
      add(shingle(beforeLast, last));
    }
    return distinct();
  }

  private void add(String text) {
    if (text == null) {
      return;
    }
    var normal = Normalizer.normalize(text, Normalizer.Form.NFKD);
    word = 0;
    for (int i = 0; i < normal.length(); i++) {
      char c = normal.charAt(i);
      char folded = Fingerprint.fold(c);
      if (folded == 0) {
        // A combining accent, which the decomposition left behind its letter, ends no word.
        if (Character.getType(c) != Character.NON_SPACING_MARK) {
          endWord();
        }
      } else if (Character.isIdeographic(c)) {
        endWord();
        letter(folded);
        endWord();
      } else {
        letter(folded);
      }
    }
    endWord();
  }

  private void letter(char folded) {
    word = (word ^ folded) * 0x9e3779b97f4a7c15L;
    word ^= word >>> 32;
  }

  private void endWord() {
    if (word == 0) {
      return;
    }
    words++;
    if (words >= WORDS) {
      add(shingle(shingle(beforeLast, last), word));
    }
    beforeLast = last;
    last = word;
    word = 0;
  }

  private static long shingle(long before, long next) {
    return Fingerprint.mix(before * 31 + next);
  }

  private void add(long hash) {
    if (size == hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * size);
    }
    hashes[size++] = (int) (hash >>> 32);
  }

  private int[] distinct() {
    Arrays.sort(hashes, 0, size);
    int count = 0;
    for (int i = 0; i < size; i++) {
      if (i == 0 || hashes[i] != hashes[i - 1]) {
        hashes[count++] = hashes[i];
      }
    }
    return Arrays.copyOf(hashes, count);
  }

  /** |A ∩ B| / |A ∪ B| of two sets, each ascending; 0 if both are empty. */
  static double jaccard(int[] a, int[] b) {
    int common = 0;
    for (int i = 0, j = 0; i < a.length && j < b.length; ) {
      if (a[i] == b[j]) {
        common++;
        i++;
        j++;
      } else if (a[i] < b[j]) {
        i++;
      } else {
        j++;
      }
    }
    int union = a.length + b.length - common;
    return union == 0 ? 0 : (double) common / union;
  }
}
