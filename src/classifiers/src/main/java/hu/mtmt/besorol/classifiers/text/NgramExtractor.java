package hu.mtmt.besorol.classifiers.text;

import com.carrotsearch.hppc.LongIntHashMap;
import hu.mtmt.besorol.contract.TextFeatures;
import hu.mtmt.besorol.contract.TextFeatures.CharacterLanguages;
import hu.mtmt.besorol.contract.TextFeatures.Characters;
import hu.mtmt.besorol.contract.TextFeatures.FieldName;
import hu.mtmt.besorol.contract.TextFeatures.NGrams;
import hu.mtmt.besorol.corpus.Document;
import java.util.Arrays;
import java.util.List;

/**
 * Counts the n-grams of a document. An n-gram is known by a 64-bit hash of its characters and its
 * space; among 20 million n-grams two share a hash with a probability of about 10⁻⁵, which a
 * classifier of text can bear. With {@link TextFeatures.Hashing} it is known by the number of its
 * bucket only.
 *
 * <p>Spaces: 0 is the one that all fields share, in which an occurrence counts the field's weight;
 * a field with a separate weight has one of its own; the last is that of characters. N-grams do not
 * go across fields or keywords, but they do go across the stop words that were left out.
 *
 * <p>A document has at most {@value #MOST_NGRAMS} different n-grams: those that first occur behind
 * them are left out, so that memory is bounded whatever the text. A book has fewer words and pairs.
 *
 * <p>Not thread-safe: one for each thread, used again and again. The result of {@link #extract} is
 * read through the methods of this object and holds until the next call.
 */
final class NgramExtractor {
  private static final int SHARED_SPACE = 0;
  private static final int USUAL_SIZE = 1024;
  static final int MOST_NGRAMS = 1 << 18;

  /** Tells "the" of words from "the" of characters. */
  private static final long CHARACTERS = 0x9E3779B97F4A7C15L;

  private static final long SEPARATE = 0xD1B54A32D192ED03L;

  private final List<TextFeatures.Field> fields;
  private final NGrams words;
  private final Characters characters;
  private final float[] sharedWeights;
  private final boolean[] separate;
  private final int characterSpace;
  private final DocumentWords own;
  private final int bucketBits;

  /** The first bucket of each space; what is at its end is where the next space begins. */
  private final int[] firstBuckets;

  private LongIntHashMap positions = new LongIntHashMap(USUAL_SIZE);
  private long[] hashes = new long[USUAL_SIZE];
  private float[] counts = new float[USUAL_SIZE];
  private byte[] spaces = new byte[USUAL_SIZE];
  private int size;

  /** Hashes of the newest words of the field, the newest last. */
  private final long[] recent;

