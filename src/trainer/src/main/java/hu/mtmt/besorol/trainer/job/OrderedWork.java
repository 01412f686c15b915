package hu.mtmt.besorol.trainer.job;

import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Work on a stream by several threads whose results come out in the order of the stream, each as
 * soon as it and all before it are done. Only a bounded number of elements is on its way at a time.
 */
public final class OrderedWork {
  /** How many elements are on their way for each thread. */
  private static final int AHEAD = 64;

  private OrderedWork() {}

  /** Gets the results. */
  public interface Sink<R> {
    /**
     * The next result.
     *
     * @param last whether no other is ready yet, so that a buffer should be flushed
     */
    void accept(R result, boolean last);
  }

  /**
   * Works on all elements and returns when the sink has all results. If an element cannot be read
   * or worked on, the sink gets the results of all before it and then its exception is thrown.
   *
   * @param elements read by the calling thread
   * @param sink called by one thread
   */
  public static <T, R> void run(
      Iterator<T> elements, int threads, Function<T, R> work, Sink<R> sink) {
    BlockingQueue<Optional<Future<R>>> queue = new ArrayBlockingQueue<>(AHEAD * threads);
    try (var workers = Executors.newFixedThreadPool(threads);
        var writer = Executors.newSingleThreadExecutor()) {
      var written = writer.submit(() -> write(queue, sink));
      try {
        while (elements.hasNext()) {
          var element = elements.next();
          put(queue, Optional.of(workers.submit(() -> work.apply(element))), written);
        }
      } finally {
        put(queue, Optional.empty(), written);
        get(written);
      }
    }
  }

  private static <R> Void write(BlockingQueue<Optional<Future<R>>> queue, Sink<R> sink)
      throws InterruptedException {
    for (var next = queue.take(); next.isPresent(); next = queue.take()) {
      sink.accept(get(next.get()), queue.isEmpty());
    }
    return null;
  }

  /** Waits for room, unless the writer has failed: then nobody makes room any more. */
  private static <E> void put(BlockingQueue<E> queue, E element, Future<?> written) {
    try {
      while (!queue.offer(element, 100, TimeUnit.MILLISECONDS)) {
        if (written.isDone()) {
          get(written);
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static <R> R get(Future<R> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException r -> throw r;
        case Error error -> throw error;
        case Throwable t -> throw new IllegalStateException(t);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
