package hu.mtmt.besorol.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Where etcd, kube-apiserver and kubectl are: the directory that {@code KUBEBUILDER_ASSETS} names,
 * or the one that {@code shared/kube/bin.sh} prints beside the checkout.
 *
 * @param directory holds the three programs
 */
public record KubernetesBinaries(Path directory) {

  /** The binaries, or empty if there are none here. */
  public static Optional<KubernetesBinaries> find() {
    return Stream.of(fromEnvironment(), fromBesideTheCheckout())
        .flatMap(Optional::stream)
        .filter(d -> Files.isExecutable(d.resolve("kube-apiserver")))
        .filter(d -> Files.isExecutable(d.resolve("etcd")))
        .map(KubernetesBinaries::new)
        .findFirst();
  }

  /** The program kubectl, or empty if only the servers are there. */
  public Optional<Path> kubectl() {
    return Optional.of(directory.resolve("kubectl")).filter(Files::isExecutable);
  }

  private static Optional<Path> fromEnvironment() {
    return Optional.ofNullable(System.getenv("KUBEBUILDER_ASSETS"))
        .filter(s -> !s.isBlank())
        .map(Path::of);
  }

  private static Optional<Path> fromBesideTheCheckout() {
    var script = repository().resolveSibling("shared").resolve("kube").resolve("bin.sh");
    if (!Files.isExecutable(script)) {
      return Optional.empty();
    }
    try {
      var process = new ProcessBuilder(script.toString()).redirectErrorStream(true).start();
      var printed = new String(process.getInputStream().readAllBytes()).strip();
      return process.waitFor(2, TimeUnit.MINUTES) && process.exitValue() == 0
          ? Optional.of(Path.of(printed.lines().toList().getLast()))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** The root of the repository: tests run in the directory of a module. */
  public static Path repository() {
    for (var d = Path.of("").toAbsolutePath(); d != null; d = d.getParent()) {
      if (Files.exists(d.resolve("mvnw"))) {
        return d;
      }
    }
    throw new IllegalStateException("not inside the repository: " + Path.of("").toAbsolutePath());
  }
}
