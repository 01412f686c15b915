package hu.mtmt.besorol.classifiers.linear;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;

/**
 * The weights of a lane group that are worth keeping, as entries in ascending order of feature and
 * lane.
 *
 * @param lanes how many lanes
 * @param features feature of each entry
 * @param laneOf lane of each entry
 * @param values weight of each entry
 * @param biases bias of each lane
 */
record LaneWeights(int lanes, int[] features, byte[] laneOf, float[] values, float[] biases) {

  /** Keeps the weights that are not smaller than {@code minimum}, whatever their sign. */
  static LaneWeights of(float[] weights, float[] biases, int lanes, float minimum) {
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
    return new LaneWeights(lanes, features, laneOf, values, Arrays.copyOf(biases, lanes));
  }

  /** Writes a checkpoint. */
  void write(DataOutputStream out) throws IOException {
    out.writeInt(lanes);
    for (float bias : biases) {
      out.writeFloat(bias);
    }
    out.writeInt(features.length);
    for (int i = 0; i < features.length; i++) {
      out.writeInt(features[i]);
      out.writeByte(laneOf[i]);
      out.writeFloat(values[i]);
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException if it is not complete
   */
  static LaneWeights read(DataInputStream in) throws IOException {
    int lanes = in.readInt();
    if (lanes < 1 || lanes > Lanes.COUNT) {
      throw new IOException("not a lane group");
    }
    var biases = new float[lanes];
    for (int k = 0; k < lanes; k++) {
      biases[k] = in.readFloat();
    }
    int entries = in.readInt();
    if (entries < 0) {
      throw new EOFException();
    }
    var features = new int[entries];
    var laneOf = new byte[entries];
    var values = new float[entries];
    for (int i = 0; i < entries; i++) {
      features[i] = in.readInt();
      laneOf[i] = in.readByte();
      values[i] = in.readFloat();
    }
    return new LaneWeights(lanes, features, laneOf, values, biases);
  }
}
