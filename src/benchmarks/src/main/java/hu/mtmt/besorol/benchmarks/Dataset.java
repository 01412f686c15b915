package hu.mtmt.besorol.benchmarks;

import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.classifiers.Labels;
import hu.mtmt.besorol.classifiers.TrainingData;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.corpus.DocumentFile;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import hu.mtmt.besorol.taxonomy.TaxonomyFile;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A directory of train, validation and test documents with their taxonomy. */
final class Dataset implements TrainingData {
  private final DocumentFile train;
  private final DocumentFile validation;
  private final DocumentFile test;
  private final Digest taxonomyDigest;
  private final TargetLevel target;
  private final Labels labels;
  private final int trainingSize;
  private final int validationSize;

  private Dataset(Path directory) {
    var taxonomy = TaxonomyFile.read(directory.resolve("taxonomy.jsonl"), null);
    this.taxonomyDigest = taxonomy.digest();
    this.target = new TargetLevel(taxonomy.taxonomy(), null);
    this.train = DocumentFile.open(directory.resolve("train.jsonl.zst"), null);
    this.validation = DocumentFile.open(directory.resolve("validation.jsonl.zst"), null);
    this.test = DocumentFile.open(directory.resolve("test.jsonl.zst"), null);
    var seen = new TreeSet<Integer>();
    var documents = new AtomicInteger();
    try (var lines = train.lines()) {
      lines.forEach(
          line -> {
            documents.incrementAndGet();
            for (int s : target.rollUp(line.document().subjects())) {
              seen.add(s);
            }
          });
    }
    this.labels = new Labels(target, seen.stream().mapToInt(Integer::intValue).toArray());
    this.trainingSize = documents.get();
    try (var lines = validation.lines()) {
      this.validationSize = (int) lines.count();
    }
  }

  /** Opens a data set; reads its training documents once, for their subjects. */
  static Dataset open(Path directory) {
    return new Dataset(directory);
  }

  @Override
  public Labels labels() {
    return labels;
  }

  @Override
  public String defaultLanguage() {
    return "en";
  }

  @Override
  public int trainingSize() {
    return trainingSize;
  }

  @Override
  public Stream<Example> training() {
    return examples(train);
  }

  @Override
  public int validationSize() {
    return validationSize;
  }

  @Override
  public Stream<Example> validation() {
    return examples(validation);
  }

  Stream<Example> test() {
    return examples(test);
  }

  private Stream<Example> examples(DocumentFile file) {
    return file.lines()
        .map(
            line ->
                new Example(
                    line.document(),
                    IntStream.of(target.rollUp(line.document().subjects()))
                        .map(labels::labelOf)
                        .filter(label -> label >= 0)
                        .toArray()));
  }

  TargetLevel target() {
    return target;
  }

  Digest taxonomyDigest() {
    return taxonomyDigest;
  }

  Digest trainingDigest() {
    return train.digest();
  }

  Digest validationDigest() {
    return validation.digest();
  }
}
