package hu.mtmt.besorol.datacheck;

import hu.mtmt.besorol.contract.DuplicatePolicy;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.corpus.DocumentFile;
import hu.mtmt.besorol.corpus.TextGroups;
import hu.mtmt.besorol.datacheck.DataReport.Role;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleConsumer;
import java.util.stream.Stream;

/**
 * Checks documents for what training refuses and for what makes a classifier worse, or seem better,
 * than it could be. Files are read twice at most; of a document about 500 bytes are kept.
 *
 * @param target the subjects that are told apart
 * @param languages codes of the languages that documents may name
 * @param duplicates what training will do with documents that are in the holdout too
 * @param latestYear documents cannot be from later ones
 * @param examples how many are given of what is found
 */
public record DataCheck(
    TargetLevel target,
    Set<String> languages,
    DuplicatePolicy duplicates,
    int latestYear,
    int examples) {

  /** How much of the work reading for the first time is. */
  private static final double FIRST_READING = 0.6;

  /** A file and what it is for. */
  public record Input(Role role, DocumentFile file) {}

  /**
   * Reads and checks files.
   *
   * @param inputs at least one
   * @param progress is told the share that is done, for every document; what it throws ends the
   *     check
   * @throws hu.mtmt.besorol.contract.BesorolException if a file cannot be read to its end
   */
  public DataReport run(List<Input> inputs, DoubleConsumer progress) {
    double total = Math.max(1, inputs.stream().mapToLong(input -> input.file().count()).sum());
    var corpus = new CheckedCorpus(this);
    var texts = new TextGroups.Builder();
    for (var input : inputs) {
      corpus.begin(input);
      try (var lines = input.file().lines(corpus::unreadable)) {
        for (var iterator = lines.iterator(); iterator.hasNext(); ) {
          var line = iterator.next();
          corpus.add(line);
          texts.add(line.document());
          progress.accept(FIRST_READING * Math.min(1, corpus.size() / total));
        }
      }
    }
    var again = new int[1];
    var groups =
        texts.build(
            () ->
                documents(inputs)
                    .peek(
                        document ->
                            progress.accept(
                                FIRST_READING + (1 - FIRST_READING) * (again[0]++ / total))));
    progress.accept(1);
    var subjects = new SubjectFindings(corpus, this);
    return DataReport.of(
        corpus.files(),
        Stream.of(
                corpus.findings(),
                new TextFindings(corpus, groups, this).findings(),
                subjects.findings())
            .flatMap(List::stream)
            .toList(),
        subjects.levels(),
        subjects.subjects());
  }

  private static Stream<Document> documents(List<Input> inputs) {
    return inputs.stream()
        .flatMap(input -> input.file().lines(unreadable -> {}).map(DocumentFile.Line::document));
  }
}
