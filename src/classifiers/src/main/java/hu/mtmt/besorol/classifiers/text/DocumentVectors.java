package hu.mtmt.besorol.classifiers.text;

import hu.mtmt.besorol.classifiers.BatchedWork;
import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.classifiers.Packed;
import hu.mtmt.besorol.classifiers.Team;
import hu.mtmt.besorol.contract.TextFeatures;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The vectors of many documents with their labels, as compressed rows in blocks of {@value
 * BatchedWork.DOCUMENTS} documents: no array grows with the number of documents. Entries of a row
 * are sorted by feature, the commonest first.
 */
public final class DocumentVectors implements LabelledVectors {
  private static final String COUNTS = "counts-";
  private static final String VECTORS = "vectors-";

  private final Block[] blocks;
  private final int size;
  private final Vocabulary vocabulary;

  /** The documents of a part of a whole, by their numbers in it; null for all. */
  private final int[] part;

  private DocumentVectors(Block[] blocks, Vocabulary vocabulary, int[] part) {
    this.blocks = blocks;
    this.size = part == null ? Arrays.stream(blocks).mapToInt(Block::size).sum() : part.length;
    this.vocabulary = vocabulary;
    this.part = part;
  }

  /**
   * A view of some of these documents, numbered anew.
   *
   * @param documents numbers of documents of the whole, ascending
   */
  public DocumentVectors part(int[] documents) {
    if (part != null) {
      throw new IllegalStateException("this is a part already");
    }
    return new DocumentVectors(blocks, vocabulary, documents.clone());
  }

  /**
   * A run of documents.
   *
   * @param starts where the rows begin in {@code indices} and {@code values}; one more than there
   *     are documents
   * @param indices features
   * @param values tf-idf
   * @param labels the labels of each document, ascending
   */
  public record Block(int[] starts, int[] indices, float[] values, int[][] labels) {
    /** How many documents there are. */
    public int size() {
      return labels.length;
    }

    private void write(DataOutputStream out) throws IOException {
      Packed.write(out, starts);
      Packed.write(out, indices);
      Packed.write(out, values);
      for (var ofDocument : labels) {
        Packed.write(out, ofDocument);
      }
    }

    private static Block read(DataInputStream in) throws IOException {
      var starts = Packed.ints(in);
      var indices = Packed.ints(in);
      var values = Packed.floats(in);
      var labels = new int[starts.length - 1][];
      for (int d = 0; d < labels.length; d++) {
        labels[d] = Packed.ints(in);
      }
      return new Block(starts, indices, values, labels);
    }
  }

  /**
   * Learns a vocabulary from documents and turns them into vectors. Each document is read and split
   * into words once: its n-grams are kept as provisional numbers until it is known which of them
   * become features.
   *
   * @param examples the documents; closed at the end
   * @param read told after every batch how many documents were read
   * @throws hu.mtmt.besorol.classifiers.CancelledException if {@code cancelled} says so
   */
  public static DocumentVectors learn(
      Stream<Example> examples,
      TextFeatures features,
      String defaultLanguage,
      int threads,
      BooleanSupplier cancelled,
      IntConsumer read) {
    return learn(examples, features, defaultLanguage, threads, cancelled, read, Team.ALONE);
  }

  /**
   * The same for a team, of which every process reads the blocks that are its turn: all get the
   * vocabulary and the vectors that one process would make of all documents.
   *
   * @param examples the documents of this process
   */
  public static DocumentVectors learn(
      Stream<Example> examples,
      TextFeatures features,
      String defaultLanguage,
      int threads,
      BooleanSupplier cancelled,
      IntConsumer read,
      Team team) {
    var counts = new NgramCounts();
    var blocks = Collections.synchronizedList(new ArrayList<Block>());
    var documents = new AtomicInteger();
    BatchedWork.run(
        examples,
        BatchedWork.DOCUMENTS,
        threads,
        cancelled,
        () -> new BatchReader(new NgramExtractor(features, defaultLanguage), counts),
        (reader, number, batch) -> {
          put(blocks, number, reader.read(batch));
          read.accept(documents.addAndGet(batch.size()));
        });
    int all = documents.get() + exchangeCounts(team, counts, documents.get());
    var vocabulary = counts.select(features, all);
    BatchedWork.run(
        IntStream.range(0, blocks.size()).boxed(),
        1,
        threads,
        cancelled,
        () -> new Weigher(new Weighting(features), counts, vocabulary),
        (weigher, number, batch) -> blocks.set(number, weigher.weigh(blocks.get(number))));
    return new DocumentVectors(exchangeBlocks(team, List.copyOf(blocks), all), vocabulary, null);
  }

