package hu.mtmt.besorol.classifiers.linear;

import hu.mtmt.besorol.classifiers.weights.WeightMatrix;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * The weights of a lane group that are worth keeping, as entries in ascending order of feature and
 * lane.
 *
 * @param labels label of each lane, ascending
 * @param features feature of each entry
 * @param laneOf lane of each entry
 * @param values weight of each entry
 * @param biases bias of each lane
 */
public record LaneWeights(
    int[] labels, int[] features, byte[] laneOf, float[] values, float[] biases)
    implements WeightMatrix.Entries {

  @Override
  public int size() {
    return values.length;
  }

  @Override
  public int feature(int i) {
    return features[i];
  }

  @Override
  public int label(int i) {
    return labels[laneOf[i]];
  }

  @Override
  public float value(int i) {
    return values[i];
  }

  /** Keeps the weights that are not smaller than {@code minimum}, whatever their sign. */
  static LaneWeights of(float[] weights, float[] biases, int[] labels, float minimum) {
    int kept = 0;
    for (float w : weights) {
      kept += Math.abs(w) >= minimum && w != 0 ? 1 : 0;
    }
    var features = new int[kept];
    var laneOf = new byte[kept];
    var values = new float[kept];
    int entry = 0;
    for (int i = 0; i < weights.length; i++) {
      if (Math.abs(weights[i]) >= minimum && weights[i] != 0) {
        features[entry] = i / Lanes.COUNT;
        laneOf[entry] = (byte) (i % Lanes.COUNT);
        values[entry++] = weights[i];
      }
    }
    return new LaneWeights(labels, features, laneOf, values, Arrays.copyOf(biases, labels.length));
  }

  /** Writes a checkpoint. */
  public void write(DataOutputStream out) throws IOException {
    out.writeInt(labels.length);
    for (int k = 0; k < labels.length; k++) {
      out.writeInt(labels[k]);
      out.writeFloat(biases[k]);
    }
    out.writeInt(features.length);
    for (int i = 0; i < features.length; i++) {
      out.writeInt(features[i]);
      out.writeByte(laneOf[i]);
      out.writeFloat(values[i]);
    }
  }

  /** Reads what {@link #write} wrote, unchanged. */
  public static LaneWeights read(DataInputStream in) throws IOException {
    var labels = new int[in.readInt()];
    var biases = new float[labels.length];
    for (int k = 0; k < labels.length; k++) {
      labels[k] = in.readInt();
      biases[k] = in.readFloat();
    }
    int entries = in.readInt();
    var features = new int[entries];
    var laneOf = new byte[entries];
    var values = new float[entries];
    for (int i = 0; i < entries; i++) {
      features[i] = in.readInt();
      laneOf[i] = in.readByte();
      values[i] = in.readFloat();
    }
    return new LaneWeights(labels, features, laneOf, values, biases);
  }
}
