package hu.mtmt.besorol.local.controller;

import java.time.Duration;
import java.util.Optional;

/**
 * Brings what there is one step closer to what an object asks for. It reads the present state from
 * the API server, not from a cache: a decision never rests on an outdated picture.
 */
@FunctionalInterface
public interface Reconciler {
  /**
   * One step for the object of that key, which may be gone.
   *
   * @return when to look again although nothing changed, such as at a deadline
   */
  Optional<Duration> reconcile(ObjectKey key);
}
