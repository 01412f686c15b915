package hu.mtmt.besorol.inference;

import hu.mtmt.besorol.contract.ContainerPaths;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Opening the package of this process beside the start of the framework: each keeps one core busy,
 * for about as long. Packages of a bucket have none, as the framework says how to get them.
 */
final class HeadStart {
  private static final ScopedValue<HeadStart> OF_PROCESS = ScopedValue.newInstance();

  private final String name;
  private final FutureTask<OpenedModel> opening;

  private HeadStart(String name, Map<String, String> environment) {
    this.name = name;
    this.opening =
        new FutureTask<>(
            () -> OpenedModel.of(() -> Model.load(ContainerPaths.of(environment).resolve(name))));
    Thread.ofPlatform().daemon().name("head-start").start(opening);
  }

  /** Starts the framework and, if the environment names a package in a directory, opens it. */
  static void during(Runnable start, Map<String, String> environment) {
    var name = environment.getOrDefault("BESOROL_PACKAGE", "");
    if (name.isBlank() || environment.containsKey("BESOROL_S3_ENDPOINT")) {
      start.run();
    } else {
      ScopedValue.where(OF_PROCESS, new HeadStart(name, environment)).run(start);
    }
  }

  /** What was begun by whoever started the framework in this thread. */
  static Optional<HeadStart> ofProcess() {
    return OF_PROCESS.isBound() ? Optional.of(OF_PROCESS.get()) : Optional.empty();
  }

  /** Whether that is the package that is opened. */
  boolean isFor(String name) {
    return this.name.equals(name);
  }

  /**
   * Waits until it is open.
   *
   * @throws hu.mtmt.besorol.contract.BesorolException if it is not fit to serve
   */
  OpenedModel await() throws InterruptedException {
    try {
      return opening.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        default -> throw new IllegalStateException(e.getCause());
      }
    }
  }
}
