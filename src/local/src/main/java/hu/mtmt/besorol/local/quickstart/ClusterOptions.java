package hu.mtmt.besorol.local.quickstart;

import hu.mtmt.besorol.local.BesorolInstallation;
import hu.mtmt.besorol.local.LocalCluster;
import hu.mtmt.besorol.local.Programs;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What both commands can be told of the cluster. */
final class ClusterOptions {
  @Option(
      names = "--keep",
      description =
          "Goes on with what an earlier start has left, instead of beginning with nothing.")
  private boolean keep;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port of 127.0.0.1 under which the first model is served (default: any).")
  private Integer port;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description = "Where the cluster keeps its state (default: .besorol/local of the checkout).")
  private Path directory;

  /** A cluster that runs, with the operator in it. */
  record Running(LocalCluster cluster, BesorolInstallation installation) {}

  /** Starts the cluster; it ends with this process. */
  Running start(Programs programs) {
    var state =
        new StateDirectory(Optional.ofNullable(directory).orElse(programs.stateDirectory()));
    if (!keep) {
      state.empty();
    }
    state.takeLog();
    var path = state.path().toAbsolutePath();
    var cluster =
        LocalCluster.embedded(
            new LocalCluster.Settings(
                path,
                programs.images(LocalCluster.kubeconfig(path)),
                Optional.empty(),
                Optional.ofNullable(port),
                LocalCluster.Pauses.SHORT));
    Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "end-of-local-cluster"));
    var installation = new BesorolInstallation(cluster.client(), BesorolInstallation.NAMESPACE);
    installation.install(programs.crds(), Optional.empty());
    return new Running(cluster, installation);
  }
}
