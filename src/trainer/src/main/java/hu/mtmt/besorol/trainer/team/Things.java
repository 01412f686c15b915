package hu.mtmt.besorol.trainer.team;

import hu.mtmt.besorol.classifiers.Checkpoints;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.trainer.data.TemporaryDirectory;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Named things in files, with their digests. They are as large as the data, so they do not lie in
 * the heap; nor among the checkpoints, since they are made again where they are missing.
 * Thread-safe.
 */
final class Things implements AutoCloseable {
  /** What a name looks like. */
  static final String NAME = "[a-z0-9][a-z0-9-]{0,99}";

  /** How many things there may be. */
  static final int MOST = 1 << 16;

  /** How large one may be, in bytes. */
  static final long MOST_BYTES = 16L << 30;

  private static final int BUFFER = 1 << 16;

  private final TemporaryDirectory directory =
      TemporaryDirectory.make("besorol-team-", "mount a writable volume at /tmp");
  private final Map<String, Digest> digests = new TreeMap<>();

  /** The digest of a thing, or null if it is not there. */
  synchronized Digest digest(String name) {
    return digests.get(name);
  }

  /** The digests of all things, by name. */
  synchronized Map<String, Digest> digests() {
    return new TreeMap<>(digests);
  }

  Path directory() {
    return directory.path();
  }

  Path file(String name) {
    return directory.path().resolve(name);
  }

  /** Writes a thing that this process has made. */
  void write(String name, Checkpoints.Writer writer) {
    keep(
        name,
        null,
        file -> {
          var sha = Digest.sha256();
          try (var data =
              new DataOutputStream(
                  new BufferedOutputStream(
                      new DigestOutputStream(Files.newOutputStream(file), sha), BUFFER))) {
            writer.write(data);
          }
          return Digest.of(sha);
        });
  }

  /**
   * Keeps a thing that another process has made.
   *
   * @param expected its digest
   * @throws BesorolException if it has another digest, or the one that is there has
   */
  void receive(String name, Digest expected, InputStream in) {
    keep(
        name,
        expected,
        file -> {
          var sha = Digest.sha256();
          try (var out = new DigestOutputStream(Files.newOutputStream(file), sha)) {
            if (in.transferTo(out) > MOST_BYTES) {
              throw new IOException("more than " + MOST_BYTES + " bytes");
            }
          }
          return Digest.of(sha);
        });
  }

  /** Reads a thing that is there. */
  <T> T read(String name, Checkpoints.Reader<T> reader) {
    try (var data =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file(name)), BUFFER))) {
      return reader.read(data);
    } catch (IOException e) {
      throw failed(name, e);
    }
  }

  @FunctionalInterface
  private interface Content {
    Digest into(Path file) throws IOException;
  }

  private void keep(String name, Digest expected, Content content) {
    var file = directory.path().resolve("unfinished-" + UUID.randomUUID());
    try {
      var digest = content.into(file);
      if (expected != null && !digest.equals(expected)) {
        throw BesorolException.machine(
            "What was received as %s is damaged: check the network.".formatted(name), null);
      }
      synchronized (this) {
        var before = digests.get(name);
        if (before != null) {
          requireSame(name, before, digest);
          return;
        }
        if (digests.size() == MOST) {
          throw new IOException("there are %d already".formatted(MOST));
        }
        Files.move(file, file(name), StandardCopyOption.ATOMIC_MOVE);
        digests.put(name, digest);
        notifyAll();
      }
    } catch (IOException e) {
      throw failed(name, e);
    } finally {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        // it goes with its directory
      }
    }
  }

  /** Results hang on the plan alone: if they do not, no version can be trusted. */
  static void requireSame(String name, Digest ours, Digest theirs) {
    if (!ours.equals(theirs)) {
      throw new BesorolException(
          FailureKind.PROGRAM_FAILED,
          "Two processes made different things of one name, %s (%s and %s), though both had the same plan: run them on the same kind of machine."
              .formatted(name, ours.abbreviated(), theirs.abbreviated()));
    }
  }

  /**
   * Waits until a thing is there.
   *
   * @return whether it is
   */
  synchronized boolean await(String name, long millis) throws InterruptedException {
    long deadline = System.nanoTime() + millis * 1_000_000;
    for (long left; !digests.containsKey(name); ) {
      left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  private static BesorolException failed(String name, IOException e) {
    return BesorolException.machine(
        "What processes exchange cannot be kept in the temporary directory (%s: %s): check the free space at /tmp."
            .formatted(name, e.getMessage()),
        e);
  }

  /** What cannot be deleted is left behind: it is no reason for a training to fail. */
  @Override
  public void close() {
    try {
      directory.close();
    } catch (BesorolException e) {
      // in a pod it goes with the pod
    }
  }
}
