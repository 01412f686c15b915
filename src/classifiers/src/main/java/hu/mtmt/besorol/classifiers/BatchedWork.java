package hu.mtmt.besorol.classifiers;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Work on a stream in batches by several threads. The stream is read by one thread, never more than
 * a few batches ahead, so memory stays small however long it is. Batches are numbered, so that
 * results can be put in order again.
 */
public final class BatchedWork {
  /** How many documents a batch has; the last one may have fewer. */
  public static final int DOCUMENTS = 256;

  private BatchedWork() {}

  /** Works on one batch with a worker that is its own at that time. */
  @FunctionalInterface
  public interface Work<W, T> {
    void accept(W worker, int batch, List<T> elements) throws Exception;
  }

  /**
   * Works on all elements and returns when all are done.
   *
   * @param elements what to work on; closed at the end
   * @param size how many elements a batch has; the last one may have fewer
   * @param threads how many threads work
   * @param cancelled asked before every batch whether to stop
   * @param workers makes what a thread needs and no two may use at once, such as buffers
   * @throws RuntimeException the first exception of {@code work}; what is still being worked on is
   *     interrupted
   * @throws CancelledException if {@code cancelled} said so or the thread was interrupted
   */
  public static <W, T> void run(
      Stream<T> elements,
      int size,
      int threads,
      BooleanSupplier cancelled,
      Supplier<W> workers,
      Work<W, T> work) {
    var idle = new ConcurrentLinkedQueue<W>();
    var ahead = new Semaphore(2 * threads);
    try (elements;
        var executor = Executors.newFixedThreadPool(threads)) {
      var finished = new ExecutorCompletionService<Void>(executor);
      int pending = 0;
      try {
        var batch = new ArrayList<T>(size);
        int number = 0;
        for (var iterator = elements.iterator(); iterator.hasNext(); ) {
          batch.add(iterator.next());
          if (batch.size() == size || !iterator.hasNext()) {
            var elementsOfBatch = batch;
            int numberOfBatch = number++;
            ahead.acquire();
            for (Future<Void> done; (done = finished.poll()) != null; pending--) {
              check(done);
            }
            if (cancelled.getAsBoolean()) {
              throw new CancelledException();
            }
            finished.submit(
                () -> {
                  try {
                    var worker = idle.poll();
                    worker = worker == null ? workers.get() : worker;
                    work.accept(worker, numberOfBatch, elementsOfBatch);
                    idle.add(worker);
                    return null;
                  } finally {
                    ahead.release();
                  }
                });
            pending++;
            batch = new ArrayList<>(size);
          }
        }
        for (; pending > 0; pending--) {
          check(finished.take());
        }
      } catch (Throwable e) {
        executor.shutdownNow();
        throw e;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException();
    }
  }

  private static void check(Future<Void> done) throws InterruptedException {
    try {
      done.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException r -> throw r;
        case Error error -> throw error;
        case Throwable t -> throw new IllegalStateException(t);
      }
    }
  }
}
