package hu.mtmt.besorol.trainer.data;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContainerPaths;
import hu.mtmt.besorol.contract.Source;
import hu.mtmt.besorol.store.Bucket;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The sources of a pod: absolute paths below its volumes, {@code https:} addresses of allowed
 * hosts, and objects in buckets. Each must have a digest, so that a run can be repeated.
 */
public final class PodSources implements Sources {
  private static final String REMEDY = "mount a writable volume at /tmp";

  private final ContainerPaths paths;
  private final Download download;
  private final List<TemporaryDirectory> fetched = new ArrayList<>();

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
    if (source.s3() != null) {
      return object(source, field);
    }
    return source.location().startsWith("/")
        ? paths.resolve(source.location())
        : download.fetch(source.location(), source.digest(), field);
  }

  private Path object(Source source, String field) {
    var directory = TemporaryDirectory.make("besorol-", REMEDY);
    fetched.add(directory);
    var name = source.location().substring(source.location().lastIndexOf('/') + 1);
    // Formats are told by how names end, so that is kept; the prefix makes any name harmless.
    var file = directory.path().resolve("file-" + name);
    try (var bucket = Bucket.open(source.s3(), paths)) {
      bucket.fetch(source.location(), source.digest(), Download.MAXIMUM_BYTES, file);
      return file;
    } catch (BesorolException e) {
      throw new BesorolException(e.kind(), field + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw BesorolException.machine(
          "%s: %s cannot be written (%s): give /tmp more space."
              .formatted(field, source.location(), e.getMessage()),
          e);
    }
  }

  @Override
  public List<Path> fetched() {
    return Stream.concat(
            download.directories().stream(), fetched.stream().map(TemporaryDirectory::path))
        .toList();
  }

  @Override
  public void close() {
    download.close();
    fetched.forEach(TemporaryDirectory::close);
  }
}
