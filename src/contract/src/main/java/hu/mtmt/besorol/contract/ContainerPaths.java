package hu.mtmt.besorol.contract;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where a container's absolute paths lie. In a container they are what they say. A process that
 * runs on the node itself, as in the local cluster, finds its volumes below the directory that
 * {@value #VARIABLE} names: the convention of Kubernetes' HostProcess containers.
 */
public final class ContainerPaths {
  /** The environment variable that names the root of the container's paths. */
  public static final String VARIABLE = "CONTAINER_SANDBOX_MOUNT_POINT";

  private final Path root;

  private ContainerPaths(Path root) {
    this.root = root;
  }

  /** The paths of the process with that environment. */
  public static ContainerPaths of(Map<String, String> environment) {
    var root = environment.get(VARIABLE);
    return new ContainerPaths(root == null || root.isBlank() ? Path.of("/") : Path.of(root));
  }

  /**
   * Where the container's {@code path} lies on this machine.
   *
   * @throws BesorolException if the path is not absolute or would leave the container
   */
  public Path resolve(String path) {
    var absolute = Path.of(path);
    if (!absolute.isAbsolute() || !absolute.normalize().equals(absolute)) {
      throw BesorolException.plan(
          "'%s' must be an absolute path without . and .. in it.".formatted(path));
    }
    return root.resolve(Path.of("/").relativize(absolute));
  }
}
