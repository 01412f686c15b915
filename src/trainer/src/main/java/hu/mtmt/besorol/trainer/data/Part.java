package hu.mtmt.besorol.trainer.data;

import com.carrotsearch.hppc.IntArrayList;
import com.carrotsearch.hppc.LongArrayList;
import com.carrotsearch.hppc.LongIntHashMap;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.corpus.DocumentFile;
import hu.mtmt.besorol.corpus.Stratification;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/**
 * The documents of a file that are used. Their texts stay in the file and are streamed from it;
 * only their subjects are kept.
 */
public final class Part {
  private final DocumentFile file;
  private final Counts counts;

  /** By line, counted from 1: which of the used documents stands there, or -1. */
  private final int[] used;

  /** By used document. */
  private final int[][] subjects;

  /** The used documents that are split off for validation. */
  private final BitSet validation;

  private Part(DocumentFile file, Counts counts, int[] used, int[][] subjects, BitSet validation) {
    this.file = file;
    this.counts = counts;
    this.used = used;
    this.subjects = subjects;
    this.validation = validation;
  }

  /** How many documents are used. */
  public int size() {
    return subjects.length;
  }

  /** How many documents are used and left out. */
  public Counts counts() {
    return counts;
  }

  /** Digest of the file. */
  public Digest digest() {
    return file.digest();
  }

  /** What messages call the file. */
  public String name() {
    return file.name();
  }

  /** The used documents in the order of the file; to be closed. */
  public Stream<LabelledDocument> documents() {
    return documents(document -> true);
  }

  /** Those of the used documents, numbered from 0, that are wanted; to be closed. */
  public Stream<LabelledDocument> documents(IntPredicate wanted) {
    return file.linesAt(line -> isUsed(line) && wanted.test(used[(int) line]))
        .map(line -> new LabelledDocument(line.document(), subjects[used[(int) line.line()]]));
  }

  private boolean isUsed(long line) {
    return documentAt(line) >= 0;
  }

  /** The used document in a line, counted from 1; -1 if there is none. */
  int documentAt(long line) {
    return line < used.length ? used[(int) line] : -1;
  }

  /** True subjects of a used document. */
  int[] subjects(int document) {
    return subjects[document];
  }

  /** The used documents, numbered from 0, that are split off for validation. */
  BitSet validation() {
    return validation;
  }

  /** Gathers the used documents in their order. */
  static final class Builder {
    private final IntArrayList used = new IntArrayList();
    private final List<int[]> subjects = new ArrayList<>();
    private final LongArrayList identities = new LongArrayList();
    private int withoutText;
    private int withoutSubjects;
    private int duplicates;

    /**
     * @param identity what tells the document from others of another text
     */
    void use(long line, int[] subjects, long identity) {
      while (used.size() < line) {
        used.add(-1);
      }
      identities.add(identity);
      used.add(this.subjects.size());
      this.subjects.add(subjects);
    }

    void leaveOutWithoutText() {
      withoutText++;
    }

    void leaveOutWithoutSubjects() {
      withoutSubjects++;
    }

    void leaveOutDuplicate() {
      duplicates++;
    }

    /** None of the documents is split off. */
    Part build(DocumentFile file) {
      return build(file, new BitSet());
    }

    /**
     * A share of the documents is split off for validation, of every subject if there are enough;
     * documents of the same text stay together.
     *
     * @param fraction below 1
     * @param seed of what nothing else decides
     */
    Part build(DocumentFile file, double fraction, long seed) {
      var firstOfText = new LongIntHashMap();
      var groups = new int[subjects.size()];
      for (int document = 0; document < groups.length; document++) {
        int first = firstOfText.getOrDefault(identities.get(document), document);
        firstOfText.put(identities.get(document), first);
        groups[document] = first;
      }
      var parts =
          Stratification.split(
              subjects.toArray(int[][]::new),
              groups,
              identities.toArray(),
              new double[] {1 - fraction, fraction},
              seed);
      var validation = new BitSet();
      for (int document = 0; document < parts.length; document++) {
        validation.set(document, parts[document] == 1);
      }
      return build(file, validation);
    }

    private Part build(DocumentFile file, BitSet validation) {
      return new Part(
          file,
          new Counts(subjects.size(), withoutText, withoutSubjects, duplicates),
          used.toArray(),
          subjects.toArray(int[][]::new),
          validation);
    }
  }
}
