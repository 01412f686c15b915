package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * A Kubernetes API server in this process, for the kinds that Besorol uses. It listens on 127.0.0.1
 * only, and answers only below an address that holds a secret.
 */
public final class LocalApiServer implements AutoCloseable {
  /** How many writes a watch can resume over, if nothing else is said. */
  public static final int HISTORY = 10_000;

  /** Connections that wait to be accepted. */
  private static final int BACKLOG = 1000;

  private final Store store;
  private final HttpServer http;
  private final ExecutorService threads;
  private final String secret;

  /**
   * How a server is started.
   *
   * @param directory where the state is kept and found again; empty: in memory only
   * @param port 0: any free one
   * @param clock for creation times and ages
   * @param logSource for {@code kubectl logs}
   * @param history how many writes a watch can resume over before it is answered with 410
   */
  public record Options(
      Optional<Path> directory, int port, Clock clock, LogSource logSource, int history) {

    /** In memory, on a free port. */
    public static Options inMemory() {
      return new Options(Optional.empty(), 0, Clock.systemUTC(), LogSource.none(), HISTORY);
    }

    /** With its state in a directory, which is made if it is not there. */
    public Options withDirectory(Path directory) {
      return new Options(Optional.of(directory), port, clock, logSource, history);
    }

    public Options withPort(int port) {
      return new Options(directory, port, clock, logSource, history);
    }

    public Options withClock(Clock clock) {
      return new Options(directory, port, clock, logSource, history);
    }

    public Options withLogSource(LogSource logSource) {
      return new Options(directory, port, clock, logSource, history);
    }

    public Options withHistory(int history) {
      return new Options(directory, port, clock, logSource, history);
    }
  }

  private LocalApiServer(Options options) throws IOException {
    var random = new SecureRandom();
    secret = secret(options.directory(), random);
    store = new Store(options.directory(), options.history());
    threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      var kinds = new Kinds();
      var services = kinds.builtIn("", "v1", "services");
      var addresses =
          new ServiceAddresses(
              () -> store.list(services, "").objects().stream().flatMap(LocalApiServer::address));
      var admission =
          new Admission(new BuiltIns(addresses, new CustomDefinitions(kinds, options.clock())));
      var writes = new Writes(store, kinds, admission, options.clock());
      var resources = new Resources(store, writes, admission, random);
      var deletion = new Deletion(store, writes, admission, options.clock());
      var definitions = kinds.builtIn(Kinds.EXTENSIONS, "v1", Kinds.CRDS);
      store.list(definitions, "").objects().forEach(kinds::define);
      writes.ensureNamespaces("default", "kube-system");
      var tables = new Tables(options.clock());
      var router =
          new Router(
              kinds,
              resources,
              deletion,
              new Collections(store, deletion, tables),
              new Watches(store, tables),
              tables,
              new Discovery(kinds),
              new OpenApi(kinds),
              new Logs(resources, options.logSource()));
      prepareHttp();
      http =
          HttpServer.create(
              new InetSocketAddress(InetAddress.getByName("127.0.0.1"), options.port()), BACKLOG);
      http.createContext("/", new Front(secret, router));
      http.setExecutor(threads);
      http.start();
      threads.execute(new GarbageCollector(store, kinds, deletion));
    } catch (IOException | RuntimeException e) {
      threads.shutdownNow();
      store.close();
      throw e;
    }
  }

  /** The JDK's server is configured by properties only, and reads them when it is first used. */
  private static void prepareHttp() {
    // Else every small answer waits 40 ms for the client's acknowledgement.
    setProperty("sun.net.httpserver.nodelay", "true");
    // Else it closes connections just when clients are about to use them again.
    setProperty("sun.net.httpserver.maxIdleConnections", "10000");
    setProperty("sun.net.httpserver.idleInterval", "3600");
  }

  private static void setProperty(String name, String value) {
    if (System.getProperty(name) == null) {
      System.setProperty(name, value);
    }
  }

  private static Stream<String> address(JsonNode service) {
    return Stream.of(service.at("/spec/clusterIP").asText("")).filter(a -> !a.isEmpty());
  }

  /**
   * Starts a server; when this returns it answers.
   *
   * @throws IOException with a sentence if the directory is in use or damaged, or the port is taken
   */
  public static LocalApiServer start(Options options) throws IOException {
    return new LocalApiServer(options);
  }

  /** That of the directory, so that a kubeconfig outlives a restart on the same port. */
  private static String secret(Optional<Path> directory, SecureRandom random) throws IOException {
    if (directory.isEmpty()) {
      return newSecret(random);
    }
    Files.createDirectories(directory.get());
    var file = directory.get().resolve("secret");
    try {
      Files.writeString(createPrivate(file), newSecret(random));
    } catch (FileAlreadyExistsException e) {
      // The one of an earlier start stays valid.
    }
    return Files.readString(file).strip();
  }

  private static String newSecret(SecureRandom random) {
    var bytes = new byte[24];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** A new file that only its owner can read. */
  private static Path createPrivate(Path file) throws IOException {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
        : Files.createFile(file);
  }

  /**
   * Where it answers: {@code http://127.0.0.1:PORT/SECRET}. Whoever knows it has all rights, so it
   * is not to be logged.
   */
  public String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort() + "/" + secret;
  }

  /**
   * Writes a kubeconfig with all rights, readable for its owner only.
   *
   * @return the file
   */
  public Path kubeconfig(Path file) throws IOException {
    var text =
        """
        apiVersion: v1
        kind: Config
        current-context: besorol
        clusters:
        - name: besorol
          cluster:
            server: %s
        users:
        - name: besorol
          user: {}
        contexts:
        - name: besorol
          context:
            cluster: besorol
            user: besorol
            namespace: default
        """
            .formatted(url());
    var fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.writeString(createPrivate(fresh), text);
    return Files.move(
        fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Ends every watch, as a server does that restarts; clients resume. */
  public void endWatches() {
    store.endSubscriptions();
  }

  /** Forgets the history, as time does: whoever resumes from before is answered with 410. */
  public void forgetHistory() {
    store.forgetHistory();
  }

  @Override
  public void close() throws IOException {
    store.endSubscriptions();
    http.stop(0);
    threads.shutdownNow();
    store.close();
  }
}
