package hu.mtmt.besorol.taxonomy;

import hu.mtmt.besorol.contract.Digest;
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

  /**
   * Reads a file.
   *
   * @param file which
   * @param expected what its digest must be, or null
   * @throws hu.mtmt.besorol.contract.BesorolException with file, line and remedy if it cannot be
   *     read, has another digest, or is no forest of subjects
   */
  public static TaxonomyFile read(Path file, Digest expected) {
    throw new UnsupportedOperationException("not written yet");
  }

  /** The bytes of {@code taxonomy} as JSON lines: the same taxonomy always gives the same ones. */
  public static byte[] write(Taxonomy taxonomy) {
    throw new UnsupportedOperationException("not written yet");
  }
}
