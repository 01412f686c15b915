package hu.mtmt.besorol.classifiers;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;

/**
 * Things that one thread at a time may use, such as buffers: as many as were ever needed at once,
 * which with work that never blocks is one for each core. Thread-safe.
 */
public final class Pool<T> {
  private final Supplier<T> maker;
  private final ConcurrentLinkedDeque<T> idle = new ConcurrentLinkedDeque<>();

  /** A pool of things that {@code maker} makes when there is none left. */
  public Pool(Supplier<T> maker) {
    this.maker = maker;
  }

  /** A thing for the use of one thread. */
  public T borrow() {
    var thing = idle.pollFirst();
    return thing == null ? maker.get() : thing;
  }

  /** Takes a thing back. Not to be called after a failure: what failed may be broken. */
  public void giveBack(T thing) {
    idle.addFirst(thing);
  }
}
