package hu.mtmt.besorol.inference;

import hu.mtmt.besorol.contract.Classification;
import hu.mtmt.besorol.contract.ServiceReport;
import hu.mtmt.besorol.corpus.Document;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The version that is served while this process tries another one: it is shadowed by some of the
 * clients' documents, which it answers too, beside and after the answer that the client gets. Only
 * whether both have the same best subject is kept. What that costs is bounded: one document at a
 * time, ten in a second, and no more than {@value ServiceReport#NEWEST} in all.
 */
@ApplicationScoped
public class Baseline {
  private static final Logger LOG = Logger.getLogger(Baseline.class);
  private static final int MOST = ServiceReport.NEWEST;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Held while a document is answered. */
  private final Semaphore one = new Semaphore(1);

  /** Null if there is none, and when enough is known. */
  private volatile Model model;

  private volatile long next = System.nanoTime();
  private volatile ServiceReport.Baseline known;

  /** From now on documents are answered by it too. */
  void set(Model loaded) {
    known = new ServiceReport.Baseline(loaded.version(), 0, 0);
    model = loaded;
  }

  /** What is known of it so far; empty if there is none. */
  Optional<ServiceReport.Baseline> report() {
    return Optional.ofNullable(known);
  }

  /** A document was answered; returns at once. */
  public void document(Document document, Selection selection, Classification answer) {
    var baseline = model;
    if (baseline != null && System.nanoTime() - next >= 0 && one.tryAcquire()) {
      next = System.nanoTime() + PAUSE_NANOS;
      Thread.startVirtualThread(() -> compare(baseline, document, selection, answer));
    }
  }

  private void compare(
      Model baseline, Document document, Selection selection, Classification answer) {
    try {
      var other = baseline.classify(document, selection.withoutReasons());
      var agrees = Newest.bestSubject(answer).equals(Newest.bestSubject(other));
      var before = known;
      known =
          new ServiceReport.Baseline(
              before.version(), before.documents() + 1, before.agreeing() + (agrees ? 1 : 0));
      if (known.documents() == MOST) {
        model = null;
      }
    } catch (RuntimeException e) {
      LOG.warn("The version that is served cannot answer a document; no more are compared", e);
      model = null;
    } finally {
      one.release();
    }
  }
}
