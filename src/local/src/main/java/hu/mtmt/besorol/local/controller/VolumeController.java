package hu.mtmt.besorol.local.controller;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatusBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;

/**
 * Gives every claim a directory of this machine. The directory stays when the claim is deleted: it
 * may hold what nobody has another copy of.
 */
final class VolumeController implements Reconciler {
  private final ClusterScope cluster;
  private final VolumeDirectories directories;

  VolumeController(ClusterScope cluster, VolumeDirectories directories) {
    this.cluster = cluster;
    this.directories = directories;
  }

  @Override
  public Optional<Duration> reconcile(ObjectKey key) {
    var claim = cluster.get(key, PersistentVolumeClaim.class);
    if (claim == null
        || claim.getMetadata().getDeletionTimestamp() != null
        || (claim.getStatus() != null && "Bound".equals(claim.getStatus().getPhase()))) {
      return Optional.empty();
    }
    try {
      Files.createDirectories(directories.of(key.namespace(), key.name()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var status =
        new PersistentVolumeClaimStatusBuilder()
            .withPhase("Bound")
            .withAccessModes(claim.getSpec().getAccessModes())
            .withCapacity(claim.getSpec().getResources().getRequests())
            .build();
    cluster
        .in(key, PersistentVolumeClaim.class)
        .resource(claim)
        .editStatus(
            c -> {
              c.setStatus(status);
              return c;
            });
    return Optional.empty();
  }
}
