package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.classifiers.CancelledException;
import hu.mtmt.besorol.classifiers.Directories;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Progress.Stage;
import hu.mtmt.besorol.corpus.DocumentFile;
import hu.mtmt.besorol.corpus.SplitReport;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import hu.mtmt.besorol.taxonomy.Taxonomy;
import hu.mtmt.besorol.taxonomy.TaxonomyFile;
import hu.mtmt.besorol.trainer.data.DataSplit;
import hu.mtmt.besorol.trainer.progress.ProgressPrinter;
import hu.mtmt.besorol.trainer.progress.ProgressTracker;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.DoubleConsumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code besorol data split}. */
@Command(
    name = "split",
    description = {
      "Splits documents into train, validation and test, so that every subject has its share",
      "in each as far as can be, and texts that are almost the same stay together."
    },
    footer = {
      "",
      "  besorol data split --input all.jsonl.gz --taxonomy taxonomy.jsonl --output corpus",
      "  besorol train --data corpus --output model",
      "",
      "The same documents, shares and seed give the same split, whatever their order. A share of 0",
      "gives no file: 0.9,0,0.1 splits no validation off."
    })
public final class DataSplitCommand implements Callable<Integer> {
  private static final List<String> PARTS = List.of("train", "validation", "test");

  private final Console console;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      required = true,
      arity = "1..*",
      description = "Documents with their subjects; several files are split as one.")
  private List<Path> inputs;

  @Option(
      names = "--taxonomy",
      paramLabel = "FILE",
      required = true,
      description = "The subjects; it is copied into the output.")
  private Path taxonomyFile;

  @Option(
      names = "--shares",
      paramLabel = "TRAIN,VALIDATION,TEST",
      defaultValue = "0.8,0.1,0.1",
      description = "Share of each part, together 1 (default: ${DEFAULT-VALUE}).")
  private String shares;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Directory that gets the parts and the taxonomy; it must not exist.")
  private Path output;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "42",
      description = "Seed of what nothing else decides (default: ${DEFAULT-VALUE}).")
  private int seed;

  @Option(
      names = "--level",
      paramLabel = "N",
      description = "Subjects below this level of the taxonomy count as their ancestor on it.")
  private Integer level;

  @Option(names = "--compress", description = "Writes .jsonl.zst instead of .jsonl.")
  private boolean compress;

  @Mixin private Quiet quiet = new Quiet();

  public DataSplitCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var wanted = shares();
    if (level != null && level < 1) {
      throw BesorolException.plan("--level must be at least 1, not %d.".formatted(level));
    }
    var directory = output.toAbsolutePath().normalize();
    if (Files.exists(directory)) {
      throw BesorolException.plan(
          "%s exists already: choose another --output, or remove it.".formatted(output));
    }
    var taxonomy = TaxonomyFile.read(taxonomyFile, null).taxonomy();
    var files = inputs.stream().map(file -> DocumentFile.open(file, null)).toList();
    console.stop().watch();
    DataSplit split;
    try (var printer = new ProgressPrinter(console.err(), console.terminal())) {
      var progress = ProgressTracker.ofCheck(console.clock(), quiet.of(printer));
      DoubleConsumer told =
          share -> {
            if (console.stop().getAsBoolean()) {
              throw new CancelledException();
            }
            progress.at(Stage.READING, share);
          };
      split = DataSplit.of(files, new TargetLevel(taxonomy, level), wanted, seed, told);
      write(split, wanted, directory, told);
      progress.done();
    }
    print(split, wanted, taxonomy);
    console.out().flush();
    return 0;
  }

  private double[] shares() {
    var parts = shares.split(",", -1);
    try {
      var exact = Arrays.stream(parts).map(String::strip).map(BigDecimal::new).toList();
      boolean fits =
          exact.size() == PARTS.size()
              && exact.getFirst().signum() > 0
              && exact.stream().allMatch(share -> share.signum() >= 0)
              && exact.stream().reduce(BigDecimal.ZERO, BigDecimal::add).compareTo(BigDecimal.ONE)
                  == 0;
      if (fits) {
        return exact.stream().mapToDouble(BigDecimal::doubleValue).toArray();
      }
    } catch (NumberFormatException _) {
      // told below
    }
    throw BesorolException.plan(
        "--shares must be three numbers of at least 0 that are 1 together, the first above 0, such as 0.8,0.1,0.1, not %s."
            .formatted(shares));
  }

  /** Into a directory beside the output, which gets its name when all is there. */
  private void write(DataSplit split, double[] wanted, Path directory, DoubleConsumer told) {
    try {
      Files.createDirectories(directory.getParent());
      var unfinished =
          Files.createDirectory(directory.resolveSibling(".unfinished-" + UUID.randomUUID()));
      try {
        var targets = new ArrayList<Path>();
        for (int part = 0; part < PARTS.size(); part++) {
          targets.add(wanted[part] == 0 ? null : unfinished.resolve(name(part)));
        }
        split.write(targets, told);
        Files.copy(taxonomyFile, unfinished.resolve(taxonomyName()));
        Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Directories.delete(unfinished);
      }
    } catch (IOException e) {
      throw BesorolException.machine(
          "The parts cannot be written to %s (%s): check the directory and its free space."
              .formatted(output, e.getMessage()),
          e);
    }
  }

  private String name(int part) {
    return PARTS.get(part) + (compress ? ".jsonl.zst" : ".jsonl");
  }

  /** The name that a data directory wants, with the endings that tell the format. */
  private String taxonomyName() {
    var name = taxonomyFile.getFileName().toString();
    var ending = name.replaceFirst("^.*?([.][^.]+([.](gz|zst))?)$", "$1");
    return "taxonomy" + ending.toLowerCase(Locale.ROOT);
  }

  private void print(DataSplit split, double[] wanted, Taxonomy taxonomy) {
    var out = console.out();
    out.println(
        "%,d documents are split into %s. Texts that are almost the same stay together: %,d groups."
            .formatted(split.parts().length, output, split.groups()));
    out.println();
    var parts = Table.ofNumbers("", "wanted", "documents", "share", "subjects without documents");
    var all = report(split, split.parts(), wanted, subject -> true);
    for (int part = 0; part < wanted.length; part++) {
      if (wanted[part] > 0) {
        int p = part;
        long documents = Arrays.stream(split.parts()).filter(d -> d == p).count();
        parts.row(
            name(part),
            percent(wanted[part]),
            "%,d".formatted(documents),
            percent((double) documents / split.parts().length),
            "%,d of %,d".formatted(all.missing()[part], all.labels()));
      }
    }
    parts.print(out);
    out.println();
    var levels =
        Table.ofNumbers(
            "Mean deviation of a subject's share",
            "subjects",
            "train",
            "validation",
            "test",
            "by chance");
    for (int level = 1; level <= taxonomy.depth(); level++) {
      int wantedLevel = level;
      IntPredicate onLevel = subject -> taxonomy.level(subject) == wantedLevel;
      var report = report(split, split.parts(), wanted, onLevel);
      if (report.labels() > 0) {
        var byChance = report(split, split.byChance(), wanted, onLevel);
        levels.row(
            "level " + level,
            "%,d".formatted(report.labels()),
            percent(report.deviations()[0]),
            wanted[1] == 0 ? "" : percent(report.deviations()[1]),
            wanted[2] == 0 ? "" : percent(report.deviations()[2]),
            String.join(
                " / ",
                IntStream.range(0, wanted.length)
                    .filter(part -> wanted[part] > 0)
                    .mapToObj(part -> percent(byChance.deviations()[part]))
                    .toList()));
      }
    }
    levels.print(out);
  }

  private static SplitReport report(
      DataSplit split, int[] parts, double[] wanted, IntPredicate subjects) {
    return SplitReport.of(split.subjects(), parts, wanted, subjects);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }
}