  /**
   * Adds the counts of the others.
   *
   * @return how many documents the others have
   */
  private static int exchangeCounts(Team team, NgramCounts counts, int own) {
    team.give(
        COUNTS + team.rank(),
        out -> {
          out.writeInt(own);
          counts.write(out);
        });
    int others = 0;
    for (int rank = 0; rank < team.size(); rank++) {
      if (rank != team.rank()) {
        others +=
            team.take(
                COUNTS + rank,
                in -> {
                  int documents = in.readInt();
                  counts.add(in);
                  return documents;
                });
      }
    }
    return others;
  }

  /**
   * The blocks of all.
   *
   * @param own blocks of this process, in order
   * @param documents how many documents all have
   */
  private static Block[] exchangeBlocks(Team team, List<Block> own, int documents) {
    team.give(
        VECTORS + team.rank(),
        out -> {
          for (var block : own) {
            block.write(out);
          }
        });
    var blocks = new Block[Math.ceilDiv(documents, BatchedWork.DOCUMENTS)];
    for (int rank = 0; rank < team.size(); rank++) {
      int first = rank;
      if (rank == team.rank()) {
        for (int b = first; b < blocks.length; b += team.size()) {
          blocks[b] = own.get(b / team.size());
        }
      } else {
        team.take(
            VECTORS + rank,
            in -> {
              for (int b = first; b < blocks.length; b += team.size()) {
                blocks[b] = Block.read(in);
              }
              return first;
            });
      }
    }
    return blocks;
  }

  private static void put(List<Block> blocks, int number, Block block) {
    synchronized (blocks) {
      while (blocks.size() <= number) {
        blocks.add(null);
      }
      blocks.set(number, block);
    }
  }

  /** Reads documents into blocks whose indices are provisional numbers of n-grams. */
  private static final class BatchReader {
    private final NgramExtractor extractor;
    private final NgramCounts counts;
    private final ShardBuffer[] buffers = new ShardBuffer[NgramCounts.SHARDS];

    BatchReader(NgramExtractor extractor, NgramCounts counts) {
      this.extractor = extractor;
      this.counts = counts;
      Arrays.setAll(buffers, s -> new ShardBuffer());
    }

    /** The n-grams of a batch that fall into one shard, and where they stand in the block. */
    private static final class ShardBuffer {
      long[] hashes = new long[1024];
      byte[] spaces = new byte[1024];
      int[] places = new int[1024];
      int[] numbers = new int[1024];
      int size;

      void add(long hash, byte space, int place) {
        if (size == hashes.length) {
          hashes = Arrays.copyOf(hashes, 2 * size);
          spaces = Arrays.copyOf(spaces, 2 * size);
          places = Arrays.copyOf(places, 2 * size);
          numbers = new int[2 * size];
        }
        hashes[size] = hash;
        spaces[size] = space;
        places[size++] = place;
      }
    }

    Block read(List<Example> batch) {
      var starts = new int[batch.size() + 1];
      var labels = new int[batch.size()][];
      var values = new float[256 * batch.size()];
      int end = 0;
      for (int d = 0; d < batch.size(); d++) {
        int ngrams = extractor.extract(batch.get(d).document());
        if (values.length < end + ngrams) {
          values = Arrays.copyOf(values, 2 * (end + ngrams));
        }
        for (int i = 0; i < ngrams; i++) {
          long hash = extractor.hash(i);
          buffers[NgramCounts.shard(hash)].add(hash, (byte) extractor.space(i), end);
          values[end++] = Weighting.damped(extractor.count(i));
        }
        starts[d + 1] = end;
        labels[d] = batch.get(d).labels();
      }
      return new Block(starts, numbers(end), Arrays.copyOf(values, end), labels);
    }

    private int[] numbers(int size) {
      var numbers = new int[size];
      for (int s = 0; s < buffers.length; s++) {
        var buffer = buffers[s];
        counts.count(s, buffer.hashes, buffer.spaces, buffer.size, buffer.numbers);
        for (int i = 0; i < buffer.size; i++) {
          numbers[buffer.places[i]] = buffer.numbers[i];
        }
        buffer.size = 0;
      }
      return numbers;
    }
  }

