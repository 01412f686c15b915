package hu.mtmt.besorol.benchmarks;

import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.corpus.DocumentFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntToLongFunction;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Measures the packaged service on this machine, beside the load generator: one document a request
 * at a fixed rate, the stream, and how many requests one core can answer.
 *
 * <p>The load at a fixed rate is open: requests are due at fixed times, and a request's time counts
 * from when it was due, so that a service that stalls is charged for all that should have been
 * asked meanwhile (no coordinated omission).
 *
 * <p>Arguments: launcher of the service, package, file of documents; then the rate per second (500)
 * and seconds (30).
 */
public final class ServingBenchmark {
  private static final int CONNECTIONS = 32;
  private static final int SATURATING_CONNECTIONS = 8;
  private static final int DOCUMENTS = 5_000;
  private static final int STREAMED = 100_000;
  private static final int WARM_UP_SECONDS = 20;

  private final ServiceProcess service;
  private final List<byte[]> documents;

  private ServingBenchmark(ServiceProcess service, List<byte[]> documents) {
    this.service = service;
    this.documents = documents;
  }

  public static void main(String[] args) throws Exception {
    if (args.length < 3) {
      System.err.println("Arguments: LAUNCHER PACKAGE DOCUMENTS [RATE [SECONDS]]");
      System.exit(2);
    }
    var launcher = Path.of(args[0]);
    var modelPackage = Path.of(args[1]);
    int rate = args.length > 3 ? Integer.parseInt(args[3]) : 500;
    int seconds = args.length > 4 ? Integer.parseInt(args[4]) : 30;
    var documents = read(Path.of(args[2]));
    System.out.println("| serving | |");
    System.out.println("|---|---:|");
    try (var service = new ServiceProcess(List.of(), launcher, modelPackage)) {
      new ServingBenchmark(service, documents).onAllCores(rate, seconds);
    }
    keepToOtherCores();
    try (var service = new ServiceProcess(Measured.ON_ONE_CORE, launcher, modelPackage)) {
      new ServingBenchmark(service, documents).onOneCore(seconds);
    }
  }

  /** Leaves the first core to the service; needs Linux. */
  private static void keepToOtherCores() throws IOException, InterruptedException {
    var others = "1-" + (Runtime.getRuntime().availableProcessors() - 1);
    var self = Long.toString(ProcessHandle.current().pid());
    var taskset =
        new ProcessBuilder("taskset", "--all-tasks", "--cpu-list", "--pid", others, self)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (taskset.waitFor() != 0) {
      throw new IOException("the load generator cannot be kept to the cores " + others);
    }
  }

  private void onAllCores(int rate, int seconds) throws Exception {
    service.awaitReady();
    row("resident memory when ready, MiB", service.resident());
    saturate(WARM_UP_SECONDS);
    var cpuBefore = service.cpu();
    var latencies = load(rate, seconds);
    var cpuPerRequest = service.cpu().minus(cpuBefore).dividedBy(latencies.getTotalCount());
    stream(STREAMED / 10);
    cpuBefore = service.cpu();
    long streamStart = System.nanoTime();
    stream(STREAMED);
    double streamSeconds = (System.nanoTime() - streamStart) / 1e9;
    double streamCpuSeconds = service.cpu().minus(cpuBefore).toMillis() / 1e3;
    row("requests of one document per second", rate);
    row("p50, ms", latencies.getValueAtPercentile(50) / 1e3);
    row("p99, ms", latencies.getValueAtPercentile(99) / 1e3);
    row("p99.9, ms", latencies.getValueAtPercentile(99.9) / 1e3);
    row("CPU per request, ms", cpuPerRequest.toNanos() / 1e6);
    row("stream, documents per second", Math.round(STREAMED / streamSeconds));
    row("stream, documents per CPU second", Math.round(STREAMED / streamCpuSeconds));
    row("resident memory at the end, MiB", service.resident());
  }

  private void onOneCore(int seconds) throws Exception {
    service.awaitReady();
    saturate(WARM_UP_SECONDS);
    var cpuBefore = service.cpu();
    int requests = saturate(seconds);
    var cpuPerRequest = service.cpu().minus(cpuBefore).dividedBy(requests);
    row("requests of one document per second on one core", requests / seconds);
    row("CPU per request there, ms", cpuPerRequest.toNanos() / 1e6);
  }

