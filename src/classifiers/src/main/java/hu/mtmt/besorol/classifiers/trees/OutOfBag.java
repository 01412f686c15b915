package hu.mtmt.besorol.classifiers.trees;

import hu.mtmt.besorol.contract.ContractJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a forest answers training documents by the trees that did not learn from them.
 *
 * @param documents how many there are that some tree did not learn from
 * @param error share of them whose best label is not theirs; null if there are none
 */
public record OutOfBag(Integer documents, Double error) {
  /** The file's name in a package. */
  static final String FILE = "oob.json";

  /** Of the package in a directory; empty if it is no forest. */
  public static Optional<OutOfBag> of(Path directory) throws IOException {
    var file = directory.resolve(FILE);
    return Files.exists(file)
        ? Optional.of(ContractJson.readPart(Files.readAllBytes(file), OutOfBag.class, FILE))
        : Optional.empty();
  }

  void write(Path file) throws IOException {
    Files.write(file, ContractJson.write(this));
  }
}
