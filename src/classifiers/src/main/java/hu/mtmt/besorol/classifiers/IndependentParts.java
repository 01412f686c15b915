package hu.mtmt.besorol.classifiers;

import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Parts of a training that are learnt apart from each other: the threads of all processes of a team
 * take one after the other, and each is kept in a checkpoint when it is done. Which process learns
 * a part makes no difference to it, so none is assigned to one beforehand: a slow process learns
 * fewer.
 *
 * @param context of the training
 * @param checkpoints of the parts
 * @param reader reads what {@code writer} wrote
 * @param writer writes a part
 */
public record IndependentParts<T>(
    TrainingContext context,
    Checkpoints checkpoints,
    Checkpoints.Reader<T> reader,
    PartWriter<T> writer) {

  /** Writes a part. */
  @FunctionalInterface
  public interface PartWriter<T> {
    void write(T part, DataOutputStream out) throws IOException;
  }

  /** Learns a part. */
  @FunctionalInterface
  public interface Learning<W, T> {
    T learn(W worker, int part);
  }

  /** Gets parts, from any thread. */
  @FunctionalInterface
  public interface Sink<T> {
    void accept(int part, T learnt);
  }

  /**
   * Learns all parts. In the leading process it returns when the sink has all of them, in the
   * others when nothing is left to be claimed.
   *
   * @param names of the parts, in the order in which they are begun
   * @param workers makes what a thread needs and no two may use at once
   * @throws CancelledException if the context asked it to stop
   */
  public <W> void run(
      List<String> names, Supplier<W> workers, Learning<W, T> learning, Sink<T> sink) {
    var learnt = new boolean[names.size()];
    BatchedWork.run(
        IntStream.range(0, names.size()).boxed(),
        1,
        context.threads(),
        context.cancelled(),
        workers,
        (worker, batch, one) -> {
          int part = one.getFirst();
          var result = learn(names.get(part), () -> learning.learn(worker, part));
          if (result != null) {
            learnt[part] = true;
            sink.accept(part, result);
          }
        });
    if (context.team().leads()) {
      for (int part = 0; part < learnt.length; part++) {
        if (!learnt[part]) {
          sink.accept(part, taken(names.get(part)));
        }
      }
    }
  }

  /** The part, or null if another process learns it and it is not there yet. */
  private T learn(String name, Supplier<T> learning) {
    var team = context.team();
    var kept = checkpoints.read(name, reader);
    if (kept == null && !team.claim(name)) {
      return team.leads() && team.has(name) ? taken(name) : null;
    }
    var part = kept == null ? kept(name, learning.get()) : kept;
    team.give(name, out -> writer.write(part, out));
    return part;
  }

  private T taken(String name) {
    return kept(name, context.team().take(name, reader));
  }

  private T kept(String name, T part) {
    checkpoints.write(name, out -> writer.write(part, out));
    return part;
  }
}
