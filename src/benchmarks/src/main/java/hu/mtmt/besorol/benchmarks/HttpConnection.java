package hu.mtmt.besorol.benchmarks;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection that is kept: as little as a load generator needs of HTTP. */
final class HttpConnection implements AutoCloseable {
  static final String JSON = "application/json";

  private final Socket socket;
  private final InputStream in;

  HttpConnection(int port) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), 1 << 15);
  }

  void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Sends a request and reads its answer; gives the status. */
  int exchange(String methodAndPath, String contentType, byte[] body) throws IOException {
    var request = new ByteArrayOutputStream();
    request.writeBytes(
        "%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
            .formatted(methodAndPath, contentType, body.length)
            .getBytes(StandardCharsets.US_ASCII));
    request.writeBytes(body);
    write(request.toByteArray());
    int status = Integer.parseInt(line().split(" ")[1]);
    int length = 0;
    for (var header = line(); !header.isEmpty(); header = line()) {
      if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(header.substring(15).strip());
      }
    }
    in.skipNBytes(length);
    return status;
  }

  private String line() throws IOException {
    var line = new StringBuilder(64);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("the service has closed the connection");
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  /** Reads an answer that comes in chunks; gives how many lines it has. */
  int countLines() throws IOException {
    while (!line().isEmpty()) {
      // head
    }
    int lines = 0;
    for (int left = Integer.parseInt(line(), 16); left > 0; left = Integer.parseInt(line(), 16)) {
      for (byte b : in.readNBytes(left)) {
        lines += b == '\n' ? 1 : 0;
      }
      line();
    }
    return lines;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
