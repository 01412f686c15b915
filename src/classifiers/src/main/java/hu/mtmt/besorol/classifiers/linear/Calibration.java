package hu.mtmt.besorol.classifiers.linear;

import hu.mtmt.besorol.contract.ContractJson;
import io.fabric8.generator.annotation.Required;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Turns margins into scores that can be read as probabilities. Every label has a {@link Sigmoid} of
 * its own, fitted on the validation documents and drawn towards the one that fits all labels
 * together: a label of few documents differs little from the others.
 */
final class Calibration {
  /** The file's name in a package. */
  static final String FILE = "calibration.json";

  /** With fewer validation documents nothing is fitted. */
  static final int FEWEST_DOCUMENTS = 20;

  /** A margin of 0 is undecided, a margin of ±1 is rather sure: what holds before there is data. */
  private static final Sigmoid PRIOR = new Sigmoid(2, 0);

  private static final double PRIOR_PRECISION = 1;
  private static final double SHARED_PRECISION = Double.parseDouble(System.getProperty("sp", "5"));

  /** Gives a score of 0 whatever the margin. */
  private static final Sigmoid NEVER = new Sigmoid(0, -1e6);

  private final Sigmoid[] sigmoids;

  private Calibration(Sigmoid[] sigmoids) {
    this.sigmoids = sigmoids;
  }

  /** The file: the sigmoid of each label. */
  record Content(@Required List<Double> slopes, @Required List<Double> intercepts) {}

  /**
   * Fits the scores to the truth.
   *
   * @param labels how many labels there are
   * @param present the labels that were learnt; the others always get a score of 0
   */
  static Calibration fit(ValidationMargins margins, int labels, int[] present) {
    var sigmoids = new Sigmoid[labels];
    Arrays.fill(sigmoids, NEVER);
    if (margins.size() < FEWEST_DOCUMENTS) {
      for (int label : present) {
        sigmoids[label] = PRIOR;
      }
      return new Calibration(sigmoids);
    }
    var columns = IntStream.of(present).mapToObj(margins::column).toList();
    var shared = PRIOR.fit(columns, PRIOR_PRECISION);
    for (int i = 0; i < present.length; i++) {
      sigmoids[present[i]] = shared.fit(List.of(columns.get(i)), SHARED_PRECISION);
    }
    return new Calibration(sigmoids);
  }

  /** How many labels there are. */
  int labels() {
    return sigmoids.length;
  }

  /** Replaces the margin of every label by its score. */
  void apply(float[] margins) {
    for (int label = 0; label < sigmoids.length; label++) {
      margins[label] = (float) sigmoids[label].at(margins[label]);
    }
  }

  void write(Path file) throws IOException {
    Files.write(
        file,
        ContractJson.write(
            new Content(
                Arrays.stream(sigmoids).map(Sigmoid::slope).toList(),
                Arrays.stream(sigmoids).map(Sigmoid::intercept).toList())));
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException if the file cannot be read or is none
   */
  static Calibration read(Path file) throws IOException {
    var content = ContractJson.readPart(Files.readAllBytes(file), Content.class, FILE);
    if (content.slopes.size() != content.intercepts.size()) {
      throw new IOException(FILE + " has not as many slopes as intercepts");
    }
    return new Calibration(
        IntStream.range(0, content.slopes.size())
            .mapToObj(l -> new Sigmoid(content.slopes.get(l), content.intercepts.get(l)))
            .toArray(Sigmoid[]::new));
  }
}
