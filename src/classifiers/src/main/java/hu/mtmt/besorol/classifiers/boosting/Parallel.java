package hu.mtmt.besorol.classifiers.boosting;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Independent small pieces of work for several threads. */
final class Parallel implements AutoCloseable {
  private final int threads;
  private final ExecutorService executor;

  Parallel(int threads) {
    this.threads = threads;
    this.executor = threads == 1 ? null : Executors.newFixedThreadPool(threads - 1);
  }

  /** Works on 0 to {@code count} − 1 and returns when all are done. */
  void forEach(int count, IntConsumer work) {
    var next = new AtomicInteger();
    Runnable worker =
        () -> {
          for (int i; (i = next.getAndIncrement()) < count; ) {
            work.accept(i);
          }
        };
    var others =
        IntStream.range(1, Math.min(threads, count))
            .<Future<?>>mapToObj(t -> executor.submit(worker))
            .toList();
    worker.run();
    for (var other : others) {
      finish(other);
    }
  }

  private static void finish(Future<?> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          future.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true; // the pieces are small: what began is finished
        } catch (ExecutionException e) {
          throw new IllegalStateException(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    if (executor != null) {
      executor.close();
    }
  }
}
