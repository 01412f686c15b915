package hu.mtmt.besorol.classifiers.text;

import com.carrotsearch.hppc.LongIntHashMap;
import com.carrotsearch.hppc.cursors.LongIntCursor;
import hu.mtmt.besorol.classifiers.BatchedWork;
import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.contract.TextFeatures;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * In how many documents each n-gram occurs, and which n-grams become features by that. Counting is
 * divided by hash into shards, each with its lock, so that threads seldom meet; sums do not depend
 * on the order, so the result does not either.
 */
final class DocumentFrequencies {
  private static final int SHARDS = 64;

  private final LongIntHashMap[] shards =
      IntStream.range(0, SHARDS).mapToObj(s -> new LongIntHashMap()).toArray(LongIntHashMap[]::new);
  private final AtomicInteger documents = new AtomicInteger();

  /**
   * Counts the n-grams of all documents.
   *
   * @param counted told after every batch how many documents are counted
   */
  static DocumentFrequencies count(
      Stream<Example> examples,
      TextFeatures features,
      String defaultLanguage,
      int threads,
      IntConsumer counted) {
    var frequencies = new DocumentFrequencies();
    BatchedWork.run(
        examples,
        threads,
        () -> new BatchCounter(new NgramExtractor(features, defaultLanguage)),
        (counter, number, batch) -> {
          frequencies.add(counter, batch);
          counted.accept(frequencies.documents.get());
        });
    return frequencies;
  }

  private void add(BatchCounter counter, List<Example> batch) {
    counter.count(batch);
    for (int s = 0; s < SHARDS; s++) {
      var shard = shards[s];
      synchronized (shard) {
        for (int i = 0; i < counter.sizes[s]; i++) {
          shard.addTo(counter.hashes[s][i], 1);
        }
      }
    }
    documents.addAndGet(batch.size());
  }

  /** The shard of a hash: its highest bits, as hash tables use the lowest. */
  private static int shard(long hash) {
    return (int) (hash >>> (Long.SIZE - Integer.numberOfTrailingZeros(SHARDS)));
  }

  /**
   * The n-grams that become features, those of most documents first: then what is used most lies
   * together in memory.
   *
   * @param features says which
   */
  Vocabulary select(TextFeatures features) {
    int most = (int) Math.floor(features.maximumDocumentShareValue() * documents.get());
    int fewest = leastFrequency(features, most);
    record Ngram(long hash, int frequency) {}
    var selected =
        Arrays.stream(shards)
            .flatMap(
                shard -> {
                  var ngrams = Stream.<Ngram>builder();
                  for (LongIntCursor c : shard) {
                    if (c.value >= fewest && c.value <= most) {
                      ngrams.add(new Ngram(c.key, c.value));
                    }
                  }
                  return ngrams.build();
                })
            .sorted(
                Comparator.comparingInt(Ngram::frequency).reversed().thenComparingLong(Ngram::hash))
            .limit(features.maximumFeatures())
            .toList();
    var hashes = selected.stream().mapToLong(Ngram::hash).toArray();
    var idfs = new float[hashes.length];
    for (int f = 0; f < idfs.length; f++) {
      idfs[f] =
          (float)
              (StrictMath.log((1.0 + documents.get()) / (1.0 + selected.get(f).frequency())) + 1);
    }
    return Vocabulary.of(hashes, idfs);
  }

  /**
   * The smallest frequency that lets no more than the largest number of features through, or a few
   * more of its own.
   */
  private int leastFrequency(TextFeatures features, int most) {
    var byFrequency = new long[1 << 16];
    for (var shard : shards) {
      for (LongIntCursor c : shard) {
        if (c.value <= most) {
          byFrequency[Math.min(c.value, byFrequency.length - 1)]++;
        }
      }
    }
    long kept = 0;
    for (int f = byFrequency.length - 1; f >= features.minimumDocuments(); f--) {
      kept += byFrequency[f];
      if (kept >= features.maximumFeatures()) {
        return f;
      }
    }
    return features.minimumDocuments();
  }

  int documents() {
    return documents.get();
  }

  /** The n-grams of a batch, by shard. */
  private static final class BatchCounter {
    private final NgramExtractor extractor;
    private final long[][] hashes = new long[SHARDS][1024];
    private final int[] sizes = new int[SHARDS];

    BatchCounter(NgramExtractor extractor) {
      this.extractor = extractor;
    }

    void count(List<Example> batch) {
      Arrays.fill(sizes, 0);
      for (var example : batch) {
        int ngrams = extractor.extract(example.document());
        for (int i = 0; i < ngrams; i++) {
          long hash = extractor.hash(i);
          int s = shard(hash);
          if (sizes[s] == hashes[s].length) {
            hashes[s] = Arrays.copyOf(hashes[s], 2 * sizes[s]);
          }
          hashes[s][sizes[s]++] = hash;
        }
      }
    }
  }
}
