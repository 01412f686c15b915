package hu.mtmt.besorol.inference;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * A model, and how long it took to open its package: digests, mapping, self-test.
 *
 * @param took by the clock on the wall
 */
record OpenedModel(Model model, Duration took) {
  static OpenedModel of(Supplier<Model> opening) {
    var start = System.nanoTime();
    var model = opening.get();
    return new OpenedModel(model, Duration.ofNanos(System.nanoTime() - start));
  }
}
