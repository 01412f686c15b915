package hu.mtmt.besorol.local.controller;

import java.nio.file.Path;

/**
 * Where the volumes of claims lie: {@code ROOT/NAMESPACE/CLAIM}.
 *
 * @param root holds them all
 */
public record VolumeDirectories(Path root) {

  /** The directory of a claim; it is there once the claim is bound. */
  public Path of(String namespace, String claim) {
    return root.resolve(namespace).resolve(claim);
  }
}
