package hu.mtmt.besorol.local.controller;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Calls a {@link Reconciler} for every object that changed: one at a time, once for many changes,
 * and again after a failure.
 */
public final class ControlLoop implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ControlLoop.class.getName());
  private static final Duration FIRST_RETRY = Duration.ofMillis(50);
  private static final Duration LAST_RETRY = Duration.ofSeconds(10);

  private final String name;
  private final Reconciler reconciler;
  private final Set<ObjectKey> waiting = ConcurrentHashMap.newKeySet();
  private final Map<ObjectKey, Future<?>> later = new HashMap<>();
  private final Map<ObjectKey, Integer> failures = new HashMap<>();
  private final ScheduledThreadPoolExecutor worker;

  public ControlLoop(String name, Reconciler reconciler) {
    this.name = name;
    this.reconciler = reconciler;
    this.worker =
        new ScheduledThreadPoolExecutor(1, Thread.ofVirtual().name(name + "-", 0).factory());
    worker.setRemoveOnCancelPolicy(true);
    worker.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Has the reconciler look at the object soon. */
  public void enqueue(ObjectKey key) {
    if (waiting.add(key)) {
      try {
        worker.execute(() -> reconcile(key));
      } catch (RejectedExecutionException closed) {
        waiting.remove(key);
      }
    }
  }

  /** Runs in the worker's thread alone, as do the maps that it uses. */
  private void reconcile(ObjectKey key) {
    waiting.remove(key);
    var planned = later.remove(key);
    if (planned != null) {
      planned.cancel(false);
    }
    try {
      var again = reconciler.reconcile(key);
      failures.remove(key);
      again.ifPresent(delay -> enqueueAfter(key, delay));
    } catch (RuntimeException e) {
      if (worker.isShutdown()) {
        return;
      }
      // Conflicts and a server that restarts are everyday; what stays wrong is seen in the log.
      var count = failures.merge(key, 1, Integer::sum);
      LOG.log(
          count < 3 ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
          () -> "%s: %s failed (%d times)".formatted(name, key, count),
          e);
      var delay = FIRST_RETRY.multipliedBy(1L << Math.min(count - 1, 10));
      enqueueAfter(key, delay.compareTo(LAST_RETRY) < 0 ? delay : LAST_RETRY);
    }
  }

  private void enqueueAfter(ObjectKey key, Duration delay) {
    if (!worker.isShutdown()) {
      later.put(
          key, worker.schedule(() -> enqueue(key), delay.toMillis() + 1, TimeUnit.MILLISECONDS));
    }
  }

  @Override
  public void close() {
    worker.shutdownNow();
    try {
      worker.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
