package hu.mtmt.besorol.classifiers.ensemble;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.classifiers.ModelFiles;
import hu.mtmt.besorol.classifiers.ToyCorpus;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.contract.Progress.Stage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemberWorkTest {
  private static final long[] NEEDS = {10, 30, 20, 10};
  private static final long HELD = 40;

  private final List<Double> told = Collections.synchronizedList(new ArrayList<>());

  /** Twice the vectors and the members that need most must fit. */
  @ParameterizedTest
  @CsvSource({"0, 8, 1", "179, 8, 1", "180, 8, 2", "200, 8, 3", "220, 8, 4", "220, 3, 3"})
  void worksOnAsManyAtOnceAsFit(long heap, int threads, int atOnce) {
    var begun = new CountDownLatch(atOnce);
    var met = new AtomicBoolean(true);
    var busy = new AtomicInteger();
    var most = new AtomicInteger();
    work(heap, threads)
        .forEach(
            member -> {
              most.accumulateAndGet(busy.incrementAndGet(), Math::max);
              begun.countDown();
              met.compareAndSet(true, await(begun));
              busy.decrementAndGet();
            });

    assertThat(met).isTrue();
    assertThat(most).hasValue(atOnce);
  }

  @Test
  void beginsWithThoseThatNeedMost() {
    var order = new ArrayList<Integer>();
    work(0, 1).forEach(order::add);

    assertThat(order).containsExactly(1, 2, 0, 3);
  }

  @Test
  void addsUpHowFarMembersAre() {
    var work = work(0, 1);
    work.listener(0, 0, 0.25).at(Stage.TRAINING, 0.5, null, null);
    work.listener(1, 0.25, 0.75).at(Stage.TRAINING, 1, null, null);
    work.listener(0, 0, 0.25).at(Stage.TRAINING, 0.25, null, null);

    assertThat(told).containsExactly(0.9 * 0.125 / 4, 0.9 * 1.125 / 4, 0.9 * 1.125 / 4);
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private MemberWork work(long heap, int threads) {
    var context =
        new TrainingContext(
            1,
            threads,
            heap,
            null,
            null,
            () -> false,
            (stage, share, epoch, loss) -> told.add(share));
    var files = new ModelFiles(Path.of("unused"), ToyCorpus.labels(List.of("a", "b")), "en");
    return new MemberWork(NEEDS, HELD, 0.9, context, files);
  }
}