  /** Turns provisional numbers and damped counts into features and tf-idf values. */
  private static final class Weigher {
    private final Weighting weighting;
    private final NgramCounts counts;
    private final Vocabulary vocabulary;
    private byte[] spaces = new byte[1024];
    private long[] sorted = new long[1024];

    Weigher(Weighting weighting, NgramCounts counts, Vocabulary vocabulary) {
      this.weighting = weighting;
      this.counts = counts;
      this.vocabulary = vocabulary;
    }

    Block weigh(Block block) {
      var starts = new int[block.starts().length];
      var indices = block.indices();
      var values = block.values();
      int end = 0;
      for (int d = 0; d < block.size(); d++) {
        int from = block.starts()[d];
        int to = block.starts()[d + 1];
        if (spaces.length < to - from) {
          spaces = new byte[2 * (to - from)];
          sorted = new long[2 * (to - from)];
        }
        int start = end;
        for (int i = from; i < to; i++) { // in place: end is never before i
          int feature = counts.feature(indices[i]);
          if (feature >= 0) {
            spaces[end - start] = counts.space(indices[i]);
            indices[end] = feature;
            values[end++] = values[i] * vocabulary.idf(feature);
          }
        }
        weighting.normalize(values, spaces, start, end);
        sort(indices, values, start, end);
        starts[d + 1] = end;
      }
      return new Block(
          starts, Arrays.copyOf(indices, end), Arrays.copyOf(values, end), block.labels());
    }

    private void sort(int[] indices, float[] values, int from, int to) {
      for (int i = from; i < to; i++) {
        sorted[i - from] =
            ((long) indices[i] << Integer.SIZE) | Float.floatToRawIntBits(values[i]) & 0xFFFFFFFFL;
      }
      Arrays.sort(sorted, 0, to - from);
      for (int i = from; i < to; i++) {
        indices[i] = (int) (sorted[i - from] >>> Integer.SIZE);
        values[i] = Float.intBitsToFloat((int) sorted[i - from]);
      }
    }
  }

  /** A number that other vectors or labels would hardly have too. */
  public long checksum() {
    long sum = part == null ? 0 : Arrays.hashCode(part);
    for (var block : blocks) {
      int hash = 31 * Arrays.hashCode(block.starts()) + Arrays.hashCode(block.indices());
      sum = Hashes.join(sum, hash);
      sum = Hashes.join(sum, Arrays.hashCode(block.values()));
      sum = Hashes.join(sum, Arrays.deepHashCode(block.labels()));
    }
    return sum;
  }

  /** How many documents each label has. */
  public int[] frequencies(int labels) {
    var frequencies = new int[labels];
    for (int d = 0; d < size; d++) {
      for (int label : labels(d)) {
        frequencies[label]++;
      }
    }
    return frequencies;
  }

  /** The documents that each label has, ascending. */
  public int[][] documentsByLabel(int labels) {
    var frequencies = frequencies(labels);
    var documents = new int[labels][];
    Arrays.setAll(documents, label -> new int[frequencies[label]]);
    var next = new int[labels];
    for (int d = 0; d < size; d++) {
      for (int label : labels(d)) {
        documents[label][next[label]++] = d;
      }
    }
    return documents;
  }

  @Override
  public int[] labels(int document) {
    return blockOf(document).labels()[rowOf(document)];
  }

  /** Makes {@code vector} the vector of a document. */
  public void copy(int document, SparseVector vector) {
    var block = blockOf(document);
    int row = rowOf(document);
    int from = block.starts()[row];
    int to = block.starts()[row + 1];
    vector.reset(to - from);
    for (int i = from; i < to; i++) {
      vector.add(block.indices()[i], block.values()[i]);
    }
  }

  /** How many entries the vectors of the whole have. */
  public long entries() {
    return Arrays.stream(blocks).mapToLong(b -> b.indices().length).sum();
  }

  /** The n-grams that became features. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public Block blockOf(int document) {
    return blocks[(part == null ? document : part[document]) / BatchedWork.DOCUMENTS];
  }

  @Override
  public int rowOf(int document) {
    return (part == null ? document : part[document]) % BatchedWork.DOCUMENTS;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int features() {
    return vocabulary.size();
  }
}
