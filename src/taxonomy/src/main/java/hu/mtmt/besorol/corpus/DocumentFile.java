package hu.mtmt.besorol.corpus;

import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.files.InputFile;
import hu.mtmt.besorol.files.Lines;
import hu.mtmt.besorol.files.Problems;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A file of documents: JSON lines in UTF-8, plain or compressed ({@code .gz}, {@code .zst}). It is
 * streamed, as often as wanted; nothing of it is kept in memory.
 */
public final class DocumentFile {
  /** The longest line that is read, in bytes. */
  public static final int MAXIMUM_LINE_BYTES = 10 << 20;

  private final InputFile file;

  private DocumentFile(InputFile file) {
    this.file = file;
  }

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
    return new DocumentFile(InputFile.open(file, expected));
  }

  /** Of the bytes as they lie there, compressed or not. */
  public Digest digest() {
    return file.digest();
  }

  /** What messages call it. */
  public String name() {
    return file.name();
  }

  /**
   * The documents in their order; to be closed. Blank lines are skipped.
   *
   * @throws hu.mtmt.besorol.contract.BesorolException while it is read, with file, line and remedy:
   *     no JSON, no UTF-8, a field of the wrong type, a line of more than 10 MiB, a truncated file
   */
  public Stream<Line> lines() {
    return documents(file.lines(MAXIMUM_LINE_BYTES));
  }

  /**
   * The documents of a stream that is no file, such as standard input: read once, and each handed
   * on as soon as its line is complete. To be closed.
   *
   * @param in plain JSON lines
   * @param name what messages call it
   * @throws hu.mtmt.besorol.contract.BesorolException while it is read, as {@link #lines()}
   */
  public static Stream<Line> lines(InputStream in, String name) {
    return documents(new Lines(name, in, MAXIMUM_LINE_BYTES));
  }

  private static Stream<Line> documents(Lines lines) {
    var parser = new DocumentParser();
    var documents =
        new AbstractSpliterator<Line>(
            Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE) {
          @Override
          public boolean tryAdvance(Consumer<? super Line> action) {
            if (!lines.next()) {
              return false;
            }
            action.accept(new Line(lines.number(), parser.parse(lines)));
            return true;
          }
        };
    return StreamSupport.stream(documents, false).onClose(lines::close);
  }

  /** Where problems with its documents are collected, to be told together. */
  public Problems problems() {
    return new Problems(file);
  }
}
