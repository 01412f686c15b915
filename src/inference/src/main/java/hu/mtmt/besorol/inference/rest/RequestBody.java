package hu.mtmt.besorol.inference.rest;

import java.io.IOException;
import java.io.InputStream;

/** Reads bodies up to a limit. */
final class RequestBody {
  /**
   * So much of a body that is too large is read and thrown away before it is refused: a client that
   * is still sending does not look for an answer, and a connection that is closed under it takes
   * the answer away.
   */
  private static final int DISCARDED = 8;

  private final long maximum;

  /**
   * @param maximum most bytes
   */
  RequestBody(long maximum) {
    this.maximum = maximum;
  }

  /**
   * The whole body.
   *
   * @param contentLength the header of that name, or null
   * @throws io.quarkiverse.resteasy.problem.HttpProblem 413 if it is too large
   */
  byte[] read(InputStream in, String contentLength) throws IOException {
    if (contentLength == null || Long.parseLong(contentLength) <= maximum) {
      var body = in.readNBytes((int) maximum);
      if (body.length < maximum || in.read() < 0) {
        return body;
      }
    }
    in.skip(DISCARDED * maximum);
    throw Problems.bodyTooLarge(maximum);
  }
}
