package hu.mtmt.besorol.classifiers;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.AlgorithmParameters;
import hu.mtmt.besorol.contract.BonsaiParameters;
import hu.mtmt.besorol.contract.LinearParameters;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Families that several processes train, here threads that exchange bytes as processes do. */
@Timeout(60)
class TeamTest {
  @TempDir Path scratch;

  private final Map<String, CompletableFuture<byte[]>> things = new ConcurrentHashMap<>();
  private final Map<String, Integer> claims = new ConcurrentHashMap<>();

  private CompletableFuture<byte[]> thing(String name) {
    return things.computeIfAbsent(name, n -> new CompletableFuture<>());
  }

  private record Member(int rank, int size, TeamTest shared) implements Team {
    @Override
    public boolean claim(String name) {
      return !has(name) && shared.claims.computeIfAbsent(name, n -> rank) == rank;
    }

    @Override
    public boolean has(String name) {
      return shared.thing(name).isDone();
    }

    @Override
    public void give(String name, Checkpoints.Writer writer) {
      var bytes = new ByteArrayOutputStream();
      try (var out = new DataOutputStream(bytes)) {
        writer.write(out);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      if (!shared.thing(name).complete(bytes.toByteArray())) {
        assertThat(shared.thing(name).join()).as(name).isEqualTo(bytes.toByteArray());
      }
    }

    @Override
    public <T> T take(String name, Checkpoints.Reader<T> reader) {
      try {
        return reader.read(
            new DataInputStream(new ByteArrayInputStream(shared.thing(name).join())));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private TrainingContext context(Team team, Path checkpoints, BooleanSupplier cancelled) {
    return new TrainingContext(
        1, 2, 1L << 30, checkpoints, null, cancelled, (stage, share, epoch, loss) -> {}, team);
  }

  private static AlgorithmParameters parameters(String family, String json) {
    return family.equals("Linear")
        ? Trainings.parameters(LinearParameters.class, json)
        : Trainings.parameters(BonsaiParameters.class, json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Linear | 2 | {}",
        "Linear | 3 | {}",
        "Linear | 3 | {\"features\":{\"hashing\":{\"bits\":18}}}",
        "Bonsai | 2 | {\"leafSize\":3}",
        "Bonsai | 3 | {\"partition\":\"Taxonomy\"}"
      })
  void writesWhatOneProcessWrites(String family, int size, String json) {
    var algorithm = Algorithm.of(parameters(family, json));
    // more blocks of documents than processes, the last of them not full
    var data = ToyCorpus.of(20, 900, 600, 1);
    var alone = directory("alone");
    var decision =
        ModelTraining.train(algorithm, data, context(Team.ALONE, null, () -> false), alone);

    var leading = directory("rank-0");
    try (var executor = Executors.newFixedThreadPool(size)) {
      var followers =
          IntStream.range(1, size)
              .mapToObj(rank -> member(rank, size))
              .map(
                  context ->
                      CompletableFuture.runAsync(
                          () ->
                              ModelTraining.assist(
                                  algorithm,
                                  data,
                                  context,
                                  directory("rank-" + context.team().rank())),
                          executor))
              .toList();
      assertThat(ModelTraining.train(algorithm, data, member(0, size), leading))
          .isEqualTo(decision);
      followers.forEach(CompletableFuture::join);
    }
    assertThat(Trainings.digests(leading)).isEqualTo(Trainings.digests(alone));
    for (int rank = 0; rank < size; rank++) { // everybody did a share
      assertThat(things).containsKeys("counts-" + rank, "vectors-" + rank);
      assertThat(things.containsKey("validation-" + rank)).isEqualTo(rank > 0);
    }
  }

  private Path directory(String name) {
    try {
      return Files.createDirectory(scratch.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TrainingContext member(int rank, int size) {
    return context(new Member(rank, size, this), null, () -> false);
  }

  @Test
  void aPartIsLearntOnceAndAllComeToTheLeader() {
    var learnt = new ConcurrentHashMap<Integer, Integer>();
    List<Map<Integer, Integer>> sinks =
        List.of(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
    var names = IntStream.range(0, 30).mapToObj(i -> "part-" + i).toList();
    try (var executor = Executors.newFixedThreadPool(2)) {
      var ends = new ArrayList<CompletableFuture<Void>>();
      for (int rank = 0; rank < 2; rank++) {
        var sink = sinks.get(rank);
        var context = context(new Member(rank, 2, this), null, () -> false);
        var checkpoints = Checkpoints.open(context, trivial());
        var parts =
            new IndependentParts<Integer>(
                context, checkpoints, DataInputStream::readInt, (i, out) -> out.writeInt(i));
        ends.add(
            CompletableFuture.runAsync(
                () ->
                    parts.run(
                        names,
                        () -> "worker",
                        (worker, part) -> {
                          learnt.merge(part, 1, Integer::sum);
                          return 100 + part;
                        },
                        sink::put),
                executor));
      }
      ends.forEach(CompletableFuture::join);
    }
    assertThat(learnt).hasSize(30).containsValue(1).doesNotContainValue(2);
    assertThat(sinks.getFirst()).hasSize(30).containsEntry(7, 107).containsEntry(29, 129);
  }

  private static Record trivial() {
    return Trainings.parameters(LinearParameters.class, "{}");
  }

  @Test
  void whatAnEarlierProcessOfTheRankLearntIsGivenAgain() {
    var checkpointed = context(new Member(1, 2, this), scratch.resolve("kept"), () -> false);
    var names = List.of("a", "b");
    for (int attempt = 0; attempt < 2; attempt++) {
      int now = attempt;
      things.clear(); // rank 0 was started again
      claims.put("b", 0);
      new IndependentParts<Integer>(
              checkpointed,
              Checkpoints.open(checkpointed, trivial()),
              DataInputStream::readInt,
              (i, out) -> out.writeInt(i))
          .run(
              names,
              () -> "worker",
              (worker, part) -> {
                assertThat(now).as("attempt").isZero();
                return 5;
              },
              (part, number) -> assertThat(part).isZero());
      assertThat(things.get("a")).isDone();
    }
  }
}
