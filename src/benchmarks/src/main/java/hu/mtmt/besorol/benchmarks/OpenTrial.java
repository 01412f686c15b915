package hu.mtmt.besorol.benchmarks;

import hu.mtmt.besorol.classifiers.ModelPackage;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.corpus.DocumentFile;
import java.nio.file.Path;
import java.util.stream.DoubleStream;

/**
 * A process that opens a package as the service does, and answers one document; again and again.
 */
final class OpenTrial {
  private static final int TIMES = 10;

  private OpenTrial() {}

  /**
   * @param arguments {@code PACKAGE DOCUMENTS}
   */
  public static void main(String[] arguments) {
    var directory = Path.of(arguments[0]);
    Document document;
    try (var lines = DocumentFile.open(Path.of(arguments[1]), null).lines()) {
      document = lines.findFirst().orElseThrow().document();
    }
    Measured.report("first", milliseconds(directory, document));
    var again = DoubleStream.generate(() -> milliseconds(directory, document)).limit(TIMES);
    Measured.report("again", again.sorted().skip(TIMES / 2).findFirst().orElseThrow());
  }

  private static double milliseconds(Path directory, Document document) {
    long start = System.nanoTime();
    var model = ModelPackage.open(directory);
    model.selfTest();
    model.suggest(document);
    return (System.nanoTime() - start) / 1e6;
  }
}
