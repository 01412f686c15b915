package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.contract.BesorolException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code besorol serve}. */
@Command(
    name = "serve",
    description = "Serves a package over HTTP until Ctrl-C.",
    footer = {
      "",
      "  besorol serve model --port 8080",
      "  curl -H 'Content-Type: application/json' -d '{\"title\": \"Ancient DNA of cattle\"}' \\",
      "    localhost:8080/v1/classify"
    })
public final class ServeCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "PACKAGE", description = "Directory of the package.")
  private Path directory;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "Port that is served (default: ${DEFAULT-VALUE}).")
  private int port;

  public ServeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (port < 0 || port > 65535) {
      throw BesorolException.plan("--port must be from 0 to 65535, not %d.".formatted(port));
    }
    if (!Files.isDirectory(directory)) {
      throw BesorolException.data(
          "%s is not a package: name a directory that besorol train has written."
              .formatted(directory));
    }
    var service = ChildProgram.find(console, "src/inference/target", "besorol-inference");
    return ChildProgram.run(
        List.of(service.toString()),
        Map.of(
            "BESOROL_PACKAGE",
            directory.toAbsolutePath().normalize().toString(),
            "PORT",
            Integer.toString(port)));
  }
}
