package hu.mtmt.besorol.testkit;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An S3 server, S3Proxy, as a process of its own. Its buckets are directories, its objects files in
 * them.
 */
public final class S3Server implements AutoCloseable {
  public static final String ACCESS_KEY = "AKIATEST";
  public static final String SECRET_KEY = "a-secret-key-of-tests";

  private final Process process;
  private final int port;
  private final Path buckets;

  private S3Server(Process process, int port, Path buckets) {
    this.process = process;
    this.port = port;
    this.buckets = buckets;
  }

  /**
   * Starts one.
   *
   * @param directory an empty directory for it
   * @param names of the buckets that it has
   */
  public static S3Server start(Path directory, String... names) throws IOException {
    var buckets = directory.resolve("buckets");
    for (var name : names) {
      Files.createDirectories(buckets.resolve(name));
    }
    int port;
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    var properties = directory.resolve("s3proxy.properties");
    Files.writeString(
        properties,
        """
        s3proxy.endpoint=http://127.0.0.1:%d
        s3proxy.authorization=aws-v2-or-v4
        s3proxy.identity=%s
        s3proxy.credential=%s
        jclouds.provider=filesystem-nio2
        jclouds.filesystem.basedir=%s
        """
            .formatted(port, ACCESS_KEY, SECRET_KEY, buckets));
    var log = directory.resolve("s3proxy.log");
    var process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-DLOG_LEVEL=warn",
                    "-cp",
                    Files.readString(
                        KubernetesBinaries.repository()
                            .resolve("src/testkit/target/s3proxy.classpath")),
                    "org.gaul.s3proxy.Main",
                    "--properties",
                    properties.toString()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    var server = new S3Server(process, port, buckets);
    try {
      server.awaitStart(log);
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private void awaitStart(Path log) throws IOException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (true) {
      try (var _ = new Socket("127.0.0.1", port)) {
        return;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > end) {
          throw new IOException("S3Proxy did not start: " + Files.readString(log), e);
        }
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }

  /** Its address. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  int port() {
    return port;
  }

  /** Where the objects of a bucket lie as files. */
  public Path bucket(String name) {
    return buckets.resolve(name);
  }

  /** Writes its keys into a directory, as a Secret is mounted. */
  public static Path writeCredentials(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("AWS_ACCESS_KEY_ID"), ACCESS_KEY);
    Files.writeString(directory.resolve("AWS_SECRET_ACCESS_KEY"), SECRET_KEY + "\n");
    return directory;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
