package hu.mtmt.besorol.inference.rest;

import java.util.concurrent.Semaphore;

/** Lets a limited number of requests of a kind be under way at the same time. */
final class Admission {
  private final int limit;
  private final Semaphore permits;

  Admission(int limit) {
    this.limit = limit;
    this.permits = new Semaphore(limit);
  }

  /** Is closed when the request is done. */
  interface Permit extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Lets a request in.
   *
   * @throws io.quarkiverse.resteasy.problem.HttpProblem 503 if there are too many
   */
  Permit admit() {
    if (!permits.tryAcquire()) {
      throw Problems.overloaded();
    }
    return permits::release;
  }

  /** How many requests are under way. */
  int inFlight() {
    return limit - permits.availablePermits();
  }
}
