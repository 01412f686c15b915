package hu.mtmt.besorol.trainer.data;

import com.github.luben.zstd.ZstdOutputStream;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.corpus.DocumentFile;
import hu.mtmt.besorol.corpus.Fingerprint;
import hu.mtmt.besorol.corpus.Stratification;
import hu.mtmt.besorol.corpus.TextGroups;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Documents of files, split into parts of given shares: every subject has its share in every part
 * as far as can be, and documents of the same or almost the same text stay together.
 *
 * @param files the files, in their order
 * @param subjects numbers of the subjects of each document, ascending
 * @param groups how many documents are in a group of at least two
 * @param parts the part of each document
 * @param byChance the part of each document if subjects were not looked at, to compare with
 */
public record DataSplit(
    List<DocumentFile> files, int[][] subjects, int groups, int[] parts, int[] byChance) {

  /** How much of the work reading for the first time is. */
  private static final double FIRST_READING = 0.5;

  /**
   * Reads files and decides where each document goes. Of a document about 300 bytes are kept.
   *
   * @param shares of each part, together 1
   * @param seed of what nothing else decides
   * @param progress is told the share of the work that is done; what it throws ends the work
   * @throws BesorolException if a file cannot be read, or with the lines of all documents of a file
   *     whose subjects the taxonomy lacks
   */
  public static DataSplit of(
      List<DocumentFile> files,
      TargetLevel target,
      double[] shares,
      long seed,
      DoubleConsumer progress) {
    double total = Math.max(1, files.stream().mapToLong(DocumentFile::count).sum());
    var texts = new TextGroups.Builder();
    var identities = LongStream.builder();
    var subjects = new ArrayList<int[]>();
    for (var file : files) {
      var problems = file.problems();
      try (var lines = file.lines()) {
        for (var iterator = lines.iterator(); iterator.hasNext(); ) {
          var line = iterator.next();
          var unknown = PartReader.unknownSubjects(target, line.document());
          if (unknown != null) {
            problems.add(line.line(), unknown);
            continue;
          }
          texts.add(line.document());
          identities.add(Fingerprint.identity(line.document()));
          subjects.add(target.rollUp(line.document().subjects()));
          progress.accept(FIRST_READING * Math.min(1, subjects.size() / total));
        }
      }
      problems.throwIfAny();
    }
    if (subjects.isEmpty()) {
      throw BesorolException.data(
          "There are no documents to split in %s: name files with one JSON object a line."
              .formatted(String.join(", ", files.stream().map(DocumentFile::name).toList())));
    }
    var groups = texts.build(() -> documents(files));
    var groupOf = IntStream.range(0, groups.size()).map(groups::group).toArray();
    var labels = subjects.toArray(int[][]::new);
    var identity = identities.build().toArray();
    progress.accept(FIRST_READING);
    return new DataSplit(
        files,
        labels,
        groups.groups().size(),
        Stratification.split(labels, groupOf, identity, shares, seed),
        Stratification.split(new int[labels.length][0], groupOf, identity, shares, seed));
  }

  private static Stream<Document> documents(List<DocumentFile> files) {
    return files.stream().flatMap(file -> file.lines().map(DocumentFile.Line::document));
  }

  /**
   * Writes the documents, as they are in their files, in their order.
   *
   * @param targets the file of each part, whose ending says how it is compressed; null for parts
   *     that get no documents
   * @param progress is told the share of the work that is done; what it throws ends the work
   */
  public void write(List<Path> targets, DoubleConsumer progress) throws IOException {
    var streams = new ArrayList<OutputStream>();
    try {
      for (var target : targets) {
        streams.add(target == null ? null : open(target));
      }
      var document = new int[1];
      for (var file : files) {
        file.copy(
            (buffer, start, length) -> {
              var stream = streams.get(parts[document[0]]);
              stream.write(buffer, start, length);
              stream.write('\n');
              document[0]++;
              progress.accept(
                  FIRST_READING + (1 - FIRST_READING) * document[0] / (double) parts.length);
            });
      }
    } finally {
      for (var stream : streams) {
        if (stream != null) {
          stream.close();
        }
      }
    }
  }

  private static OutputStream open(Path target) throws IOException {
    var out = new BufferedOutputStream(Files.newOutputStream(target));
    return target.toString().endsWith(".zst") ? new ZstdOutputStream(out) : out;
  }
}
