package hu.mtmt.besorol.trainer.data;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.Source;
import hu.mtmt.besorol.corpus.DocumentFile;
import hu.mtmt.besorol.files.InputFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Growing samples of training documents: each has all that a smaller one has. They are stratified:
 * documents with the same rarest subject (the one that fewest documents have) form a stratum, and
 * of each stratum with n documents a sample of share s has s·n, rounded up or down by chance, so
 * that even rare subjects grow evenly (systematic sampling within strata, Cochran 1977, chapter 8).
 */
public final class NestedSamples {
  private final Path file;
  private final Digest digest;
  private final Part documents;

  /** By used document: from which share on it is in a sample. */
  private final double[] positions;

  private NestedSamples(Path file, Digest digest, Part documents, double[] positions) {
    this.file = file;
    this.digest = digest;
    this.documents = documents;
    this.positions = positions;
  }

  /**
   * Samples of the training documents of a plan.
   *
   * @param files the plan, read
   * @param sources where its files are
   * @param seed of the choice
   */
  public static NestedSamples of(PlanFiles files, Sources sources, long seed) {
    var training = files.data().trainingPart();
    return new NestedSamples(
        sources.file(files.plan().training(), "training"),
        training.digest(),
        training,
        positions(training, files.target().taxonomy().size(), seed));
  }

  private static double[] positions(Part documents, int subjects, long seed) {
    var frequency = new int[subjects];
    for (int d = 0; d < documents.size(); d++) {
      for (int s : documents.subjects(d)) {
        frequency[s]++;
      }
    }
    var stratum = new int[documents.size()];
    var sizes = new int[subjects + 1];
    for (int d = 0; d < stratum.length; d++) {
      stratum[d] = rarest(documents.subjects(d), frequency);
      sizes[stratum[d] + 1]++;
    }
    Arrays.parallelPrefix(sizes, Integer::sum); // now where each stratum begins
    var begins = sizes.clone();
    var ordered = new int[stratum.length];
    for (int d = 0; d < stratum.length; d++) {
      ordered[begins[stratum[d]]++] = d;
    }
    var random = new SplittableRandom(seed);
    var positions = new double[stratum.length];
    for (int s = 0; s < subjects; s++) {
      int from = sizes[s];
      int n = sizes[s + 1] - from;
      double start = random.nextDouble();
      for (int i = 0; i < n; i++) {
        int swapped = i + random.nextInt(n - i);
        int document = ordered[from + swapped];
        ordered[from + swapped] = ordered[from + i];
        positions[document] = (i + start) / n;
      }
    }
    return positions;
  }

  private static int rarest(int[] subjects, int[] frequency) {
    int rarest = subjects[0];
    for (int s : subjects) {
      rarest = frequency[s] < frequency[rarest] ? s : rarest;
    }
    return rarest;
  }

  /** How many documents the sample of a share has, those for validation among them. */
  public int size(double share) {
    return (int) IntStream.range(0, positions.length).filter(d -> isIn(d, share)).count();
  }

  private boolean isIn(int document, double share) {
    return positions[document] < share;
  }

  /**
   * Writes a sample as a file of documents, line by line as they stand in the training documents.
   *
   * @throws BesorolException {@code MACHINE_FAILED} if it cannot be written
   */
  public Source write(double share, Path sample) {
    var all = InputFile.open(file, digest);
    try (var lines = all.lines(DocumentFile.MAXIMUM_LINE_BYTES);
        var out = new BufferedOutputStream(Files.newOutputStream(sample))) {
      while (lines.next()) {
        int document = documents.documentAt(lines.number());
        if (document >= 0 && isIn(document, share)) {
          out.write(lines.buffer(), lines.start(), lines.end() - lines.start());
          out.write('\n');
        }
      }
    } catch (IOException e) {
      throw BesorolException.machine(
          "The sample %s cannot be written (%s): check the free space and permissions of its directory."
              .formatted(sample, e.getMessage()),
          e);
    }
    try {
      return new Source(sample.toString(), Digest.of(sample));
    } catch (IOException e) {
      throw BesorolException.machine(
          "The sample %s cannot be read (%s): check its volume.".formatted(sample, e.getMessage()),
          e);
    }
  }
}
