package hu.mtmt.besorol.classifiers.text;

import com.carrotsearch.hppc.LongIntHashMap;
import com.carrotsearch.hppc.cursors.LongIntCursor;
import hu.mtmt.besorol.classifiers.Packed;
import hu.mtmt.besorol.contract.TextFeatures;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * In how many documents each n-gram occurs, and which n-grams become features by that. N-grams are
 * divided by hash into shards, each with its lock, so that threads seldom meet. An n-gram gets a
 * provisional number when it is first seen, which depends on which thread came first; the numbers
 * of features do not.
 */
final class NgramCounts {
  static final int SHARDS = 64;
  private static final int LOCAL_BITS = Integer.SIZE - Integer.numberOfTrailingZeros(SHARDS);

  private final Shard[] shards =
      IntStream.range(0, SHARDS).mapToObj(s -> new Shard()).toArray(Shard[]::new);

  /** The n-grams of a part of the hashes; their numbers count up from 0. */
  private static final class Shard {
    LongIntHashMap numbers = new LongIntHashMap();
    int[] frequencies = new int[64];
    byte[] spaces = new byte[64];

    int count(long hash, byte space, int documents) {
      int index = numbers.indexOf(hash);
      if (numbers.indexExists(index)) {
        int number = numbers.indexGet(index);
        frequencies[number] += documents;
        return number;
      }
      int number = numbers.size();
      if (number >>> LOCAL_BITS != 0) {
        throw new IllegalStateException("more than 4 billion n-grams");
      }
      numbers.indexInsert(index, hash, number);
      if (number == frequencies.length) {
        frequencies = Arrays.copyOf(frequencies, number + number / 2);
        spaces = Arrays.copyOf(spaces, frequencies.length);
      }
      frequencies[number] = documents;
      spaces[number] = space;
      return number;
    }
  }

  /** The shard of a hash. */
  static int shard(long hash) {
    // hash tables use the other bits; the highest are the first place in the vocabulary
    return (int) hash >>> LOCAL_BITS;
  }

  /**
   * Counts n-grams of a shard, each of one document.
   *
   * @param hashes the n-grams
   * @param spaces their spaces
   * @param size how many
   * @param numbers gets their numbers
   */
  void count(int shard, long[] hashes, byte[] spaces, int size, int[] numbers) {
    var counted = shards[shard];
    int high = shard << LOCAL_BITS;
    synchronized (counted) {
      for (int i = 0; i < size; i++) {
        numbers[i] = high | counted.count(hashes[i], spaces[i], 1);
      }
    }
  }

  /** Writes all counts, whichever thread came first, in the same order. */
  void write(DataOutputStream out) throws IOException {
    for (var shard : shards) {
      var hashes = shard.numbers.keys().toArray();
      Arrays.sort(hashes);
      var frequencies = new int[hashes.length];
      var spaces = new byte[hashes.length];
      for (int i = 0; i < hashes.length; i++) {
        int number = shard.numbers.get(hashes[i]);
        frequencies[i] = shard.frequencies[number];
        spaces[i] = shard.spaces[number];
      }
      Packed.write(out, hashes);
      Packed.write(out, frequencies);
      Packed.write(out, spaces);
    }
  }

  /** Adds the counts of other documents, which {@link #write} wrote. */
  void add(DataInputStream in) throws IOException {
    for (var shard : shards) {
      var hashes = Packed.longs(in);
      var frequencies = Packed.ints(in);
      var spaces = Packed.bytes(in);
      for (int i = 0; i < hashes.length; i++) {
        shard.count(hashes[i], spaces[i], frequencies[i]);
      }
    }
  }

  /**
   * Chooses the n-grams that become features; afterwards {@link #feature} tells which they are.
   * Features are numbered by falling frequency, so that what is used most lies together in memory,
   * and by hash where that is equal. Features that are buckets of hashes have the bucket's number.
   *
   * @param features says which
   * @param documents how many documents were counted
   */
  Vocabulary select(TextFeatures features, int documents) {
    int most = (int) Math.floor(features.maximumDocumentShareValue() * documents);
    int fewest = features.minimumDocuments();
    var vocabulary =
        features.hashing() == null
            ? vocabulary(fewest, most, features.maximumFeatures(), documents)
            : buckets(fewest, most, features.hashing().bits(), documents);
    for (var shard : shards) {
      number(shard, vocabulary);
    }
    return vocabulary;
  }

  private Vocabulary buckets(int fewest, int most, int bits, int documents) {
    var idfs = new float[1 << bits];
    for (var shard : shards) {
      for (LongIntCursor bucket : shard.numbers) {
        int frequency = shard.frequencies[bucket.value];
        if (frequency >= fewest && frequency <= most) {
          idfs[Vocabulary.bucketOfHash(bucket.key, bits)] = Weighting.idf(frequency, documents);
        }
      }
    }
    return Vocabulary.ofBuckets(idfs);
  }

  private Vocabulary vocabulary(int fewest, int most, int largest, int documents) {
    // how many n-grams have each frequency, and then where these begin among the features
    var places = new long[documents + 2];
    for (var shard : shards) {
      for (int n = 0; n < shard.numbers.size(); n++) {
        places[shard.frequencies[n]]++;
      }
    }
    long selected = 0;
    for (int f = documents; f >= 0; f--) {
      long ngrams = f >= fewest && f <= most && selected < largest ? places[f] : 0;
      places[f] = ngrams == 0 ? -1 : selected;
      selected += ngrams;
    }
    var hashes = new long[Math.toIntExact(selected)];
    var frequencies = new int[hashes.length];
    for (var shard : shards) {
      for (LongIntCursor ngram : shard.numbers) {
        int frequency = shard.frequencies[ngram.value];
        if (places[frequency] >= 0) {
          int place = (int) places[frequency]++;
          hashes[place] = ngram.key;
          frequencies[place] = frequency;
        }
      }
    }
    sortEqualFrequencies(hashes, frequencies);
    int size = Math.min(hashes.length, largest);
    var idfs = new float[size];
    for (int f = 0; f < size; f++) {
      idfs[f] = Weighting.idf(frequencies[f], documents);
    }
    return Vocabulary.of(Arrays.copyOf(hashes, size), idfs);
  }

  private static void sortEqualFrequencies(long[] hashes, int[] frequencies) {
    for (int from = 0; from < hashes.length; ) {
      int to = from + 1;
      while (to < hashes.length && frequencies[to] == frequencies[from]) {
        to++;
      }
      Arrays.sort(hashes, from, to);
      from = to;
    }
  }

  /** Replaces the frequencies by features: their memory is needed no longer. */
  private static void number(Shard shard, Vocabulary vocabulary) {
    for (LongIntCursor ngram : shard.numbers) {
      shard.frequencies[ngram.value] = vocabulary.feature(ngram.key);
    }
    shard.numbers = null;
  }

  /** The feature that an n-gram became, or -1. */
  int feature(int number) {
    return shards[number >>> LOCAL_BITS].frequencies[number & (1 << LOCAL_BITS) - 1];
  }

  /** The space of an n-gram. */
  byte space(int number) {
    return shards[number >>> LOCAL_BITS].spaces[number & (1 << LOCAL_BITS) - 1];
  }
}
