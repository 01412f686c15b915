package hu.mtmt.besorol.local.quickstart;

import hu.mtmt.besorol.api.TrainingRun;
import hu.mtmt.besorol.contract.AlgorithmType;
import hu.mtmt.besorol.local.LocalCluster;
import hu.mtmt.besorol.local.Programs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code besorol local quickstart}. */
@Command(
    name = QuickstartCommand.NAME,
    mixinStandardHelpOptions = true,
    description =
        "Trains a classifier, judges it and serves it: the whole flow on this machine, until"
            + " Ctrl-C.",
    footer = {
      "",
      "Exit codes: 0 done; 2 a manifest or the command line is wrong; 3 the data is wrong;",
      "5 the version did not pass its gates; 1 anything else."
    })
final class QuickstartCommand implements Callable<Integer> {
  static final String NAME = "quickstart";

  /** Exit code if the version did not pass its gates. */
  static final int REJECTED = 5;

  private static final String NAMESPACE = "default";

  private final Programs programs;
  private final Screen screen;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Data of your own: taxonomy.jsonl, train.jsonl, test.jsonl and, if there is one,"
              + " validation.jsonl; they may be compressed (.gz, .zst).")
  private Path data;

  @Option(
      names = "--algorithm",
      paramLabel = "TYPE",
      converter = AlgorithmTypes.class,
      description = "What learns, with its default parameters: Linear.")
  private AlgorithmType algorithm;

  @Option(names = "--once", description = "Ends after the answer instead of serving on.")
  private boolean once;

  @Mixin private ClusterOptions options;

  QuickstartCommand(Programs programs, Screen screen) {
    this.programs = programs;
    this.screen = screen;
  }

  @Override
  public Integer call() throws InterruptedException {
    var start = System.nanoTime();
    var input =
        data == null
            ? QuickstartInput.ofSample(programs.quickstart())
            : QuickstartInput.ofData(programs.quickstart(), data);
    if (algorithm != null) {
      input = input.withAlgorithm(algorithm);
    }
    screen.headline("Starting a cluster in this process, and the operator");
    var running = options.start(programs);
    input = input.withRunName(freeName(running.cluster(), input));
    screen.line("  state and kubeconfig in " + running.cluster().kubeconfig().getParent());

    screen.headline(
        "TrainingRun %s for ClassifierModel %s"
            .formatted(input.run().getMetadata().getName(), input.model().getMetadata().getName()));
    var outcome =
        new FirstRun(running.cluster(), running.installation(), NAMESPACE, screen).run(input);

    screen.headline("Gates of version " + outcome.version().version());
    screen.table(gates(outcome));
    if (!outcome.serves()) {
      screen.line("");
      screen.line("The version did not pass every gate, so it does not serve.");
      return REJECTED;
    }
    screen.headline("Serving at " + outcome.url());
    screen.line(
        "  after " + Screen.duration(Duration.ofNanos(System.nanoTime() - start).toSeconds()));

    screen.headline("POST %s/v1/classify".formatted(outcome.url()));
    screen.line("  “%s”".formatted(input.sample().title()));
    screen.line("");
    screen.table(
        SampleAnswer.table(
            new SampleAnswer(outcome.url()).of(input.sample()),
            input.taxonomy(),
            input.sample().language()));
    tellWhatElse(running.cluster(), input);
    if (!once) {
      screen.line("");
      screen.line("Serving until Ctrl-C.");
      new CountDownLatch(1).await();
    }
    return 0;
  }

  /** The name of the manifest, or the next number if a run of that name was made before. */
  private static String freeName(LocalCluster cluster, QuickstartInput input) {
    var name = input.run().getMetadata().getName();
    var taken =
        cluster
            .client()
            .resources(TrainingRun.class)
            .inNamespace(NAMESPACE)
            .list()
            .getItems()
            .stream()
            .map(r -> r.getMetadata().getName())
            .collect(Collectors.toSet());
    var stem = name.replaceFirst("-\\d+$", "");
    return taken.contains(name)
        ? IntStream.iterate(2, i -> i + 1)
            .mapToObj(i -> stem + "-" + i)
            .filter(n -> !taken.contains(n))
            .findFirst()
            .orElseThrow()
        : name;
  }

  private static TextTable gates(FirstRun.Outcome outcome) {
    var specs =
        outcome.model().getSpec().gates().stream()
            .collect(Collectors.toMap(g -> g.name(), g -> g.metric().written()));
    var table = new TextTable("GATE", "METRIC", "MEASURED", "WANTED", "VERDICT");
    for (var gate : outcome.version().gates()) {
      table.row(
          gate.name(),
          specs.getOrDefault(gate.name(), ""),
          Objects.requireNonNullElse(gate.value(), "–"),
          Objects.requireNonNullElse(gate.wanted(), ""),
          gate.passed() == null ? "open" : gate.passed() ? "passed" : "not passed");
    }
    return table;
  }

  private void tellWhatElse(LocalCluster cluster, QuickstartInput input) {
    var run = input.run().getMetadata().getName();
    screen.headline("Look around with kubectl in another window");
    screen.line("  export KUBECONFIG=" + cluster.kubeconfig());
    kubectlLines(run, input.model().getMetadata().getName()).forEach(l -> screen.line("  " + l));
  }

  /** What can be pasted while the cluster runs. */
  static List<String> kubectlLines(String run, String model) {
    return List.of(
        "kubectl get cmodel,trun,jobs,deployments,pods",
        "kubectl get trun -w",
        "kubectl describe trun " + run,
        "kubectl logs job/" + run,
        "kubectl explain cmodel.spec.gates",
        "kubectl wait --for=condition=Ready cmodel/" + model);
  }

  /** Reads a type as manifests write it. */
  private static final class AlgorithmTypes implements ITypeConverter<AlgorithmType> {
    @Override
    public AlgorithmType convert(String value) {
      return Arrays.stream(AlgorithmType.values())
          .filter(t -> t.written().equals(value))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'%s' is not an algorithm: write one of %s"
                          .formatted(
                              value,
                              Arrays.stream(AlgorithmType.values())
                                  .map(AlgorithmType::written)
                                  .collect(Collectors.joining(", ")))));
    }
  }
}
