package hu.mtmt.besorol.classifiers.text;

import com.carrotsearch.hppc.LongIntHashMap;
import hu.mtmt.besorol.contract.TextFeatures;
import hu.mtmt.besorol.contract.TextFeatures.Analysis;
import hu.mtmt.besorol.contract.TextFeatures.FieldName;
import hu.mtmt.besorol.contract.TextFeatures.NGrams;
import hu.mtmt.besorol.corpus.Document;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Counts the n-grams of a document. An n-gram is known by a 64-bit hash of its characters and its
 * space; among 20 million n-grams two share a hash with a probability of about 10⁻⁵, which a
 * classifier of text can bear.
 *
 * <p>Spaces: 0 is the one that all fields share, in which an occurrence counts the field's weight;
 * a field with a separate weight has one of its own. N-grams do not go across fields or keywords.
 *
 * <p>Not thread-safe: one for each thread, used again and again. The result of {@link #extract} is
 * read through the methods of this object and holds until the next call.
 */
final class NgramExtractor {
  private static final int SHARED_SPACE = 0;
  private static final long CHARACTERS =
      0x9E3779B97F4A7C15L; // tells "the" of words from "the" of characters

  private final List<TextFeatures.Field> fields;
  private final NGrams words;
  private final NGrams characters;
  private final float[] sharedWeights;
  private final boolean[] separate;
  private final TokenSource wordSource;
  private final TokenSource characterSource;

  private final LongIntHashMap positions = new LongIntHashMap(1024);
  private long[] hashes = new long[1024];
  private float[] counts = new float[1024];
  private byte[] spaces = new byte[1024];
  private int[] textStarts = new int[1024];
  private int[] textEnds = new int[1024];
  private int size;

  /** Every token of the document, each followed by a space: what {@link #text} cuts from. */
  private char[] text = new char[4096];

  private int textLength;

  /**
   * Hashes and starts of the newest tokens of the field, for n-grams of words; indexes are taken
   * modulo the length.
   */
  private final long[] recentHashes;

  private final int[] recentStarts;
  private int tokensInField;

  private char[] bounded = new char[64];
  private int ownSpace;

  NgramExtractor(TextFeatures features, String defaultLanguage) {
    this.fields = features.fields();
    this.sharedWeights = new float[fields.size()];
    this.separate = new boolean[fields.size()];
    for (int f = 0; f < fields.size(); f++) {
      sharedWeights[f] = (float) fields.get(f).weightValue();
      separate[f] = fields.get(f).separateWeightValue() > 0;
    }
    this.words = features.words();
    this.characters = features.characters();
    this.wordSource = new TokenSource(features.analysis(), defaultLanguage);
    this.characterSource =
        characters == null ? null : new TokenSource(Analysis.PLAIN, defaultLanguage);
    this.recentHashes = new long[words.maximum()];
    this.recentStarts = new int[words.maximum()];
  }

  /** How many spaces the vectors of these features have; space 0 is the shared one. */
  static int spaces(TextFeatures features) {
    return features.fields().size() + 1;
  }

  /** Reads a document; returns how many different n-grams it has. */
  int extract(Document document) {
    positions.clear();
    size = 0;
    textLength = 0;
    for (int f = 0; f < fields.size(); f++) {
      ownSpace = f + 1;
      for (var value : values(document, fields.get(f).name())) {
        if (value != null && !value.isBlank()) {
          tokensInField = 0;
          wordSource.tokens(value, document.language(), this::word);
          if (characters != null) {
            characterSource.tokens(value, document.language(), this::characterNgrams);
          }
        }
      }
    }
    return size;
  }

  private static List<String> values(Document document, FieldName name) {
    return switch (name) {
      case TITLE -> Arrays.asList(document.title());
      case ABSTRACT -> Arrays.asList(document.abstractText());
      case KEYWORDS -> document.keywords();
      case JOURNAL -> Arrays.asList(document.journal());
    };
  }

  /** Adds the n-grams of words that end with this token. */
  private void word(char[] token, int length) {
    int start = append(token, length);
    int slot = tokensInField % recentHashes.length;
    recentHashes[slot] = hash(token, 0, length);
    recentStarts[slot] = start;
    tokensInField++;
    long hash = 0;
    for (int n = 1; n <= words.maximum() && n <= tokensInField; n++) {
      int at = (tokensInField - n) % recentHashes.length;
      hash = mix(hash * 31 + recentHashes[at]);
      if (n >= words.minimum()) {
        add(hash, recentStarts[at], start + length);
      }
    }
  }

  /** Adds the n-grams of characters of this token, with a mark at its ends. */
  private void characterNgrams(char[] token, int length) {
    if (bounded.length < length + 2) {
      bounded = new char[2 * length + 2];
    }
    bounded[0] = '_';
    System.arraycopy(token, 0, bounded, 1, length);
    bounded[length + 1] = '_';
    int start = append(bounded, length + 2);
    for (int n = characters.minimum(); n <= characters.maximum(); n++) {
      for (int i = 0; i + n <= length + 2; i++) {
        add(mix(hash(bounded, i, n) ^ CHARACTERS), start + i, start + i + n);
      }
    }
  }

  private int append(char[] token, int length) {
    if (text.length < textLength + length + 1) {
      text = Arrays.copyOf(text, 2 * text.length + length);
    }
    int start = textLength;
    System.arraycopy(token, 0, text, start, length);
    text[start + length] = ' ';
    textLength = start + length + 1;
    return start;
  }

  private void add(long ngram, int textStart, int textEnd) {
    float weight = sharedWeights[ownSpace - 1];
    if (weight > 0) {
      add(mix(ngram), SHARED_SPACE, weight, textStart, textEnd);
    }
    if (separate[ownSpace - 1]) {
      add(mix(ngram + ownSpace * 0xD1B54A32D192ED03L), ownSpace, 1f, textStart, textEnd);
    }
  }

  private void add(long hash, int space, float weight, int textStart, int textEnd) {
    int index = positions.indexOf(hash);
    if (positions.indexExists(index)) {
      counts[positions.indexGet(index)] += weight;
      return;
    }
    positions.indexInsert(index, hash, size);
    if (size == hashes.length) {
      grow();
    }
    hashes[size] = hash;
    counts[size] = weight;
    spaces[size] = (byte) space;
    textStarts[size] = textStart;
    textEnds[size] = textEnd;
    size++;
  }

  private void grow() {
    int length = 2 * size;
    hashes = Arrays.copyOf(hashes, length);
    counts = Arrays.copyOf(counts, length);
    spaces = Arrays.copyOf(spaces, length);
    textStarts = Arrays.copyOf(textStarts, length);
    textEnds = Arrays.copyOf(textEnds, length);
  }

  /** FNV-1a over the UTF-16 code units. */
  private static long hash(char[] characters, int start, int length) {
    long hash = 0xCBF29CE484222325L;
    for (int i = start; i < start + length; i++) {
      hash = (hash ^ characters[i]) * 0x100000001B3L;
    }
    return mix(hash);
  }

  /**
   * The finalizer of SplitMix64 (Steele, Lea and Flood 2014): every bit of the result depends on
   * every bit.
   */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Hash of n-gram {@code i}; n-grams are in the order in which they first occur. */
  long hash(int i) {
    return hashes[i];
  }

  /** How often n-gram {@code i} occurs, weighted. */
  float count(int i) {
    return counts[i];
  }

  /** Space of n-gram {@code i}. */
  int space(int i) {
    return spaces[i];
  }

  /**
   * N-gram {@code i} for people: its tokens, after the name of the field if it is in a space of its
   * own.
   */
  String text(int i) {
    var ngram = new String(text, textStarts[i], textEnds[i] - textStarts[i]);
    return spaces[i] == SHARED_SPACE
        ? ngram
        : fields.get(spaces[i] - 1).name().name().toLowerCase(Locale.ROOT) + ":" + ngram;
  }
}
