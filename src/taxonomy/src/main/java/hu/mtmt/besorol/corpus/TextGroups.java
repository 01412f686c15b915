package hu.mtmt.besorol.corpus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Documents of the same or almost the same text. The same have one {@link Fingerprint}; almost the
 * same are those whose sets of {@link Shingles three-word shingles} have a Jaccard similarity of at
 * least {@value #SIMILARITY}. A document belongs to the group of every document that it resembles,
 * so the ends of a long group may differ more. Documents without text are in no group.
 *
 * <p>Pairs to compare are found by {@link MinHash} and then compared exactly: a pair that is
 * reported is one; of pairs at the threshold about 4 in 10,000 are missed. Time grows with the
 * length of the texts, not with the number of pairs. Memory: about 250 bytes a document, and 4
 * bytes a word of those that must be compared.
 */
public final class TextGroups {
  /** From this Jaccard similarity on, two texts are almost the same. */
  public static final double SIMILARITY = 0.8;

  /**
   * With how many documents of its bucket before it a document is compared at most: groups are
   * joined by any of 20 buckets, so this bounds the time and hardly ever the result.
   */
  private static final int COMPARED = 16;

  private final int[] twins;
  private final float[] similarities;
  private final int[] groups;

  private TextGroups(int[] twins, float[] similarities, int[] groups) {
    this.twins = twins;
    this.similarities = similarities;
    this.groups = groups;
  }

  /** How many documents there are, numbered from 0 as they were added. */
  public int size() {
    return groups.length;
  }

  /** The first document of the group that {@code document} is in: itself, if it is alone. */
  public int group(int document) {
    return groups[document];
  }

  /** An earlier document that {@code document} is the same as or resembles, or -1. */
  public int twin(int document) {
    return twins[document];
  }

  /** Jaccard similarity to {@link #twin}: 1 exactly if the texts are the same. */
  public double similarity(int document) {
    return similarities[document];
  }

  /** Groups of at least two documents, each ascending, in the order of their first ones. */
  public List<int[]> groups() {
    var sizes = new int[groups.length];
    for (int group : groups) {
      sizes[group]++;
    }
    var members = new int[groups.length][];
    for (int document = groups.length; document-- > 0; ) {
      int group = groups[document];
      if (members[group] == null) {
        members[group] = new int[sizes[group]];
      }
      members[group][--sizes[group]] = document;
    }
    return Arrays.stream(members).filter(m -> m != null && m.length > 1).toList();
  }

  /** Takes the documents one by one, and then those that must be compared once more. */
  public static final class Builder {
    private final Shingles shingles = new Shingles();
    private final MinHash minHash = new MinHash();
    private final Map<Long, Integer> firstOfText = new HashMap<>();

    /** By document: an earlier one of the same text, or -1. */
    private final List<Integer> same = new ArrayList<>();

    /** By document: its bands, or null if it has no text or one before it is the same. */
    private final List<int[]> bands = new ArrayList<>();

    /** Adds the next document. */
    public void add(Document document) {
      long fingerprint = Fingerprint.of(document);
      var first = fingerprint == 0 ? null : firstOfText.putIfAbsent(fingerprint, same.size());
      same.add(first == null ? -1 : first);
      bands.add(fingerprint == 0 || first != null ? null : minHash.bands(shingles.of(document)));
    }

    /**
     * Groups the documents.
     *
     * @param again the same documents in the same order; opened only if some must be compared, and
     *     closed
     */
    public TextGroups build(Supplier<Stream<Document>> again) {
      firstOfText.clear();
      var candidates = new BitSet();
      for (int band = 0; band < MinHash.BANDS; band++) {
        eachBucket(band, (documents, from, to) -> mark(candidates, documents, from, to));
      }
      var comparison = new Comparison(same.size(), shingles(candidates, again));
      for (int document = 0; document < same.size(); document++) {
        if (same.get(document) >= 0) {
          comparison.join(document, same.get(document), 1);
        }
      }
      for (int band = 0; band < MinHash.BANDS; band++) {
        eachBucket(band, comparison);
      }
      return comparison.result();
    }

    private static void mark(BitSet candidates, long[] documents, int from, int to) {
      for (int i = from; i < to; i++) {
        candidates.set((int) documents[i]);
      }
    }

    private int[][] shingles(BitSet candidates, Supplier<Stream<Document>> again) {
      var sets = new int[same.size()][];
      if (!candidates.isEmpty()) {
        try (var documents = again.get()) {
          // No iterator: that of a stream made of several would read one of them into memory.
          var number = new int[1];
          documents.forEachOrdered(
              document -> {
                if (candidates.get(number[0])) {
                  sets[number[0]] = shingles.of(document);
                }
                number[0]++;
              });
        }
      }
      return sets;
    }

    /** Gets the documents of a bucket: the low halves of {@code documents}, ascending. */
    private interface Bucket {
      void documents(long[] documents, int from, int to);
    }

    /** Sorts by hash of the band and number of the document, packed into one long. */
    private void eachBucket(int band, Bucket bucket) {
      var packed = new long[same.size()];
      int size = 0;
      for (int document = 0; document < packed.length; document++) {
        var bandsOfDocument = bands.get(document);
        if (bandsOfDocument != null) {
          packed[size++] = (long) bandsOfDocument[band] << Integer.SIZE | document;
        }
      }
      Arrays.sort(packed, 0, size);
      int from = 0;
      for (int to = 1; to <= size; to++) {
        if (to == size || packed[to] >>> Integer.SIZE != packed[from] >>> Integer.SIZE) {
          if (to - from > 1) {
            bucket.documents(packed, from, to);
          }
          from = to;
        }
      }
    }
  }

  /** Compares the documents of buckets, and joins those that resemble each other. */
  private static final class Comparison implements Builder.Bucket {
    private final int[][] shingles;
    private final int[] twins;
    private final float[] similarities;

    /** Disjoint sets: a document before it in its group, or itself if it is the first. */
    private final int[] parents;

    Comparison(int documents, int[][] shingles) {
      this.shingles = shingles;
      this.twins = new int[documents];
      this.similarities = new float[documents];
      this.parents = new int[documents];
      Arrays.fill(twins, -1);
      Arrays.setAll(parents, document -> document);
    }

    @Override
    public void documents(long[] documents, int from, int to) {
      for (int i = from + 1; i < to; i++) {
        int document = (int) documents[i];
        for (int k = Math.max(from, i - COMPARED); k < i; k++) {
          int other = (int) documents[k];
          if (first(document) != first(other)) {
            double similarity = Shingles.jaccard(shingles[document], shingles[other]);
            if (similarity >= SIMILARITY) {
              join(document, other, similarity);
            }
          }
        }
      }
    }

    /** Joins the groups of a document and an earlier one. */
    void join(int document, int other, double similarity) {
      if (twins[document] < 0) {
        twins[document] = other;
        similarities[document] = (float) similarity;
      }
      int a = first(document);
      int b = first(other);
      parents[Math.max(a, b)] = Math.min(a, b);
    }

    private int first(int document) {
      int first = document;
      while (parents[first] != first) {
        parents[first] = parents[parents[first]];
        first = parents[first];
      }
      return first;
    }

    TextGroups result() {
      var groups = new int[parents.length];
      Arrays.setAll(groups, this::first);
      return new TextGroups(twins, similarities, groups);
    }
  }
}
