package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.classifiers.ModelPackage;
import hu.mtmt.besorol.contract.ContractJson;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code besorol inspect}. */
@Command(
    name = "inspect",
    description = "Says what a package is, after verifying all of its files.",
    footer = {
      "",
      "  besorol inspect model",
      "  besorol inspect model --self-test",
      "  besorol inspect model --json | jq .figures"
    })
public final class InspectCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "PACKAGE", description = "Directory of the package.")
  private Path directory;

  @Option(names = "--json", description = "Prints the manifest, model.json.")
  private boolean json;

  @Option(
      names = "--self-test",
      description = "Answers the documents of the package's self-test too and compares.")
  private boolean selfTest;

  @Option(
      names = "--subjects",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "How many of the best and worst subjects are shown (default: ${DEFAULT-VALUE}).")
  private int subjects;

  public InspectCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var model = ModelPackage.open(directory);
    if (selfTest) {
      model.selfTest();
    }
    var out = console.out();
    if (json) {
      var manifest = ContractJson.write(model.manifest());
      out.write(manifest, 0, manifest.length);
    } else {
      PackageFacts.print(model, directory, out);
      model
          .evaluation()
          .ifPresentOrElse(
              report -> {
                out.println();
                Reports.printMetrics(report, out);
                if (subjects > 0) {
                  out.println();
                  Reports.printSubjects(report, model.target().taxonomy(), subjects, out);
                }
              },
              () -> {
                out.println();
                out.println(
                    "It was trained without a holdout, so nothing is known of how good it is.");
                out.println(PackageFacts.howToReport(directory));
              });
      if (selfTest) {
        out.println();
        out.println("The self-test gives the expected answers.");
      }
    }
    out.flush();
    return 0;
  }
}
