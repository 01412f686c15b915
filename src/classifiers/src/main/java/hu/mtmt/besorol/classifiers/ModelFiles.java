package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.classifiers.text.FeatureSpace;
import hu.mtmt.besorol.classifiers.text.Vocabulary;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.TextFeatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The files of a trained classifier, and what its family must know to read them. Members of an
 * ensemble have directories of their own and share the feature spaces of the whole. Thread-safe.
 */
public final class ModelFiles {
  private static final String VOCABULARY = "vocabulary-%s.bin";
  private static final int DIGITS = 12;

  private final Path directory;
  private final Labels labels;
  private final String defaultLanguage;
  private final ModelFiles whole;
  private final Map<String, FeatureSpace> spaces = new HashMap<>();

  /**
   * The files of a package.
   *
   * @param directory where they are
   * @param labels what the classifier tells apart
   * @param defaultLanguage language that documents without one are analysed in, ISO 639-1
   */
  public ModelFiles(Path directory, Labels labels, String defaultLanguage) {
    this(directory, labels, defaultLanguage, null);
  }

  private ModelFiles(Path directory, Labels labels, String defaultLanguage, ModelFiles whole) {
    this.directory = directory;
    this.labels = labels;
    this.defaultLanguage = defaultLanguage;
    this.whole = whole;
  }

  /** The files of a member, wherever they are. */
  public ModelFiles member(Path directory) {
    return new ModelFiles(directory, labels, defaultLanguage, this);
  }

  /** Where the files are. */
  public Path directory() {
    return directory;
  }

  /** A file of that name, which may not be there yet. */
  public Path path(String name) {
    return directory.resolve(name);
  }

  public Labels labels() {
    return labels;
  }

  public String defaultLanguage() {
    return defaultLanguage;
  }

  /** Writes the vocabulary of these features if the whole has none of them yet. */
  public void write(TextFeatures features, Vocabulary vocabulary) throws IOException {
    if (whole != null) {
      whole.write(features, vocabulary);
      return;
    }
    synchronized (spaces) {
      var file = path(name(features));
      if (!Files.exists(file)) {
        vocabulary.write(file);
      }
    }
  }

  /**
   * The feature space of these features: always the same object, so that a {@link Query} knows it
   * again.
   *
   * @throws IOException if its vocabulary is missing or none
   */
  public FeatureSpace features(TextFeatures features) throws IOException {
    var name = name(features);
    if (whole != null && !Files.exists(path(name))) {
      return whole.features(features);
    }
    synchronized (spaces) {
      var space = spaces.get(name);
      if (space == null) {
        space = new FeatureSpace(features, defaultLanguage, Vocabulary.map(path(name)));
        spaces.put(name, space);
      }
      return space;
    }
  }

  /**
   * Does nothing if a file belongs to the others.
   *
   * @param file its name
   * @param subjects how many it is of
   * @param features how many it is of
   * @param space those of the package
   * @throws IOException if it is of more or fewer
   */
  public void requireFitting(String file, int subjects, int features, FeatureSpace space)
      throws IOException {
    if (subjects != labels.size()) {
      throw new IOException(
          "%s has %d subjects, the package %d".formatted(file, subjects, labels.size()));
    }
    if (features != space.size()) {
      throw new IOException(
          "the vocabulary has %d features, %s %d".formatted(space.size(), file, features));
    }
  }

  /** Name of the file with the vocabulary of these features. */
  static String name(TextFeatures features) {
    return VOCABULARY.formatted(
        Digest.of(ContractJson.writeLine(features)).hex().substring(0, DIGITS));
  }

  /** The failure of writing a file. */
  public BesorolException unwritable(IOException e) {
    return BesorolException.machine(
        "The model cannot be written to %s (%s): check that the disk is not full and can be written."
            .formatted(directory, e),
        e);
  }

  /** The failure of reading a file. */
  public BesorolException unreadable(IOException e) {
    return BesorolException.data(
        "The model in %s cannot be loaded: %s.".formatted(directory, e.getMessage()));
  }
}
