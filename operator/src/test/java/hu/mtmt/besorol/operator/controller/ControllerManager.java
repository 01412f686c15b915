package hu.mtmt.besorol.operator.controller;

import hu.mtmt.besorol.testkit.KubernetesBinaries;
import hu.mtmt.besorol.testkit.RealApiServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A real kube-controller-manager for Jobs and quotas, as a process. */
final class ControllerManager implements AutoCloseable {
  private final Process process;

  private ControllerManager(Process process) {
    this.process = process;
  }

  /** Where the program is; empty if it is not on this machine. */
  static Optional<Path> program() {
    return KubernetesBinaries.find()
        .map(b -> b.directory().resolve("kube-controller-manager"))
        .filter(Files::isExecutable);
  }

  /** Starts one for that server. */
  static ControllerManager start(Path program, RealApiServer server) {
    try {
      var directory = Files.createTempDirectory("besorol-controllers");
      var kubeconfig = server.kubeconfig().toString();
      var command =
          new ProcessBuilder(
              program.toString(),
              "--kubeconfig=" + kubeconfig,
              "--authentication-kubeconfig=" + kubeconfig,
              "--authorization-kubeconfig=" + kubeconfig,
              "--controllers=job-controller,resourcequota-controller",
              "--leader-elect=false",
              "--bind-address=127.0.0.1",
              "--secure-port=" + freePort(),
              "--cert-dir=" + directory);
      return new ControllerManager(
          command
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile())
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
