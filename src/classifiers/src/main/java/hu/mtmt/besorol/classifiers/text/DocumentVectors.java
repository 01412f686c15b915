package hu.mtmt.besorol.classifiers.text;

import hu.mtmt.besorol.classifiers.BatchedWork;
import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.contract.TextFeatures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/**
 * The vectors of many documents with their labels, as compressed rows in blocks of {@value
 * BatchedWork#BATCH} documents: no array grows with the number of documents. Entries of a row are
 * sorted by feature, the commonest first.
 */
public final class DocumentVectors {
  private final List<Block> blocks;
  private final int size;
  private final int features;

  private DocumentVectors(List<Block> blocks, int features) {
    this.blocks = List.copyOf(blocks);
    this.size = blocks.stream().mapToInt(Block::size).sum();
    this.features = features;
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
  }

  /**
   * The vectors of all documents.
   *
   * @param turned told after every batch how many documents are done
   */
  public static DocumentVectors of(
      Stream<Example> examples,
      TextFeatures features,
      String defaultLanguage,
      Vocabulary vocabulary,
      int threads,
      IntConsumer turned) {
    var blocks = Collections.synchronizedList(new ArrayList<Block>());
    var done = new AtomicInteger();
    BatchedWork.run(
        examples,
        threads,
        () -> new Vectorizer(features, defaultLanguage, vocabulary),
        (vectorizer, number, batch) -> {
          var block = block(vectorizer, batch);
          synchronized (blocks) {
            while (blocks.size() <= number) {
              blocks.add(null);
            }
            blocks.set(number, block);
          }
          turned.accept(done.addAndGet(batch.size()));
        });
    return new DocumentVectors(blocks, vocabulary.size());
  }

  private static Block block(Vectorizer vectorizer, List<Example> batch) {
    var starts = new int[batch.size() + 1];
    var labels = new int[batch.size()][];
    var indices = new int[256 * batch.size()];
    var values = new float[indices.length];
    int end = 0;
    for (int d = 0; d < batch.size(); d++) {
      var vector = vectorizer.vector(batch.get(d).document());
      if (indices.length < end + vector.size()) {
        indices = Arrays.copyOf(indices, 2 * (end + vector.size()));
        values = Arrays.copyOf(values, indices.length);
      }
      var sorted = new long[vector.size()];
      for (int i = 0; i < sorted.length; i++) {
        sorted[i] =
            ((long) vector.index(i) << Integer.SIZE)
                | Float.floatToRawIntBits(vector.value(i)) & 0xFFFFFFFFL;
      }
      Arrays.sort(sorted);
      for (long entry : sorted) {
        indices[end] = (int) (entry >>> Integer.SIZE);
        values[end++] = Float.intBitsToFloat((int) entry);
      }
      starts[d + 1] = end;
      labels[d] = batch.get(d).labels();
    }
    return new Block(starts, Arrays.copyOf(indices, end), Arrays.copyOf(values, end), labels);
  }

  /** The blocks; all but the last have {@value BatchedWork#BATCH} documents. */
  public List<Block> blocks() {
    return blocks;
  }

  /** The block that holds a document. */
  public Block blockOf(int document) {
    return blocks.get(document / BatchedWork.BATCH);
  }

  /** The row of a document in its block. */
  public int rowOf(int document) {
    return document % BatchedWork.BATCH;
  }

  /** How many documents there are. */
  public int size() {
    return size;
  }

  /** How many features there are. */
  public int features() {
    return features;
  }
}
