package hu.mtmt.besorol.trainer.data;

import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.classifiers.Labels;
import hu.mtmt.besorol.classifiers.TrainingData;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.corpus.DocumentFile;
import hu.mtmt.besorol.corpus.Fingerprint;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The documents of files that something can be learnt from, to find out what is wrong with them;
 * none are for validation.
 */
public final class CheckedTrainingData implements TrainingData {
  private final List<DocumentFile> files;
  private final TargetLevel target;
  private final List<Place> places = new ArrayList<>();
  private final Labels labels;
  private final String defaultLanguage;

  /**
   * Where a document stands, and what it is.
   *
   * @param file what messages call its file
   * @param line from 1
   * @param id or null
   * @param identity the same for documents of the same text
   */
  public record Place(String file, long line, String id, long identity) {
    @Override
    public String toString() {
      return "%s:%d%s".formatted(file, line, id == null ? "" : " (" + id + ")");
    }
  }

  /**
   * Reads the files once.
   *
   * @param files at least one, with no subject that the taxonomy lacks
   */
  public CheckedTrainingData(List<DocumentFile> files, TargetLevel target) {
    this.files = List.copyOf(files);
    this.target = target;
    var subjects = new BitSet();
    var languages = new TreeMap<String, Integer>();
    for (var file : files) {
      try (var lines = file.lines()) {
        lines
            .filter(line -> isUsed(line.document()))
            .forEachOrdered(
                line -> {
                  var document = line.document();
                  places.add(
                      new Place(
                          file.name(), line.line(), document.id(), Fingerprint.identity(document)));
                  for (int subject : target.rollUp(document.subjects())) {
                    subjects.set(subject);
                  }
                  if (document.language() != null) {
                    languages.merge(document.language(), 1, Integer::sum);
                  }
                });
      }
    }
    this.labels = new Labels(target, subjects.stream().toArray());
    this.defaultLanguage = PlanTrainingData.commonest(languages);
  }

  private static boolean isUsed(Document document) {
    return !document.subjects().isEmpty() && !document.withoutText();
  }

  /** Where each document of {@link #training} stands. */
  public List<Place> places() {
    return places;
  }

  @Override
  public Labels labels() {
    return labels;
  }

  @Override
  public String defaultLanguage() {
    return defaultLanguage;
  }

  @Override
  public int trainingSize() {
    return places.size();
  }

  @Override
  public Stream<Example> training() {
    return files.stream()
        .map(DocumentFile::lines)
        .reduce(Stream.empty(), Stream::concat)
        .map(DocumentFile.Line::document)
        .filter(CheckedTrainingData::isUsed)
        .map(document -> new Example(document, labelsOf(document)));
  }

  private int[] labelsOf(Document document) {
    var of = target.rollUp(document.subjects());
    for (int i = 0; i < of.length; i++) {
      of[i] = labels.labelOf(of[i]);
    }
    return of;
  }

  @Override
  public int validationSize() {
    return 0;
  }

  @Override
  public Stream<Example> validation() {
    return Stream.empty();
  }
}
