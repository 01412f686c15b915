package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.classifiers.ModelPackage;
import hu.mtmt.besorol.classifiers.text.Languages;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Classification;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.corpus.DocumentFile;
import hu.mtmt.besorol.trainer.job.OrderedWork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code besorol suggest}. */
@Command(
    name = "suggest",
    description = {
      "Suggests subjects for documents.",
      "Writes one line of JSON for each document, in their order: its id and its suggestions."
    },
    footer = {
      "",
      "The final decision, as the service gives it:",
      "",
      "  besorol suggest model new.jsonl > suggestions.jsonl",
      "  echo '{\"id\": \"1\", \"title\": \"Ancient DNA of cattle\"}' | besorol suggest model",
      "",
      "The ranking instead: the five best, or all from a score on:",
      "",
      "  besorol suggest model --limit 5 new.jsonl.gz",
      "  besorol suggest model --limit 1000 --threshold 0.1 new.jsonl",
      "",
      "Why: the terms of the document that counted most for each subject:",
      "",
      "  besorol suggest model --explain new.jsonl"
    })
public final class SuggestCommand implements Callable<Integer> {
  private static final int DEFAULT_LIMIT = 10;
  private static final String BROKEN_PIPE = "Broken pipe";
  private static final int EXIT_CODE_OF_SIGPIPE = 141;

  private final Console console;

  @Parameters(index = "0", paramLabel = "PACKAGE", description = "Directory of the package.")
  private Path directory;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "FILE",
      description = "Documents; none or - reads standard input.")
  private List<Path> files;

  @Option(
      names = "--limit",
      paramLabel = "K",
      description = "Ranks, and writes at most so many (default with --threshold: 10).")
  private Integer limit;

  @Option(
      names = "--threshold",
      paramLabel = "T",
      description = "Ranks, and writes only scores of at least this, from 0 to 1.")
  private Double threshold;

  @Option(
      names = "--explain",
      description = "Adds to each subject what decided: the terms, labels or members.")
  private boolean explain;

  @Mixin private Threads threads = new Threads();

  public SuggestCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    check();
    var model = ModelPackage.open(directory);
    try {
      answer(model);
      console.stream().flush();
      return 0;
    } catch (IOException e) {
      return outputFailed(e);
    } catch (UncheckedIOException e) {
      return outputFailed(e.getCause());
    }
  }

  private static int outputFailed(IOException e) {
    if (BROKEN_PIPE.equals(e.getMessage())) {
      return EXIT_CODE_OF_SIGPIPE; // whoever reads has seen enough, as head has
    }
    throw BesorolException.machine(
        "Standard output cannot be written (%s): check the free space where it goes."
            .formatted(e.getMessage()),
        e);
  }

  private void answer(ModelPackage model) {
    for (var file : files == null ? List.of(Path.of("-")) : files) {
      var name = isStandardInput(file) ? "standard input" : file.toString();
      try (var lines = lines(file, name)) {
        OrderedWork.run(
            lines.iterator(), threads.count(), line -> answer(model, name, line), this::write);
      }
    }
  }

  private void check() {
    if (limit != null && limit < 1) {
      throw BesorolException.plan("--limit must be at least 1, not %d.".formatted(limit));
    }
    if (threshold != null && !(threshold >= 0 && threshold <= 1)) {
      throw BesorolException.plan("--threshold must be from 0 to 1, not %s.".formatted(threshold));
    }
  }

  private static boolean isStandardInput(Path file) {
    return file.toString().equals("-");
  }

  private Stream<DocumentFile.Line> lines(Path file, String name) {
    return isStandardInput(file)
        ? DocumentFile.lines(console.in(), name)
        : DocumentFile.open(file, null).lines();
  }

  private byte[] answer(ModelPackage model, String name, DocumentFile.Line line) {
    var document = line.document();
    if (document.language() != null && !Languages.isKnown(document.language())) {
      throw BesorolException.data(
          "%s:%d: '%s' is no language of ISO 639-1: write two letters such as hu, or leave it out."
              .formatted(name, line.line(), document.language()));
    }
    var suggestions =
        limit == null && threshold == null
            ? model.suggest(document)
            : model.rank(
                document, limit == null ? DEFAULT_LIMIT : limit, threshold == null ? 0 : threshold);
    var told = explain ? model.explain(document, suggestions, ModelPackage.REASONS) : suggestions;
    return ContractJson.writeLine(new Classification(document.id(), null, told));
  }

  private void write(byte[] line, boolean last) {
    var out = console.stream();
    try {
      out.write(line);
      out.write('\n');
      if (last) {
        out.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
