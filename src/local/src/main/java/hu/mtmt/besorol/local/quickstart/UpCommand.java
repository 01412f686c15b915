package hu.mtmt.besorol.local.quickstart;

import hu.mtmt.besorol.local.Programs;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code besorol local up}. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = "Runs a cluster with the operator, and nothing in it yet, until Ctrl-C.")
final class UpCommand implements Callable<Integer> {
  private final Programs programs;
  private final Screen screen;

  @Mixin private ClusterOptions options;

  UpCommand(Programs programs, Screen screen) {
    this.programs = programs;
    this.screen = screen;
  }

  @Override
  public Integer call() throws InterruptedException {
    var running = options.start(programs);
    screen.line("The cluster runs; work with it in another window:");
    screen.line("");
    screen.line("  export KUBECONFIG=" + running.cluster().kubeconfig());
    screen.line("  kubectl explain cmodel.spec");
    screen.line("  kubectl apply -f …");
    screen.line("");
    screen.line("The volume of the claim C in the namespace N is the directory");
    screen.line("  " + running.cluster().volumes().root().resolve("N").resolve("C"));
    screen.line("");
    screen.line("Running until Ctrl-C.");
    new CountDownLatch(1).await();
    return 0;
  }
}
