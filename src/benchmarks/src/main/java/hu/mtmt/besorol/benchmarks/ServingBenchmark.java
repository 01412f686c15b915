package hu.mtmt.besorol.benchmarks;

import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.corpus.DocumentFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Measures the packaged service on this machine, beside the load generator: from start to ready,
 * one document a request at a fixed rate, and the stream.
 *
 * <p>The load is open: requests are due at fixed times, and a request's time counts from when it
 * was due, so that a service that stalls is charged for all that should have been asked meanwhile
 * (no coordinated omission).
 *
 * <p>Arguments: launcher of the service, package, file of documents; then the rate per second (500)
 * and seconds (30).
 */
public final class ServingBenchmark {
  private static final int CONNECTIONS = 32;
  private static final int DOCUMENTS = 5_000;
  private static final int STREAMED = 100_000;
  private static final int WARM_UP_SECONDS = 20;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final int port;
  private final List<byte[]> documents;

  private ServingBenchmark(int port, List<byte[]> documents) {
    this.port = port;
    this.documents = documents;
  }

  public static void main(String[] args) throws Exception {
    if (args.length < 3) {
      System.err.println("Arguments: LAUNCHER PACKAGE DOCUMENTS [RATE [SECONDS]]");
      System.exit(2);
    }
    int rate = args.length > 3 ? Integer.parseInt(args[3]) : 500;
    int seconds = args.length > 4 ? Integer.parseInt(args[4]) : 30;
    int port = freePort();
    var documents = read(Path.of(args[2]));
    var builder = new ProcessBuilder(Path.of(args[0]).toAbsolutePath().toString()).inheritIO();
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("PORT", Integer.toString(port));
    builder
        .environment()
        .put("BESOROL_PACKAGE", Path.of(args[1]).toAbsolutePath().normalize().toString());
    builder.environment().put("BESOROL_SHUTDOWN_DELAY", "0s");
    long start = System.nanoTime();
    var process = builder.start();
    try {
      new ServingBenchmark(port, documents).run(process, start, rate, seconds);
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  private void run(Process process, long start, int rate, int seconds) throws Exception {
    awaitReady(process);
    long ready = (System.nanoTime() - start) / 1_000_000;
    double residentAtReady = ProcessMemory.of(process.pid()).resident();
    load(rate, WARM_UP_SECONDS);
    var cpuBefore = cpu(process);
    var latencies = load(rate, seconds);
    var cpuPerRequest = cpu(process).minus(cpuBefore).dividedBy(latencies.getTotalCount());
    stream(STREAMED / 10);
    cpuBefore = cpu(process);
    long streamStart = System.nanoTime();
    stream(STREAMED);
    double streamSeconds = (System.nanoTime() - streamStart) / 1e9;
    double streamCpuSeconds = cpu(process).minus(cpuBefore).toMillis() / 1e3;

    System.out.println("| serving | |");
    System.out.println("|---|---:|");
    row("start to ready, ms", ready);
    row("resident memory when ready, MiB", residentAtReady);
    row("requests of one document per second", rate);
    row("p50, ms", latencies.getValueAtPercentile(50) / 1e3);
    row("p99, ms", latencies.getValueAtPercentile(99) / 1e3);
    row("p99.9, ms", latencies.getValueAtPercentile(99.9) / 1e3);
    row("CPU per request, ms", cpuPerRequest.toNanos() / 1e6);
    row("stream, documents per second", Math.round(STREAMED / streamSeconds));
    row("stream, documents per CPU second", Math.round(STREAMED / streamCpuSeconds));
    row("resident memory at the end, MiB", ProcessMemory.of(process.pid()).resident());
  }

  private static void row(String name, Object value) {
    System.out.printf(
        java.util.Locale.ROOT,
        value instanceof Double ? "| %s | %.2f |%n" : "| %s | %,d |%n",
        name,
        value);
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

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void awaitReady(Process process) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline && process.isAlive()) {
      try (var connection = new HttpConnection(port)) {
        if (connection.exchange("GET /q/health/ready", HttpConnection.JSON, new byte[0]) == 200) {
          return;
        }
      } catch (IOException e) {
        // not listening yet
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    throw new IOException("the service does not get ready");
  }

  /** Sends requests at fixed times; gives their times in microseconds. */
  private ConcurrentHistogram load(int rate, int seconds) throws Exception {
    var histogram = new ConcurrentHistogram(TimeUnit.MINUTES.toMicros(1), 3);
    var due = new LinkedBlockingQueue<Long>();
    int requests = rate * seconds;
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var clients = new ArrayList<java.util.concurrent.Future<?>>();
      for (int c = 0; c < CONNECTIONS; c++) {
        clients.add(
            executor.submit(
                () -> {
                  try (var connection = new HttpConnection(port)) {
                    for (long at = due.take(); at >= 0; at = due.take()) {
                      var document = documents.get((int) (at % documents.size()));
                      if (connection.exchange("POST /v1/classify", HttpConnection.JSON, document)
                          != 200) {
                        throw new IOException("a request failed");
                      }
                      histogram.recordValue((System.nanoTime() - at) / 1000);
                    }
                  }
                  return null;
                }));
      }
      long first = System.nanoTime();
      for (int i = 0; i < requests; i++) {
        long at = first + i * 1_000_000_000L / rate;
        while (System.nanoTime() < at) {
          LockSupport.parkNanos(at - System.nanoTime());
        }
        due.add(at);
      }
      for (int c = 0; c < CONNECTIONS; c++) {
        due.add(-1L);
      }
      for (var client : clients) {
        client.get();
      }
    }
    return histogram;
  }

  private void stream(int count) throws Exception {
    try (var connection = new HttpConnection(port);
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

  private static Duration cpu(Process process) {
    return process.info().totalCpuDuration().orElseThrow();
  }
}
