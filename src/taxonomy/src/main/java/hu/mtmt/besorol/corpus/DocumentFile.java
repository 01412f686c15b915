package hu.mtmt.besorol.corpus;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.files.InputFile;
import hu.mtmt.besorol.files.Lines;
import hu.mtmt.besorol.files.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A file of documents: JSON lines in UTF-8, plain or compressed ({@code .gz}, {@code .zst}). It is
 * streamed, as often as wanted; nothing of it is kept in memory.
 */
public final class DocumentFile {
  /** The longest line that is read, in bytes. */
  public static final int MAXIMUM_LINE_BYTES = 10 << 20;

  private static final Consumer<BesorolException> REFUSED =
      problem -> {
        throw problem;
      };

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
   * @throws BesorolException if it cannot be read or has another digest
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
   * @throws BesorolException while it is read, with file, line and remedy: no JSON, no UTF-8, a
   *     field of the wrong type, a line of more than 10 MiB, a truncated file
   */
  public Stream<Line> lines() {
    return lines(REFUSED);
  }

  /**
   * The same for who wants to know all that is wrong: a line that is no document is told and
   * skipped.
   *
   * @param unreadable is told what is wrong with a line; the message names it
   * @throws BesorolException while it is read, if it cannot be read on
   */
  public Stream<Line> lines(Consumer<BesorolException> unreadable) {
    return documents(file.lines(MAXIMUM_LINE_BYTES), line -> true, unreadable);
  }

  /**
   * The documents in some lines, in their order; to be closed. What is in other lines is not looked
   * at.
   *
   * @param wanted which lines, counted from 1; asked once for each that is not blank, in order
   * @throws BesorolException as {@link #lines()}
   */
  public Stream<Line> linesAt(LongPredicate wanted) {
    return documents(file.lines(MAXIMUM_LINE_BYTES), wanted, REFUSED);
  }

  /** Gets lines as they are. */
  public interface LineSink {
    /**
     * The next line that is not blank: a range of the buffer, without its line feed.
     *
     * @throws IOException if it cannot be put where it shall go
     */
    void line(byte[] buffer, int start, int length) throws IOException;
  }

  /**
   * Hands on all lines that are not blank as they are, whatever is in them.
   *
   * @throws IOException of the sink
   */
  public void copy(LineSink sink) throws IOException {
    try (var lines = file.lines(MAXIMUM_LINE_BYTES)) {
      while (lines.next()) {
        sink.line(lines.buffer(), lines.start(), lines.end() - lines.start());
      }
    }
  }

  /** How many lines there are that are not blank, whatever is in them. */
  public long count() {
    try (var lines = file.lines(MAXIMUM_LINE_BYTES)) {
      long count = 0;
      while (lines.next()) {
        count++;
      }
      return count;
    }
  }

  /**
   * The documents of a stream that is no file, such as standard input: read once, and each handed
   * on as soon as its line is complete. To be closed.
   *
   * @param in plain JSON lines
   * @param name what messages call it
   * @throws BesorolException while it is read, as {@link #lines()}
   */
  public static Stream<Line> lines(InputStream in, String name) {
    return documents(new Lines(name, in, MAXIMUM_LINE_BYTES), line -> true, REFUSED);
  }

  private static Stream<Line> documents(
      Lines lines, LongPredicate wanted, Consumer<BesorolException> unreadable) {
    var parser = new DocumentParser();
    var documents =
        new AbstractSpliterator<Line>(
            Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE) {
          @Override
          public boolean tryAdvance(Consumer<? super Line> action) {
            while (lines.next()) {
              if (!wanted.test(lines.number())) {
                continue;
              }
              Document document;
              try {
                document = parser.parse(lines);
              } catch (BesorolException e) {
                unreadable.accept(e);
                continue;
              }
              action.accept(new Line(lines.number(), document));
              return true;
            }
            return false;
          }
        };
    return StreamSupport.stream(documents, false).onClose(lines::close);
  }

  /** Where problems with its documents are collected, to be told together. */
  public Problems problems() {
    return new Problems(file);
  }
}
