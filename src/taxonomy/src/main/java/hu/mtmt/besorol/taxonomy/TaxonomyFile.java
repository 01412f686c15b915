package hu.mtmt.besorol.taxonomy;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.files.InputFile;
import java.nio.file.Path;

/**
 * A file of subjects. Its format is told by its name: {@code .jsonl}, {@code .csv}, {@code .ttl}
 * (SKOS in Turtle), {@code .rdf} or {@code .xml} (SKOS in RDF/XML), each also with {@code .gz} or
 * {@code .zst} behind it.
 *
 * @param taxonomy the subjects
 * @param digest of the file's bytes as they lie there
 */
public record TaxonomyFile(Taxonomy taxonomy, Digest digest) {
  /** The most subjects that a file may have. */
  public static final int MAXIMUM_SUBJECTS = 1_000_000;

  /** The longest content that is read, in bytes, decompressed. */
  public static final long MAXIMUM_BYTES = 256L << 20;

  /**
   * Reads a file.
   *
   * @param path which
   * @param expected what its digest must be, or null
   * @throws BesorolException with file, line and remedy if it cannot be read, has another digest,
   *     or is no forest of subjects; up to 20 problems are told at once
   */
  public static TaxonomyFile read(Path path, Digest expected) {
    var file = InputFile.open(path, expected);
    var subjects = new SubjectCollector(file);
    switch (file.extension()) {
      case "jsonl" -> JsonLinesTaxonomy.read(file, subjects);
      case "csv" -> CsvTaxonomy.read(file, subjects);
      case "ttl", "rdf", "xml" -> SkosTaxonomy.read(file, subjects);
      default ->
          throw BesorolException.data(
              "%s has a name that tells no format of subjects: it must end in .jsonl, .csv, .ttl, .rdf or .xml, with .gz or .zst behind it if it is compressed."
                  .formatted(path));
    }
    return new TaxonomyFile(subjects.taxonomy(), file.digest());
  }

  /**
   * Reads a file that {@link #write} wrote, whatever its name: the way to read a package's, which
   * needs no reader of another format, in a native image for one.
   *
   * @throws BesorolException as {@link #read}
   */
  public static TaxonomyFile readJsonLines(Path path) {
    var file = InputFile.open(path, null);
    var subjects = new SubjectCollector(file);
    JsonLinesTaxonomy.read(file, subjects);
    return new TaxonomyFile(subjects.taxonomy(), file.digest());
  }

  /** The bytes of {@code taxonomy} as JSON lines: the same taxonomy always gives the same ones. */
  public static byte[] write(Taxonomy taxonomy) {
    return JsonLinesTaxonomy.write(taxonomy);
  }
}
