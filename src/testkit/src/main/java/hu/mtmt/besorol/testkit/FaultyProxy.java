package hu.mtmt.besorol.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * Stands between a client and an {@link S3Server} and does to requests what networks and busy
 * servers do. Every connection carries one request.
 */
public final class FaultyProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final int serverPort;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile Faults faults = _ -> new Fault.None();

  private FaultyProxy(ServerSocket listener, int serverPort) {
    this.listener = listener;
    this.serverPort = serverPort;
  }

  /**
   * What arrived: {@code GET}, {@code /bucket/key?query}, and the header Range or an empty text.
   */
  public record Request(String method, String target, String range) {
    @Override
    public String toString() {
      return (method + " " + target + " " + range).strip();
    }
  }

  /** What is done to a request. */
  public sealed interface Fault {
    /** Nothing. */
    record None() implements Fault {}

    /** The server is not asked; this is answered instead. */
    record Answer(int status, String code) implements Fault {}

    /** The connection ends after so many bytes of the answer's body. */
    record CutAnswer(int bytes) implements Fault {}

    /** The server does what it is asked, but nothing of its answer arrives. */
    record LoseAnswer() implements Fault {}

    /** The connection ends after so many bytes of the request's body. */
    record CutRequest(int bytes) implements Fault {}

    /** The answer's body comes through this. */
    record Changed(UnaryOperator<byte[]> change) implements Fault {}
  }

  /** Decides what is done to requests; asked for each, by several threads. */
  @FunctionalInterface
  public interface Faults {
    Fault of(Request request);
  }

  /** Starts one in front of a server. */
  public static FaultyProxy before(S3Server server) throws IOException {
    var proxy =
        new FaultyProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), server.port());
    Thread.ofPlatform().daemon().name("faulty-proxy").start(proxy::accept);
    return proxy;
  }

  /** Its address. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /** Forgets the requests and does this to all that come. */
  public void set(Faults faults) {
    this.faults = faults;
    requests.clear();
  }

  /** What arrived since {@link #set}. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var client = listener.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        var server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
      var in = client.getInputStream();
      var head = head(in);
      if (head.isEmpty()) {
        return;
      }
      var line = head.lines().findFirst().orElseThrow().split(" ");
      var request = new Request(line[0], line[1], header(head, "range"));
      requests.add(request);
      var length = header(head, "content-length");
      long body = length.isEmpty() ? 0 : Long.parseLong(length);
      boolean asksFirst = !header(head, "expect").isEmpty();
      var fault = faults.of(request);
      if (fault instanceof Fault.Answer(int status, String code)) {
        if (!asksFirst) {
          in.skipNBytes(body);
        }
        answer(client.getOutputStream(), request, status, code);
        return;
      }
      var toServer = server.getOutputStream();
      toServer.write(
          head.replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n")
              .getBytes(StandardCharsets.ISO_8859_1));
      toServer.flush();
      long sent = fault instanceof Fault.CutRequest(int bytes) ? Math.min(bytes, body) : body;
      var sending = Thread.ofVirtual().start(() -> send(in, toServer, sent, client, fault));
      receive(server.getInputStream(), client.getOutputStream(), fault);
      client.shutdownOutput();
      sending.join();
    } catch (IOException e) {
      // one of the two has gone, which is what this is about
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(
      InputStream in, OutputStream out, long bytes, Socket client, Fault fault) {
    try {
      var buffer = new byte[1 << 16];
      for (long left = bytes; left > 0; ) {
        int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (n < 0) {
          return;
        }
        out.write(buffer, 0, n);
        out.flush();
        left -= n;
      }
      if (fault instanceof Fault.CutRequest) {
        client.close();
        out.close();
      }
    } catch (IOException e) {
      // one of the two has gone
    }
  }

  private static void receive(InputStream in, OutputStream out, Fault fault) throws IOException {
    if (fault instanceof Fault.LoseAnswer) {
      in.readAllBytes();
      return;
    }
    String head;
    do { // 100 Continue comes before the answer
      head = head(in);
      out.write(head.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    } while (head.startsWith("HTTP/1.1 100"));
    switch (fault) {
      case Fault.CutAnswer(int bytes) -> out.write(in.readNBytes(bytes));
      case Fault.Changed(var change) -> out.write(change.apply(in.readAllBytes()));
      default -> in.transferTo(out);
    }
    out.flush();
  }

  private static void answer(OutputStream out, Request request, int status, String code)
      throws IOException {
    var body = "<Error><Code>%s</Code><Message>%s</Message></Error>".formatted(code, code);
    var head =
        "HTTP/1.1 %d %s\r\nContent-Type: application/xml\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
            .formatted(status, code, body.length());
    out.write(
        (head + (request.method().equals("HEAD") ? "" : body))
            .getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /** The lines up to and with the empty one; empty at the end of the connection. */
  private static String head(InputStream in) throws IOException {
    var head = new ByteArrayOutputStream();
    int matched = 0;
    while (matched < 4) {
      int b = in.read();
      if (b < 0) {
        return "";
      }
      head.write(b);
      matched = b == "\r\n\r\n".charAt(matched) ? matched + 1 : b == '\r' ? 1 : 0;
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static String header(String head, String name) {
    return head.lines()
        .skip(1)
        .filter(l -> l.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(l -> l.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
