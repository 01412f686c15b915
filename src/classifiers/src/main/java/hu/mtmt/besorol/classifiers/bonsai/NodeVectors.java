package hu.mtmt.besorol.classifiers.bonsai;

import hu.mtmt.besorol.classifiers.BatchedWork;
import hu.mtmt.besorol.classifiers.text.DocumentVectors;
import hu.mtmt.besorol.classifiers.text.DocumentVectors.Block;
import hu.mtmt.besorol.classifiers.text.LabelledVectors;
import java.util.Arrays;

/**
 * The documents of a node: those with a label below it, labelled with the outputs of the node that
 * lead to their labels. A node of few documents has copies of their vectors in which features are
 * numbered anew, so that its cost is that of its documents whatever the size of the vocabulary.
 */
final class NodeVectors implements LabelledVectors {
  private final DocumentVectors whole;
  private final int[] documents;
  private final int[][] outputs;

  /** Copies of the vectors; null where those of the whole are used. */
  private final Block[] blocks;

  /** Feature of each new number; null where features keep their numbers. */
  private final int[] globals;

  private NodeVectors(
      DocumentVectors whole, int[] documents, int[][] outputs, Block[] blocks, int[] globals) {
    this.whole = whole;
    this.documents = documents;
    this.outputs = outputs;
    this.blocks = blocks;
    this.globals = globals;
  }

  @Override
  public int size() {
    return documents.length;
  }

  @Override
  public int features() {
    return globals == null ? whole.features() : globals.length;
  }

  @Override
  public Block blockOf(int vector) {
    return blocks == null
        ? whole.blockOf(documents[vector])
        : blocks[vector / BatchedWork.DOCUMENTS];
  }

  @Override
  public int rowOf(int vector) {
    return blocks == null ? whole.rowOf(documents[vector]) : vector % BatchedWork.DOCUMENTS;
  }

  @Override
  public int[] labels(int vector) {
    return outputs[vector];
  }

  /** The feature of the whole that became feature {@code i}. */
  int global(int i) {
    return globals == null ? i : globals[i];
  }

  /** Finds the documents of nodes, one node after the other. Not thread-safe. */
  static final class Finder {
    private final DocumentVectors whole;
    private final int[][] documentsByLabel;

    /** Output + 1 of the labels of the node; 0 between uses. */
    private final int[] outputOf;

    /** Whether a document is in the node; all false between uses. */
    private final boolean[] marked;

    /** New number + 1 of the features of the node; 0 between uses. */
    private final int[] numbers;

    /**
     * @param documentsByLabel the documents of each label, ascending
     */
    Finder(DocumentVectors whole, int[][] documentsByLabel) {
      this.whole = whole;
      this.documentsByLabel = documentsByLabel;
      this.outputOf = new int[documentsByLabel.length];
      this.marked = new boolean[whole.size()];
      this.numbers = new int[whole.features()];
    }

    /**
     * The documents of a node.
     *
     * @param labelsByOutput the labels below each of its outputs
     */
    NodeVectors find(int[][] labelsByOutput) {
      for (int k = 0; k < labelsByOutput.length; k++) {
        for (int label : labelsByOutput[k]) {
          outputOf[label] = k + 1;
        }
      }
      var documents = documents(labelsByOutput);
      var outputs = new int[documents.length][];
      Arrays.setAll(outputs, i -> outputs(whole.labels(documents[i])));
      for (var labels : labelsByOutput) {
        for (int label : labels) {
          outputOf[label] = 0;
        }
      }
      return 2 * documents.length > whole.size()
          ? new NodeVectors(whole, documents, outputs, null, null)
          : copied(documents, outputs);
    }

    private int[] documents(int[][] labelsByOutput) {
      var found = new int[64];
      int size = 0;
      for (var labels : labelsByOutput) {
        for (int label : labels) {
          for (int d : documentsByLabel[label]) {
            if (!marked[d]) {
              marked[d] = true;
              if (size == found.length) {
                found = Arrays.copyOf(found, 2 * size);
              }
              found[size++] = d;
            }
          }
        }
      }
      Arrays.sort(found, 0, size);
      for (int i = 0; i < size; i++) {
        marked[found[i]] = false;
      }
      return Arrays.copyOf(found, size);
    }

    private int[] outputs(int[] labels) {
      var outputs = new int[labels.length];
      int size = 0;
      for (int label : labels) {
        if (outputOf[label] > 0) {
          outputs[size++] = outputOf[label] - 1;
        }
      }
      return Arrays.stream(outputs, 0, size).sorted().distinct().toArray();
    }

    private NodeVectors copied(int[] documents, int[][] outputs) {
      var blocks = new Block[Math.ceilDiv(documents.length, BatchedWork.DOCUMENTS)];
      var globals = new int[1024];
      int features = 0;
      for (int b = 0; b < blocks.length; b++) {
        int from = b * BatchedWork.DOCUMENTS;
        int to = Math.min(from + BatchedWork.DOCUMENTS, documents.length);
        blocks[b] = copy(documents, outputs, from, to);
        for (int i = 0; i < blocks[b].indices().length; i++) {
          int feature = blocks[b].indices()[i];
          if (numbers[feature] == 0) {
            if (features == globals.length) {
              globals = Arrays.copyOf(globals, 2 * features);
            }
            globals[features++] = feature;
            numbers[feature] = features;
          }
          blocks[b].indices()[i] = numbers[feature] - 1;
        }
      }
      for (int i = 0; i < features; i++) {
        numbers[globals[i]] = 0;
      }
      return new NodeVectors(whole, documents, outputs, blocks, Arrays.copyOf(globals, features));
    }

    private Block copy(int[] documents, int[][] outputs, int from, int to) {
      var starts = new int[to - from + 1];
      for (int d = from; d < to; d++) {
        var block = whole.blockOf(documents[d]);
        int row = whole.rowOf(documents[d]);
        starts[d - from + 1] = starts[d - from] + block.starts()[row + 1] - block.starts()[row];
      }
      var indices = new int[starts[to - from]];
      var values = new float[indices.length];
      for (int d = from; d < to; d++) {
        var block = whole.blockOf(documents[d]);
        int start = block.starts()[whole.rowOf(documents[d])];
        int length = starts[d - from + 1] - starts[d - from];
        System.arraycopy(block.indices(), start, indices, starts[d - from], length);
        System.arraycopy(block.values(), start, values, starts[d - from], length);
      }
      return new Block(starts, indices, values, Arrays.copyOfRange(outputs, from, to));
    }
  }
}
