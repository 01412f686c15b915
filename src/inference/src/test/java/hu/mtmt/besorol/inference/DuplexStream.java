package hu.mtmt.besorol.inference;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * A client of the stream route that writes and reads when it is told to. The JDK's client sends the
 * whole body before it looks at the answer.
 */
final class DuplexStream implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 30_000;

  private final Socket socket;
  private final OutputStream out;
  private final InputStream in;
  private boolean headRead;
  private long chunkLeft;

  DuplexStream(URI service) throws IOException {
    socket = new Socket(service.getHost(), service.getPort());
    socket.setSoTimeout(TIMEOUT_MILLIS);
    out = socket.getOutputStream();
    in = new BufferedInputStream(socket.getInputStream());
    out.write(
        """
        POST /v1/classify/stream HTTP/1.1\r
        Host: test\r
        Content-Type: application/x-ndjson\r
        Transfer-Encoding: chunked\r
        \r
        """
            .getBytes(StandardCharsets.US_ASCII));
  }

  /** Sends a part of the body. */
  void write(String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    var chunk = new ByteArrayOutputStream(bytes.length + 16);
    chunk.writeBytes(
        (Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    chunk.writeBytes(bytes);
    chunk.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    out.write(chunk.toByteArray());
  }

  /** Ends the body. */
  void end() throws IOException {
    out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  /** The next line of the answer, or null at its end. */
  String readLine() throws IOException {
    if (!headRead) {
      if (!line().startsWith("HTTP/1.1 200")) {
        throw new IOException("not a good answer");
      }
      while (!line().isEmpty()) {
        // headers
      }
      headRead = true;
    }
    var line = new ByteArrayOutputStream();
    for (int b; (b = read()) >= 0 && b != '\n'; ) {
      line.write(b);
    }
    return chunkLeft < 0 ? null : line.toString(StandardCharsets.UTF_8);
  }

  /** The next byte of the answer's body, or -1 at its end. */
  private int read() throws IOException {
    if (chunkLeft == 0) {
      var size = line();
      chunkLeft = Long.parseLong(size.isEmpty() ? line() : size, 16);
      if (chunkLeft == 0) {
        chunkLeft = -1;
      }
    }
    if (chunkLeft < 0) {
      return -1;
    }
    chunkLeft--;
    return next();
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int b = next(); b != '\n'; b = next()) {
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  private int next() throws IOException {
    int b = in.read();
    if (b < 0) {
      throw new EOFException("the service has closed the connection");
    }
    return b;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
