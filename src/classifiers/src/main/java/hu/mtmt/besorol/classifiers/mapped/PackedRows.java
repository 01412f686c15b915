package hu.mtmt.besorol.classifiers.mapped;

import static hu.mtmt.besorol.classifiers.MappedFile.INT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Rows of weights, many of which are 0, in 32-bit words. Weights are signed multiples of a unit. A
 * row that has them for at least about half of the columns is dense: the weights of all columns, 16
 * bits each, two a word, the lower half first, with a 0 at the end if the number of columns is odd;
 * a loop over them is one that compilers turn into vector instructions. Other rows are shorter than
 * that, and have a word for each weight, the column in the upper bits and the weight in the lower
 * ones.
 *
 * @param columns how many columns there are
 * @param bits how many a weight has, at most 16
 */
public record PackedRows(int columns, int bits) {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** How many words a dense row has, and others have less. */
  private int denseWords() {
    return (columns + 1) / 2;
  }

  /**
   * Finds where rows start.
   *
   * @param counts how many weights each row has, one place behind the row's own; becomes the word
   *     at which each row starts, and where the last ends
   */
  public void turnIntoStarts(int[] counts) {
    for (int row = 0; row + 1 < counts.length; row++) {
      counts[row + 1] = Math.addExact(counts[row], Math.min(counts[row + 1], denseWords()));
    }
  }

  /**
   * Writes a weight.
   *
   * @param words that are written to
   * @param firstWord where the rows begin in them
   * @param starts see {@link #turnIntoStarts}
   * @param next a copy of {@code starts}, in which is counted
   */
  public void put(
      int[] words, int firstWord, int[] starts, int[] next, int row, int column, int multiple) {
    if (starts[row + 1] - starts[row] == denseWords()) {
      words[firstWord + starts[row] + column / 2] |= (multiple & 0xFFFF) << 16 * (column % 2);
    } else {
      words[firstWord + next[row]++] = column << bits | multiple & (1 << bits) - 1;
    }
  }

  /**
   * Adds a row, as often as the value says.
   *
   * @param firstByte where the rows begin in the file
   * @param run the words at which the row starts, in the lower half, and ends
   * @param sums by column
   */
  public void add(MemorySegment file, long firstByte, long run, float value, float[] sums) {
    long word = firstByte + 4 * (run & 0xFFFFFFFFL);
    int size = size(run);
    if (size == denseWords()) {
      addDense(file, word, value, sums);
    } else {
      addSparse(file, word, size, value, sums);
    }
  }

  private static int size(long run) {
    return (int) (run >>> Integer.SIZE) - (int) run;
  }

  private void addDense(MemorySegment file, long word, float value, float[] sums) {
    for (int column = 0; column < columns; column++) {
      sums[column] += value * file.get(SHORT, word + 2L * column);
    }
  }

  private void addSparse(MemorySegment file, long word, int size, float value, float[] sums) {
    for (int i = 0; i < size; i++) {
      int packed = file.get(INT, word + 4L * i);
      sums[packed >>> bits] += value * multiple(packed);
    }
  }

  private int multiple(int packed) {
    return packed << Integer.SIZE - bits >> Integer.SIZE - bits;
  }

  /** The weight of a column in a row, in units; the parameters are those of {@link #add}. */
  public int multiple(MemorySegment file, long firstByte, long run, int column) {
    long word = firstByte + 4 * (run & 0xFFFFFFFFL);
    int size = size(run);
    if (size == denseWords()) {
      return file.get(SHORT, word + 2L * column);
    }
    for (int i = 0; i < size; i++) {
      int packed = file.get(INT, word + 4L * i);
      if (packed >>> bits == column) {
        return multiple(packed);
      }
    }
    return 0;
  }
}
