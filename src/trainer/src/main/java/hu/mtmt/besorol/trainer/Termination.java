package hu.mtmt.besorol.trainer;

import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.trainer.commands.Console;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets work that is told to end (SIGTERM, Ctrl-C) stop by itself, with its checkpoint and its exit
 * code; a JVM alone would end at once with 143.
 */
final class Termination implements Console.Stop {
  /** Kubernetes kills 30 seconds after SIGTERM; this leaves time for the rest. */
  private static final int PATIENCE_SECONDS = 24;

  private final AtomicBoolean requested = new AtomicBoolean();
  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
  private final AtomicBoolean armed = new AtomicBoolean();

  /** From now on the process waits for the work when it is told to end. */
  @Override
  public void watch() {
    if (armed.compareAndSet(false, true)) {
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::end));
    }
  }

  /** Whether the process was told to end. */
  @Override
  public boolean getAsBoolean() {
    return requested.get();
  }

  /** Ends the process. */
  void exit(int code) {
    exitCode.complete(code);
    System.exit(code);
  }

  private void end() {
    if (exitCode.isDone()) {
      return;
    }
    requested.set(true);
    int code;
    try {
      code = exitCode.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException | InterruptedException e) {
      code = FailureKind.INTERRUPTED.exitCode();
    }
    // Only halt can set an exit code here.
    Runtime.getRuntime().halt(code);
  }
}
