package hu.mtmt.besorol.inference;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;
import java.util.Optional;

/**
 * What can be set from outside, as properties ({@code besorol.limits.documents}) or as environment
 * variables ({@code BESOROL_LIMITS_DOCUMENTS}).
 */
@ConfigMapping(prefix = "besorol")
public interface InferenceConfig {
  /**
   * Absolute path of the package, as the container sees it; the prefix of its keys, which ends in
   * the version, if {@link #s3} says which bucket it is in.
   */
  @WithName("package")
  Optional<String> packagePath();

  /**
   * The same of the version that is served while this one is tried: some documents are answered by
   * it too, and how often both agree is told ({@link hu.mtmt.besorol.contract.ServiceReport}).
   */
  Optional<String> baselinePackage();

  /** The bucket of the package; without one it is a directory. */
  Optional<S3> s3();

  /**
   * Absolute path, as the container sees it, of the directory where packages of a bucket are kept.
   * Without it each process keeps its own in the temporary directory.
   */
  Optional<String> cache();

  /**
   * Absolute path, as the container sees it, of a file with the API keys of clients, one a line.
   * Without it everybody is let in.
   */
  Optional<String> apiKeysFile();

  /**
   * How long the service goes on answering after SIGTERM, no longer ready, so that whoever sends it
   * requests can notice.
   */
  @WithDefault("5s")
  Duration shutdownDelay();

  /** How long requests that are under way after that delay may take to finish. */
  @WithDefault("20s")
  Duration shutdownTimeout();

  /**
   * How old a connection gets: the first answer after that asks the client to take another one.
   * Where clients are spread over several processes by connection, they are spread anew so often.
   * Without it connections get as old as clients like.
   */
  Optional<Duration> connectionAge();

  /** Whether to end as soon as the service is ready: so an AOT cache is recorded. */
  @WithDefault("false")
  boolean trainingRun();

  Limits limits();

  /** A bucket; see {@link hu.mtmt.besorol.contract.S3Bucket}. */
  interface S3 {
    /** Address of the service. */
    String endpoint();

    /**
     * Region that requests are signed for; {@value
     * hu.mtmt.besorol.contract.S3Bucket#DEFAULT_REGION} if it is absent. A default here would be a
     * bucket for everybody.
     */
    Optional<String> region();

    /** Name of the bucket. */
    String bucket();

    /** Absolute path, as the container sees it, of a mounted Secret with the keys. */
    Optional<String> credentials();
  }

  /** What a request may cost. Over a limit a client gets a problem that says so. */
  interface Limits {
    /** Largest body of a request that is not a stream. */
    @WithDefault("10M")
    MemorySize bodySize();

    /** Largest size of all bodies together that are in memory, streams not counted. */
    @WithDefault("64M")
    MemorySize bodiesSize();

    /** How long the body of a request that is not a stream may take to arrive. */
    @WithDefault("30s")
    Duration bodyTime();

    /** Most documents in a request that is not a stream. */
    @WithDefault("1000")
    int documents();

    /** Most characters of all texts of a document together. */
    @WithDefault("200000")
    int textCharacters();

    /** Most requests that are being answered or wait for it, streams not counted. */
    @WithDefault("256")
    int concurrentRequests();

    /** Most streams at the same time. */
    @WithDefault("16")
    int concurrentStreams();

    /** Longest line of a stream. */
    @WithDefault("1M")
    MemorySize lineSize();
  }
}
