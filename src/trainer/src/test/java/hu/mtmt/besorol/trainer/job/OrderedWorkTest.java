package hu.mtmt.besorol.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OrderedWorkTest {
  private final List<Integer> results = new ArrayList<>();

  @Test
  void resultsComeInTheOrderOfTheElements() {
    OrderedWork.run(
        IntStream.range(0, 5000).iterator(),
        4,
        i -> {
          Thread.onSpinWait();
          return 2 * i;
        },
        (result, last) -> results.add(result));
    assertThat(results).isEqualTo(IntStream.range(0, 5000).map(i -> 2 * i).boxed().toList());
  }

  @Test
  void handsOnWhatIsBeforeTheElementThatFails() {
    assertThatThrownBy(
            () ->
                OrderedWork.run(
                    IntStream.range(0, 100).iterator(),
                    2,
                    i -> {
                      if (i == 50) {
                        throw new IllegalArgumentException("fifty");
                      }
                      return i;
                    },
                    (result, last) -> results.add(result)))
        .hasMessage("fifty");
    assertThat(results).isEqualTo(IntStream.range(0, 50).boxed().toList());
  }

  @Test
  void handsOnWhatIsBeforeTheElementThatCannotBeRead() {
    var elements =
        IntStream.range(0, 100)
            .peek(
                i -> {
                  if (i == 50) {
                    throw new IllegalStateException("unreadable");
                  }
                })
            .iterator();
    assertThatThrownBy(
            () -> OrderedWork.run(elements, 2, i -> i, (result, last) -> results.add(result)))
        .hasMessage("unreadable");
    assertThat(results).isEqualTo(IntStream.range(0, 50).boxed().toList());
  }

  @Test
  void endsWhenNobodyTakesTheResults() {
    assertThatThrownBy(
            () ->
                OrderedWork.run(
                    IntStream.iterate(0, i -> i + 1).iterator(),
                    2,
                    i -> i,
                    (result, last) -> {
                      throw new IllegalStateException("full");
                    }))
        .hasMessage("full");
  }

  @Test
  void readsOnlyABitAhead() {
    var read = new AtomicInteger();
    var mayWrite = new CountDownLatch(1);
    var elements = IntStream.range(0, 100_000).peek(i -> read.incrementAndGet()).iterator();
    var atFirstWrite = new AtomicInteger();
    var counting =
        new Iterator<Integer>() {
          @Override
          public boolean hasNext() {
            if (read.get() > 1000) {
              mayWrite.countDown(); // never reached while the writer waits
            }
            return elements.hasNext();
          }

          @Override
          public Integer next() {
            return elements.next();
          }
        };
    OrderedWork.run(
        counting,
        2,
        i -> i,
        (result, last) -> {
          if (result == 0) {
            try {
              assertThat(mayWrite.await(300, TimeUnit.MILLISECONDS)).isFalse();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            atFirstWrite.set(read.get());
          }
        });
    assertThat(atFirstWrite.get()).isLessThan(200);
    assertThat(read.get()).isEqualTo(100_000);
  }

  @Test
  void aResultIsHandedOnWhileTheNextElementIsStillAwaited() {
    var handedOn = new CountDownLatch(1);
    var elements =
        new Iterator<Integer>() {
          private int next;

          @Override
          public boolean hasNext() {
            if (next == 1) {
              try {
                assertThat(handedOn.await(30, TimeUnit.SECONDS)).isTrue();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            }
            return next < 2;
          }

          @Override
          public Integer next() {
            return next++;
          }
        };
    OrderedWork.run(
        elements,
        2,
        i -> i,
        (result, last) -> {
          results.add(result);
          if (last) {
            handedOn.countDown();
          }
        });
    assertThat(results).containsExactly(0, 1);
  }
}
