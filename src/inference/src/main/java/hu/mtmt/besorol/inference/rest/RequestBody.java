package hu.mtmt.besorol.inference.rest;

import hu.mtmt.besorol.inference.InferenceConfig.Limits;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;

/**
 * Reads bodies up to a size and for a time, and all bodies that are in memory together up to a
 * size: so clients cannot fill the memory, neither one that sends much nor many that send slowly.
 */
final class RequestBody {
  private static final int CHUNK = 1 << 14;

  /**
   * So much of a body that is too large is read and thrown away before it is refused: a client that
   * is still sending does not look for an answer, and a connection that is closed under it takes
   * the answer away.
   */
  private static final int DISCARDED = 8;

  private final Vertx timers;
  private final Limits limits;
  private final int maximumSize;
  private final Semaphore memory;

  /**
   * @param timers interrupt a reading that takes too long
   */
  RequestBody(Vertx timers, Limits limits) {
    this.timers = timers;
    this.limits = limits;
    this.maximumSize = Math.toIntExact(limits.bodySize().asLongValue());
    this.memory = new Semaphore(Math.toIntExact(limits.bodiesSize().asLongValue()));
  }

  /** A body; it counts as in memory until it is closed. */
  static final class Body implements AutoCloseable {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Semaphore memory;
    private int reserved;

    private Body(Semaphore memory) {
      this.memory = memory;
    }

    byte[] bytes() {
      return bytes.toByteArray();
    }

    private void add(byte[] chunk, int length) {
      if (!memory.tryAcquire(length)) {
        throw Problems.overloaded();
      }
      reserved += length;
      bytes.write(chunk, 0, length);
    }

    @Override
    public void close() {
      memory.release(reserved);
    }
  }

  /**
   * The whole body.
   *
   * @param contentLength the header of that name, or null
   * @throws io.quarkiverse.resteasy.problem.HttpProblem 413 if it is too large, 408 if it takes too
   *     long, 400 if it breaks off, 503 if there is no room for it now
   */
  Body read(InputStream in, String contentLength) {
    var reader = Thread.currentThread();
    var timer = timers.setTimer(limits.bodyTime().toMillis(), t -> reader.interrupt());
    var body = new Body(memory);
    var complete = false;
    try {
      if (contentLength == null || Long.parseLong(contentLength) <= maximumSize) {
        complete = readInto(body, in);
      }
      if (!complete) {
        in.skip((long) DISCARDED * maximumSize);
        throw Problems.bodyTooLarge(maximumSize);
      }
      return body;
    } catch (InterruptedIOException e) {
      throw Problems.bodyTooSlow(limits.bodyTime());
    } catch (IOException e) {
      throw Problems.bodyBrokenOff();
    } finally {
      timers.cancelTimer(timer);
      Thread.interrupted(); // the timer may have been faster than its cancellation
      if (!complete) {
        body.close();
      }
    }
  }

  /** Whether the body ended before it was too large. */
  private boolean readInto(Body body, InputStream in) throws IOException {
    var chunk = new byte[CHUNK];
    for (int n; (n = in.read(chunk)) >= 0; ) {
      if (body.bytes.size() + n > maximumSize) {
        return false;
      }
      body.add(chunk, n);
    }
    return true;
  }
}