  private static void row(String name, Object value) {
    System.out.printf(
        Locale.ROOT, value instanceof Double ? "| %s | %.2f |%n" : "| %s | %,d |%n", name, value);
  }

  private static List<byte[]> read(Path file) {
    try (var lines = DocumentFile.open(file, null).lines()) {
      return lines
          .limit(DOCUMENTS)
          .map(DocumentFile.Line::document)
          .map(ServingBenchmark::withoutSubjects)
          .map(ContractJson::writeLine)
          .toList();
    }
  }

  private static Document withoutSubjects(Document d) {
    return new Document(
        d.id(), d.title(), d.abstractText(), d.keywords(), d.journal(), d.language(), null, null);
  }

  /** Asks about documents on a connection. */
  private interface Client {
    void ask(HttpConnection connection) throws Exception;
  }

  private void ask(int connections, Client client, Runnable meanwhile) throws Exception {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Void> task =
          () -> {
            try (var connection = service.connect()) {
              client.ask(connection);
            }
            return null;
          };
      var clients = Collections.nCopies(connections, task).stream().map(executor::submit).toList();
      meanwhile.run();
      for (var each : clients) {
        each.get();
      }
    }
  }

  private void ask(HttpConnection connection, int request) throws IOException {
    var document = documents.get(request % documents.size());
    if (connection.exchange("POST /v1/classify", HttpConnection.JSON, document) != 200) {
      throw new IOException("a request failed");
    }
  }

  /** Sends requests at fixed times; gives their times in microseconds. */
  private ConcurrentHistogram load(int rate, int seconds) throws Exception {
    var histogram = new ConcurrentHistogram(TimeUnit.MINUTES.toMicros(1), 3);
    var due = new LinkedBlockingQueue<Integer>();
    long first = System.nanoTime();
    IntToLongFunction time = request -> first + request * 1_000_000_000L / rate;
    ask(
        CONNECTIONS,
        connection -> {
          for (int request = due.take(); request >= 0; request = due.take()) {
            ask(connection, request);
            histogram.recordValue((System.nanoTime() - time.applyAsLong(request)) / 1000);
          }
        },
        () -> {
          for (int request = 0; request < rate * seconds; request++) {
            long at = time.applyAsLong(request);
            while (System.nanoTime() < at) {
              LockSupport.parkNanos(at - System.nanoTime());
            }
            due.add(request);
          }
          due.addAll(Collections.nCopies(CONNECTIONS, -1));
        });
    return histogram;
  }

  /** Every connection asks again as soon as it has its answer; gives how many answers came. */
  private int saturate(int seconds) throws Exception {
    var requests = new AtomicInteger();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    ask(
        SATURATING_CONNECTIONS,
        connection -> {
          while (System.nanoTime() < end) {
            ask(connection, requests.getAndIncrement());
          }
        },
        () -> {});
    return requests.get();
  }

  private void stream(int count) throws Exception {
    try (var connection = service.connect();
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      connection.write(
          """
          POST /v1/classify/stream HTTP/1.1\r
          Host: localhost\r
          Content-Type: application/x-ndjson\r
          Transfer-Encoding: chunked\r
          Connection: close\r
          \r
          """
              .getBytes(StandardCharsets.US_ASCII));
      var writing =
          executor.submit(
              () -> {
                var chunk = new ByteArrayOutputStream();
                for (int i = 0; i < count; i++) {
                  chunk.writeBytes(documents.get(i % documents.size()));
                  chunk.write('\n');
                  if (chunk.size() > 1 << 15 || i == count - 1) {
                    var size = Integer.toHexString(chunk.size()) + "\r\n";
                    connection.write(size.getBytes(StandardCharsets.US_ASCII));
                    chunk.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
                    connection.write(chunk.toByteArray());
                    chunk.reset();
                  }
                }
                connection.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                return null;
              });
      int answers = connection.countLines();
      writing.get();
      if (answers != count) {
        throw new IOException("%d answers for %d documents".formatted(answers, count));
      }
    }
  }
}
