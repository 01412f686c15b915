package hu.mtmt.besorol.local;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.local.kubelet.ContainerImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The programs of a checkout that was built, which stand for the container images in the local
 * cluster.
 *
 * @param checkout the root of the repository
 */
public record Programs(Path checkout) {
  /** The image that trains, judges and prunes. */
  public static final String TRAINER = "localhost/besorol-trainer:latest";

  /** The image that answers. */
  public static final String INFERENCE = "localhost/besorol-inference:latest";

  /** The image of the operator. */
  public static final String OPERATOR = "localhost/besorol-operator:latest";

  public Programs {
    checkout = checkout.toAbsolutePath().normalize();
  }

  /** The checkout that {@code directory} lies in. */
  public static Programs around(Path directory) {
    for (var d = directory.toAbsolutePath(); d != null; d = d.getParent()) {
      if (Files.exists(d.resolve("mvnw")) && Files.isDirectory(d.resolve("crds"))) {
        return new Programs(d);
      }
    }
    throw BesorolException.plan(
        "%s does not lie in a checkout of Besorol: run this from there.".formatted(directory));
  }

  /**
   * What stands for each image.
   *
   * @param kubeconfig what the operator reaches the API server by
   * @throws BesorolException if a program was not built
   */
  public Map<String, ContainerImage> images(Path kubeconfig) {
    return Map.of(
        TRAINER,
        ContainerImage.of(built("src/trainer/target/besorol").toString()),
        INFERENCE,
        ContainerImage.of(built("src/inference/target/besorol-inference").toString()),
        OPERATOR,
        new ContainerImage(
            operator(), Map.of("KUBECONFIG", kubeconfig.toAbsolutePath().toString())));
  }

  /** The directory of the CRDs. */
  public Path crds() {
    return checkout.resolve("crds");
  }

  /** The directory of the sample that the quickstart runs. */
  public Path quickstart() {
    return checkout.resolve("kubernetes/samples/quickstart");
  }

  /** Where the quickstart keeps its state. */
  public Path stateDirectory() {
    return checkout.resolve(".besorol/local");
  }

  /** Beside other processes of the machine: a small heap, no threads to collect garbage. */
  private List<String> operator() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:-UsePerfData",
        "-XX:TieredStopAtLevel=1",
        "-Xmx256m",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-jar",
        built("operator/target/quarkus-app/quarkus-run.jar").toString());
  }

  private Path built(String path) {
    var file = checkout.resolve(path);
    if (!Files.exists(file)) {
      throw BesorolException.plan(
          "%s is not there: build it with ./mvnw -q package -DskipTests.".formatted(file));
    }
    return file;
  }
}
