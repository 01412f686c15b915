package hu.mtmt.besorol.classifiers.labelmatch;

import hu.mtmt.besorol.classifiers.mapped.SectionWriter;
import hu.mtmt.besorol.classifiers.mapped.Sections;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What was learnt from training documents: how much each variable of a candidate counts, how rare
 * words are, and how often each label was right where it came into question.
 *
 * @param coefficients of the variables, those of {@link Evidence} and three of the label's past
 * @param rarities by word of the index
 * @param pasts the past of each label, {@value #PAST} numbers each
 */
record LabelWeights(double[] coefficients, float[] rarities, float[] pasts) {
  /** The file's name in a package. */
  static final String FILE = "label-weights.bin";

  /** How many numbers tell the past of a label. */
  static final int PAST = 3;

  /** How many variables a candidate has. */
  static final int VARIABLES = Evidence.VARIABLES + PAST;

  private static final long MAGIC = 0x3130574C4C534542L; // "BESLLW01" as little-endian bytes

  /**
   * Log-odds that a candidate is right.
   *
   * @param variables whose last {@value #PAST} are written here
   */
  double logit(int label, double[] variables) {
    double logit = 0;
    for (int i = 0; i < PAST; i++) {
      variables[Evidence.VARIABLES + i] = pasts[PAST * label + i];
    }
    for (int i = 0; i < VARIABLES; i++) {
      logit += coefficients[i] * variables[i];
    }
    return logit;
  }

  void write(Path file) throws IOException {
    try (var out = new SectionWriter(file, MAGIC)) {
      var bits = new long[coefficients.length];
      for (int i = 0; i < bits.length; i++) {
        bits[i] = Double.doubleToLongBits(coefficients[i]);
      }
      out.writeLongs(bits);
      out.writeFloats(rarities);
      out.writeFloats(pasts);
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException if the file cannot be read or is none
   */
  static LabelWeights read(Path file) throws IOException {
    var sections = Sections.map(file, MAGIC);
    var bits = sections.next();
    var coefficients = new double[Sections.ints(bits) / 2];
    for (int i = 0; i < coefficients.length; i++) {
      coefficients[i] = Double.longBitsToDouble(Sections.getLong(bits, i));
    }
    return new LabelWeights(
        coefficients, Sections.floats(sections.next()), Sections.floats(sections.next()));
  }

  /** Keeps it in a checkpoint. */
  void write(DataOutputStream out) throws IOException {
    out.writeInt(coefficients.length);
    for (double coefficient : coefficients) {
      out.writeDouble(coefficient);
    }
    for (var floats : new float[][] {rarities, pasts}) {
      out.writeInt(floats.length);
      for (float value : floats) {
        out.writeFloat(value);
      }
    }
  }

  /** Reads what {@link #write(DataOutputStream)} wrote. */
  static LabelWeights read(DataInputStream in) throws IOException {
    var coefficients = new double[in.readInt()];
    for (int i = 0; i < coefficients.length; i++) {
      coefficients[i] = in.readDouble();
    }
    var floats = new float[2][];
    for (int k = 0; k < floats.length; k++) {
      floats[k] = new float[in.readInt()];
      for (int i = 0; i < floats[k].length; i++) {
        floats[k][i] = in.readFloat();
      }
    }
    return new LabelWeights(coefficients, floats[0], floats[1]);
  }
}
