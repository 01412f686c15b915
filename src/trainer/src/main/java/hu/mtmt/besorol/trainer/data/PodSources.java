package hu.mtmt.besorol.trainer.data;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContainerPaths;
import hu.mtmt.besorol.contract.Source;
import java.nio.file.Path;

/**
 * The sources of a pod: absolute paths below its volumes, and {@code https:} addresses of allowed
 * hosts. Each must have a digest, so that a run can be repeated.
 */
public final class PodSources implements Sources {
  private final ContainerPaths paths;
  private final Download download;

  /**
   * @param paths where the container's paths lie
   * @param download fetches addresses
   */
  public PodSources(ContainerPaths paths, Download download) {
    this.paths = paths;
    this.download = download;
  }

  @Override
  public Path file(Source source, String field) {
    if (source.digest() == null) {
      throw BesorolException.plan(
          "%s.digest is missing: write sha256: and what sha256sum prints of %s."
              .formatted(field, source.location()));
    }
    return source.location().startsWith("/")
        ? paths.resolve(source.location())
        : download.fetch(source.location(), source.digest(), field);
  }

  @Override
  public void close() {
    download.close();
  }
}
