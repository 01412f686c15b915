package hu.mtmt.besorol.corpus;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.DuplicatePolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Finds documents of the holdout among those that are learnt: a document that was learnt proves
 * nothing. Two documents are the same if they have the same {@link Fingerprint}; documents without
 * text are never the same. Takes 8 bytes of memory for every holdout document. Thread-safe.
 */
public final class Duplicates {
  /** How many are named in a message. */
  private static final int NAMED = 5;

  private final DocumentFile holdout;
  private final long[] fingerprints;

  private Duplicates(DocumentFile holdout, long[] fingerprints) {
    this.holdout = holdout;
    this.fingerprints = fingerprints;
  }

  /**
   * Reads the holdout once.
   *
   * @throws BesorolException as {@link DocumentFile#lines}
   */
  public static Duplicates of(DocumentFile holdout) {
    try (var lines = holdout.lines()) {
      return new Duplicates(
          holdout,
          lines
              .mapToLong(line -> Fingerprint.of(line.document()))
              .filter(fingerprint -> fingerprint != 0)
              .sorted()
              .toArray());
    }
  }

  /** Whether the holdout has a document of that text. */
  public boolean contains(Document document) {
    long fingerprint = Fingerprint.of(document);
    return fingerprint != 0 && Arrays.binarySearch(fingerprints, fingerprint) >= 0;
  }

  /**
   * Reads {@code part} once and counts its documents that are in the holdout too.
   *
   * @return how many there are: those that are to be left out
   * @throws BesorolException {@code DATA_INVALID} if there are any and the policy is to refuse
   *     them; the message names the first few by id and line in both files
   */
  public long check(DocumentFile part, DuplicatePolicy policy) {
    var first = new ArrayList<DocumentFile.Line>(NAMED);
    long count = 0;
    try (var lines = part.lines()) {
      for (var iterator = lines.iterator(); iterator.hasNext(); ) {
        var line = iterator.next();
        if (contains(line.document())) {
          count++;
          if (first.size() < NAMED) {
            first.add(line);
          }
        }
      }
    }
    if (count > 0 && policy == DuplicatePolicy.REFUSE) {
      throw refusal(part, count, first);
    }
    return count;
  }

  private BesorolException refusal(DocumentFile part, long count, List<DocumentFile.Line> first) {
    var named =
        first.stream()
            .map(
                line ->
                    "%s is %s".formatted(place(part, line), place(holdout, twin(line.document()))))
            .collect(Collectors.joining("; "));
    return BesorolException.data(
        "%d %s of %s also in the holdout %s, which would prove nothing: %s%s. Remove them from one of the two, or set duplicates: Drop to leave them out of training and validation."
            .formatted(
                count,
                count == 1 ? "document" : "documents",
                part.name() + (count == 1 ? " is" : " are"),
                holdout.name(),
                named,
                count > first.size() ? "; …" : ""));
  }

  /** The holdout document of the same text. It is read again: only failures need it. */
  private DocumentFile.Line twin(Document document) {
    long fingerprint = Fingerprint.of(document);
    try (var lines = holdout.lines()) {
      return lines
          .filter(line -> Fingerprint.of(line.document()) == fingerprint)
          .findFirst()
          .orElseThrow();
    }
  }

  private static String place(DocumentFile file, DocumentFile.Line line) {
    var id = line.document().id();
    return "%s:%d%s".formatted(file.name(), line.line(), id == null ? "" : " (" + id + ")");
  }
}
