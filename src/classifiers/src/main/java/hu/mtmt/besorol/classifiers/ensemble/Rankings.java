package hu.mtmt.besorol.classifiers.ensemble;

import hu.mtmt.besorol.classifiers.Ranking;
import hu.mtmt.besorol.classifiers.Scores;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** The labels that a member ranks best for each of many documents. */
final class Rankings {
  /** How many labels of a document are kept. */
  static final int LENGTH = 20;

  /** A score below this says that a label was not learnt. */
  private static final float UNLEARNT = -1e8f;

  private final byte[] sizes;
  private final int[] labels;
  private final float[] values;

  Rankings(int documents) {
    this(
        new byte[documents],
        new int[Math.multiplyExact(documents, LENGTH)],
        new float[Math.multiplyExact(documents, LENGTH)]);
  }

  private Rankings(byte[] sizes, int[] labels, float[] values) {
    this.sizes = sizes;
    this.labels = labels;
    this.values = values;
  }

  /** The best labels of scores, without those that were not learnt. */
  static Ranking best(Scores scores) {
    var best = scores.best(LENGTH);
    int size = best.size();
    while (size > 0 && best.values()[size - 1] < UNLEARNT) {
      size--;
    }
    return size == best.size() ? best : best.first(size);
  }

  int documents() {
    return sizes.length;
  }

  /** Says how a document's labels rank. */
  void set(int document, Ranking ranking) {
    sizes[document] = (byte) ranking.size();
    System.arraycopy(ranking.labels(), 0, labels, document * LENGTH, ranking.size());
    System.arraycopy(ranking.values(), 0, values, document * LENGTH, ranking.size());
  }

  /** How a document's labels rank. */
  Ranking get(int document) {
    int size = sizes[document];
    var ranking = new Ranking(new int[size], new float[size]);
    System.arraycopy(labels, document * LENGTH, ranking.labels(), 0, size);
    System.arraycopy(values, document * LENGTH, ranking.values(), 0, size);
    return ranking;
  }

  void write(DataOutputStream out) throws IOException {
    out.writeInt(sizes.length);
    for (int document = 0; document < sizes.length; document++) {
      out.writeByte(sizes[document]);
      int from = document * LENGTH;
      for (int i = from; i < from + sizes[document]; i++) {
        out.writeInt(labels[i]);
        out.writeFloat(values[i]);
      }
    }
  }

  static Rankings read(DataInputStream in) throws IOException {
    var rankings = new Rankings(in.readInt());
    for (int document = 0; document < rankings.sizes.length; document++) {
      int size = in.readByte();
      if (size < 0 || size > LENGTH) {
        throw new IOException("a ranking of %d labels".formatted(size));
      }
      rankings.sizes[document] = (byte) size;
      int from = document * LENGTH;
      for (int i = from; i < from + size; i++) {
        rankings.labels[i] = in.readInt();
        rankings.values[i] = in.readFloat();
      }
    }
    return rankings;
  }
}
