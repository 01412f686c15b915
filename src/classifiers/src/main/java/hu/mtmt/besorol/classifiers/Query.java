package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.classifiers.text.DocumentWords;
import hu.mtmt.besorol.classifiers.text.FeatureSpace;
import hu.mtmt.besorol.classifiers.text.SparseVector;
import hu.mtmt.besorol.classifiers.text.Vectorizer;
import hu.mtmt.besorol.corpus.Document;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * A document that is being answered. Its vector in a feature space is made when it is first asked
 * for, and shared by all members of an ensemble that use the space. To be closed, which gives back
 * what the spaces lent. Not thread-safe.
 */
public final class Query implements AutoCloseable {
  private final Document document;
  private FeatureSpace[] spaces = new FeatureSpace[2];
  private SparseVector[] vectors = new SparseVector[2];

  /** What made the vectors; null where a vector was known. */
  private Vectorizer[] vectorizers = new Vectorizer[2];

  /** The document's words as the first vectorizer read them; null if none has. */
  private DocumentWords words;

  private final Map<FeatureSpace, String[]> terms = new IdentityHashMap<>(2);
  private int size;

  public Query(Document document) {
    this.document = document;
  }

  public Document document() {
    return document;
  }

  /** Tells the document's vector in a space, where it is known already. */
  public Query with(FeatureSpace space, SparseVector vector) {
    add(space, null, vector);
    return this;
  }

  /** The document's vector in a space; without entries if no n-gram of it is known. */
  public SparseVector vector(FeatureSpace space) {
    for (int i = 0; i < size; i++) {
      if (spaces[i] == space) {
        return vectors[i];
      }
    }
    var vectorizer = space.borrow();
    var read = vectorizer.words(document, words);
    var vector = vectorizer.vector(read);
    words = words == null ? read : words;
    add(space, vectorizer, vector);
    return vector;
  }

  /** Words of the document that were read for some vector; null if none were. */
  public DocumentWords words() {
    return words;
  }

  /**
   * What each entry of {@link #vector} is, to be read by people: the words of the document that
   * became it.
   */
  public String[] terms(FeatureSpace space) {
    return terms.computeIfAbsent(space, s -> s.terms(document, vector(s)));
  }

  private void add(FeatureSpace space, Vectorizer vectorizer, SparseVector vector) {
    if (size == spaces.length) {
      spaces = Arrays.copyOf(spaces, 2 * size);
      vectors = Arrays.copyOf(vectors, 2 * size);
      vectorizers = Arrays.copyOf(vectorizers, 2 * size);
    }
    spaces[size] = space;
    vectorizers[size] = vectorizer;
    vectors[size++] = vector;
  }

  @Override
  public void close() {
    for (int i = 0; i < size; i++) {
      if (vectorizers[i] != null) {
        spaces[i].giveBack(vectorizers[i]);
      }
    }
    size = 0;
    words = null;
  }
}
