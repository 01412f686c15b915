package hu.mtmt.besorol.inference.rest;

import hu.mtmt.besorol.inference.InferenceConfig.Limits;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;

/**
 * Collects bodies as they arrive, up to a size and for a time, and all bodies that are in memory
 * together up to a size: so clients cannot fill the memory, neither one that sends much nor many
 * that send slowly. Nothing waits for a client, so no thread is held, and none has to be woken.
 */
final class RequestBody {
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
   * @param timers end what takes too long
   */
  RequestBody(Vertx timers, Limits limits) {
    this.timers = timers;
    this.limits = limits;
    this.maximumSize = Math.toIntExact(limits.bodySize().asLongValue());
    this.memory = new Semaphore(Math.toIntExact(limits.bodiesSize().asLongValue()));
  }

  /** A body; it counts as in memory until it is closed. */
  static final class Body implements AutoCloseable {
    private final Buffer received = Buffer.buffer();
    private final Semaphore memory;

    private Body(Semaphore memory) {
      this.memory = memory;
    }

    byte[] bytes() {
      return received.getBytes();
    }

    int size() {
      return received.length();
    }

    /** Whether this is the first character that is not white space. */
    boolean beginsWith(char character) {
      int first = 0;
      while (first < size() && Character.isWhitespace(received.getByte(first))) {
        first++;
      }
      return first < size() && received.getByte(first) == character;
    }

    @Override
    public void close() {
      memory.release(size());
    }
  }

  /**
   * The whole body, once it is there; on the event loop of the request, on which this is called.
   * The stage fails with an {@link HttpProblem}: 413 if the body is too large, 408 if it takes too
   * long, 400 if it breaks off, 503 if there is no room for it now.
   */
  CompletionStage<Body> read(HttpServerRequest request) {
    var reading = new Reading(request.getHeader(HttpHeaders.CONTENT_LENGTH));
    if (request.isEnded()) {
      reading.end();
      return reading.complete;
    }
    if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
      request.response().writeContinue();
    }
    request.handler(reading::add);
    request.endHandler(end -> reading.end());
    request.exceptionHandler(broken -> reading.fail(Problems.bodyBrokenOff()));
    request.resume();
    return reading.complete;
  }

  /** The reading of one body. */
  private final class Reading {
    private final Body body = new Body(memory);
    private final CompletableFuture<Body> complete = new CompletableFuture<>();
    private final long timer =
        timers.setTimer(
            limits.bodyTime().toMillis(), late -> fail(Problems.bodyTooSlow(limits.bodyTime())));
    private boolean tooLarge;
    private long discarded;

    Reading(String contentLength) {
      this.tooLarge = contentLength != null && Long.parseLong(contentLength) > maximumSize;
    }

    void add(Buffer chunk) {
      if (complete.isDone()) {
        return;
      }
      tooLarge |= body.size() + chunk.length() > maximumSize;
      if (tooLarge) {
        discarded += chunk.length();
        if (discarded >= (long) DISCARDED * maximumSize) {
          end();
        }
      } else if (memory.tryAcquire(chunk.length())) {
        body.received.appendBuffer(chunk);
      } else {
        fail(Problems.overloaded());
      }
    }

    void end() {
      if (tooLarge) {
        fail(Problems.bodyTooLarge(maximumSize));
      } else if (complete.complete(body)) {
        timers.cancelTimer(timer);
      }
    }

    void fail(HttpProblem problem) {
      if (complete.completeExceptionally(problem)) {
        timers.cancelTimer(timer);
        body.close();
      }
    }
  }
}