  private int wordsInField;
  private int field;
  private char[] bounded = new char[64];

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
    this.characterSpace = fields.size() + 1;
    this.own = new DocumentWords(features.analysis(), defaultLanguage);
    this.recent = new long[words.maximum()];
    this.bucketBits = features.hashing() == null ? 0 : features.hashing().bits();
    this.firstBuckets = bucketBits == 0 ? null : divide(1 << bucketBits, spaceWeights(features));
  }

  /** Divides buckets evenly among the spaces that are used. */
  private static int[] divide(int buckets, double[] weights) {
    int parts = (int) Arrays.stream(weights).filter(w -> w > 0).count();
    var first = new int[weights.length + 1];
    for (int s = 0; s < weights.length; s++) {
      first[s + 1] = first[s] + (weights[s] > 0 ? buckets / parts : 0);
    }
    return first;
  }

  /**
   * How much each space counts in the vectors of these features; 0 for a space without n-grams.
   * Space 0 is the shared one, then those of the fields, the last that of characters.
   */
  static double[] spaceWeights(TextFeatures features) {
    var fields = features.fields();
    var weights = new double[fields.size() + 2];
    for (int f = 0; f < fields.size(); f++) {
      weights[f + 1] = fields.get(f).separateWeightValue();
    }
    if (fields.stream().anyMatch(f -> f.weightValue() > 0)) {
      weights[SHARED_SPACE] = 1;
      if (features.characters().languages() != CharacterLanguages.NONE) {
        weights[weights.length - 1] = features.characters().weightValue();
      }
    }
    return weights;
  }

  /** Reads a document; returns how many different n-grams it has. */
  int extract(Document document) {
    return extract(words(document, null));
  }

  /** The words of a document, see {@link DocumentWords#of}. */
  DocumentWords words(Document document, DocumentWords before) {
    return own.of(document, document.language(), before);
  }

  /** The same for the words of a document. */
  int extract(DocumentWords read) {
    if (size > 32 * USUAL_SIZE) { // clearing takes as long as the largest document was
      positions = new LongIntHashMap(USUAL_SIZE);
      hashes = new long[USUAL_SIZE];
      counts = new float[USUAL_SIZE];
      spaces = new byte[USUAL_SIZE];
    } else {
      positions.clear();
    }
    size = 0;
    for (field = 0; field < fields.size(); field++) {
      if (sharedWeights[field] > 0 || separate[field]) {
        read(read, fields.get(field).name());
      }
    }
    return size;
  }

  private void read(DocumentWords read, FieldName name) {
    boolean counted = sharedWeights[field] > 0 && countsCharacters(read.language());
    for (int text = read.firstText(name); text < read.endText(name); text++) {
      wordsInField = 0;
      for (int word = read.firstWord(text); word < read.endWord(text); word++) {
        if (read.form(word) != 0) {
          addWords(read.form(word));
        }
        if (counted) {
          addCharacters(read.characters(), read.start(word), read.length(word));
        }
      }
    }
  }

  private boolean countsCharacters(String language) {
    return switch (characters.languages()) {
      case ALL -> true;
      case COMPOUNDING -> Languages.isCompounding(language);
      case NONE -> false;
    };
  }

  /** Adds the n-grams of words that end with this word. */
  private void addWords(long form) {
    System.arraycopy(recent, 1, recent, 0, recent.length - 1);
    recent[recent.length - 1] = form;
    wordsInField++;
    long hash = 0;
    for (int n = 1; n <= Math.min(recent.length, wordsInField); n++) {
      hash = Hashes.join(hash, recent[recent.length - n]);
      if (n >= words.minimum()) {
        add(hash);
      }
    }
  }

  /** Adds the n-grams of characters of this word in lower case, with a mark at its ends. */
  private void addCharacters(char[] text, int from, int length) {
    if (bounded.length < length + 2) {
      bounded = new char[2 * length + 2];
    }
    bounded[0] = '_';
    for (int i = 0; i < length; i++) {
      bounded[i + 1] = Character.toLowerCase(text[from + i]);
    }
    bounded[length + 1] = '_';
    int end = length + 2;
    for (int start = 0; start < end; start++) {
      long hash = CHARACTERS;
      int longest = Math.min(characters.maximum(), end - start);
      for (int n = 1; n <= longest; n++) {
        hash = Hashes.append(hash, bounded[start + n - 1]);
        if (n >= characters.minimum()) {
          add(Hashes.mix(hash), characterSpace, sharedWeights[field]);
        }
      }
    }
  }

  private void add(long ngram) {
    if (sharedWeights[field] > 0) {
      add(Hashes.mix(ngram), SHARED_SPACE, sharedWeights[field]);
    }
    if (separate[field]) {
      int space = field + 1;
      add(Hashes.mix(ngram + space * SEPARATE), space, 1);
    }
  }

  private void add(long hash, int space, float weight) {
    long key = bucketBits == 0 ? hash : bucket(hash, space);
    int index = positions.indexOf(key);
    if (positions.indexExists(index)) {
      counts[positions.indexGet(index)] += weight;
      return;
    }
    if (size == MOST_NGRAMS) {
      return;
    }
    positions.indexInsert(index, key, size);
    if (size == hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * size);
      counts = Arrays.copyOf(counts, 2 * size);
      spaces = Arrays.copyOf(spaces, 2 * size);
    }
    hashes[size] = key;
    counts[size] = weight;
    spaces[size] = (byte) space;
    size++;
  }

  private long bucket(long hash, int space) {
    int first = firstBuckets[space];
    long bucket = first + Math.unsignedMultiplyHigh(hash, firstBuckets[space + 1] - first);
    return Vocabulary.hashOfBucket((int) bucket, bucketBits);
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
}
