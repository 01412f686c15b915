package hu.mtmt.besorol.corpus;

import hu.mtmt.besorol.contract.Digest;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A file of documents: JSON lines in UTF-8, plain or compressed ({@code .gz}, {@code .zst}). It is
 * streamed, as often as wanted; nothing of it is kept in memory.
 */
public final class DocumentFile {
  private DocumentFile() {}

  /**
   * A document and where it stands.
   *
   * @param line counted from 1
   */
  public record Line(long line, Document document) {}

  /**
   * Reads a file's bytes once, for its digest.
   *
   * @param expected what the digest must be, or null
   * @throws hu.mtmt.besorol.contract.BesorolException if it cannot be read or has another digest
   */
  public static DocumentFile open(Path file, Digest expected) {
    throw new UnsupportedOperationException("not written yet");
  }

  /** Of the bytes as they lie there, compressed or not. */
  public Digest digest() {
    throw new UnsupportedOperationException("not written yet");
  }

  /** What messages call it. */
  public String name() {
    throw new UnsupportedOperationException("not written yet");
  }

  /**
   * The documents in their order; to be closed. Blank lines are skipped.
   *
   * @throws hu.mtmt.besorol.contract.BesorolException while it is read, with file, line and remedy:
   *     no JSON, no UTF-8, a field of the wrong type, a line of more than 10 MiB, a truncated file
   */
  public Stream<Line> lines() {
    throw new UnsupportedOperationException("not written yet");
  }
}
