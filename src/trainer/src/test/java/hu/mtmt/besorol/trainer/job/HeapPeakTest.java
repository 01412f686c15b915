package hu.mtmt.besorol.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HeapPeakTest {
  private static final int LARGE = 64 << 20;

  @Test
  @Timeout(60)
  void holdsWhatWasInUseWhenTheHeapWasCollected() {
    try (var peak = new HeapPeak()) {
      assertThat(peak.bytes()).isPositive();
      var held = new byte[LARGE];
      System.gc();
      while (peak.bytes() < LARGE) {
        Thread.onSpinWait(); // the collector tells of it in a thread of its own
      }
      Reference.reachabilityFence(held);
    }
  }
}
