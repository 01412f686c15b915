package hu.mtmt.besorol.classifiers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BatchedWorkTest {

  @Test
  void everyElementIsInTheBatchOfItsPlace() {
    var batches = new ConcurrentHashMap<Integer, List<Integer>>();
    BatchedWork.run(
        IntStream.range(0, 1003).boxed(),
        10,
        3,
        () -> false,
        Object::new,
        (worker, number, batch) -> batches.put(number, batch));

    assertThat(batches).hasSize(101);
    batches.forEach((number, batch) -> assertThat(batch.getFirst()).isEqualTo(10 * number));
    assertThat(batches.get(100)).containsExactly(1000, 1001, 1002);
  }

  @Test
  void noTwoThreadsShareAWorker() {
    Set<AtomicBoolean> workers =
        Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
    BatchedWork.run(
        IntStream.range(0, 5000).boxed(),
        1,
        4,
        () -> false,
        () -> {
          var worker = new AtomicBoolean();
          workers.add(worker);
          return worker;
        },
        (busy, number, batch) -> {
          assertThat(busy.compareAndSet(false, true)).isTrue();
          Thread.yield();
          busy.set(false);
        });

    assertThat(workers).hasSizeBetween(1, 4);
  }

  @Test
  void theStreamIsReadOnlyALittleAhead() {
    var read = new AtomicInteger();
    var done = new AtomicInteger();
    var farthest = new AtomicInteger();
    BatchedWork.run(
        Stream.iterate(0, i -> i < 2000, i -> i + 1).peek(i -> read.incrementAndGet()),
        1,
        2,
        () -> false,
        Object::new,
        (worker, number, batch) ->
            farthest.accumulateAndGet(read.get() - done.getAndIncrement(), Math::max));

    assertThat(farthest.get()).isLessThan(12);
  }

  @Test
  void theFirstFailureEndsItAndClosesTheStream() {
    var closed = new AtomicBoolean();

    assertThatThrownBy(
            () ->
                BatchedWork.run(
                    Stream.generate(() -> 1).onClose(() -> closed.set(true)),
                    1,
                    2,
                    () -> false,
                    Object::new,
                    (worker, number, batch) -> {
                      if (number == 100) {
                        throw new IllegalArgumentException("no. 100");
                      }
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no. 100");
    assertThat(closed).isTrue();
  }

  @Test
  void aFailureStopsEarlierBatchesThatAreStillWorkedOn() {
    var begun = new CountDownLatch(1);

    assertThatThrownBy(
            () ->
                BatchedWork.run(
                    Stream.of(0, 1),
                    1,
                    2,
                    () -> false,
                    Object::new,
                    (worker, number, batch) -> {
                      if (number == 0) {
                        begun.countDown();
                        new CountDownLatch(1).await(); // until it is interrupted
                      }
                      begun.await();
                      throw new IllegalArgumentException("no. " + number);
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no. 1");
  }

  @Test
  void anInterruptCancels() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(
            () ->
                BatchedWork.run(
                    Stream.generate(() -> 1), 1, 2, () -> false, Object::new, (w, n, b) -> {}))
        .isInstanceOf(CancelledException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
