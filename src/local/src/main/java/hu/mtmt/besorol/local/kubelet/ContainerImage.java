package hu.mtmt.besorol.local.kubelet;

import java.util.List;
import java.util.Map;

/**
 * What stands for a container image on this machine.
 *
 * @param entrypoint the command that is run unless the container names its own
 * @param environment variables that the image would set
 */
public record ContainerImage(List<String> entrypoint, Map<String, String> environment) {

  public ContainerImage {
    entrypoint = List.copyOf(entrypoint);
    environment = Map.copyOf(environment);
  }

  /** A command without variables. */
  public static ContainerImage of(String... entrypoint) {
    return new ContainerImage(List.of(entrypoint), Map.of());
  }
}
