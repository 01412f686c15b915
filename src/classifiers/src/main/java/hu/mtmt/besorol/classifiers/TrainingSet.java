package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.classifiers.text.DocumentVectors;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Progress.Stage;
import hu.mtmt.besorol.contract.TextFeatures;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The training documents with subjects, or a part of them, numbered from 0. Their vectors are made
 * once for each way of making them, whoever asks and whichever part is asked for. Thread-safe.
 */
public final class TrainingSet {
  private final TrainingData data;
  private final TrainingContext context;
  private final Map<TextFeatures, DocumentVectors> vectors;

  /** The documents of this part, ascending; null for all. */
  private final int[] part;

  /** All documents of {@code data} that have subjects. */
  public TrainingSet(TrainingData data, TrainingContext context) {
    this(data, context, new HashMap<>(), null);
  }

  private TrainingSet(
      TrainingData data,
      TrainingContext context,
      Map<TextFeatures, DocumentVectors> vectors,
      int[] part) {
    this.data = data;
    this.context = context;
    this.vectors = vectors;
    this.part = part;
  }

  /**
   * A part of the whole set.
   *
   * @param documents numbers in the whole set, ascending
   */
  public TrainingSet part(int[] documents) {
    return new TrainingSet(data, context, vectors, documents.clone());
  }

  /** The subjects that are learnt. */
  public Labels labels() {
    return data.labels();
  }

  /** Language that documents without one are analysed in, ISO 639-1. */
  public String defaultLanguage() {
    return data.defaultLanguage();
  }

  /** How many documents this part has. */
  public int size() {
    return part == null ? data.trainingSize() : part.length;
  }

  /** The documents of this part, in order; to be closed. */
  public Stream<Example> documents() {
    var labelled = labelled();
    if (part == null) {
      return labelled;
    }
    var iterator = labelled.iterator();
    var next = new int[1];
    return Arrays.stream(part)
        .mapToObj(
            document -> {
              while (next[0]++ < document) {
                iterator.next();
              }
              return iterator.next();
            })
        .onClose(labelled::close);
  }

  /** The documents with subjects to choose parameters on; to be closed. */
  public Stream<Example> validation() {
    return data.validation().filter(e -> e.labels().length > 0);
  }

  private Stream<Example> labelled() {
    return data.labelled(document -> true);
  }

  /**
   * The vectors of the documents of this part, in order. The vocabulary and its document
   * frequencies are those of the whole set: they know nothing of subjects.
   *
   * @throws BesorolException if there are no documents with subjects, or no feature is left
   */
  public DocumentVectors vectors(TextFeatures features) {
    DocumentVectors whole;
    synchronized (vectors) {
      whole = vectors.computeIfAbsent(features, this::learn);
    }
    return part == null ? whole : whole.part(part);
  }

  private DocumentVectors learn(TextFeatures features) {
    var team = context.team();
    var learnt =
        DocumentVectors.learn(
            data.labelled(document -> team.takesTurn(document / BatchedWork.DOCUMENTS)),
            features,
            data.defaultLanguage(),
            context.threads(),
            context.cancelled(),
            read ->
                context
                    .listener()
                    .at(
                        Stage.FEATURES,
                        Math.min(1, (double) read * team.size() / data.trainingSize()),
                        null,
                        null),
            team);
    if (learnt.size() == 0) {
      throw BesorolException.data(
          "There are no training documents with subjects: give a file that has some.");
    }
    if (learnt.features() == 0) {
      throw BesorolException.data(
          "No word of the %d training documents can become a feature: they need text, and features.minimumDocuments (%d) and features.maximumDocumentShare (%s) must leave some words."
              .formatted(
                  learnt.size(), features.minimumDocuments(), features.maximumDocumentShare()));
    }
    int[] frequencies = learnt.frequencies(data.labels().size());
    if (Arrays.stream(frequencies).filter(f -> f > 0).count() < 2) {
      throw BesorolException.data(
          "The training documents have only one subject: a classifier needs at least two subjects"
              + " to tell apart.");
    }
    return learnt;
  }
}
