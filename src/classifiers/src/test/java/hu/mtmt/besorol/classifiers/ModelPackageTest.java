package hu.mtmt.besorol.classifiers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.EvaluationReport;
import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.LinearParameters;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.contract.ModelManifest;
import hu.mtmt.besorol.contract.ModelManifest.DataReference;
import hu.mtmt.besorol.contract.ModelManifest.TaxonomyReference;
import hu.mtmt.besorol.contract.Suggestion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelPackageTest {
  private static final Digest SOME = Digest.of(new byte[] {1});
  private static final String VOCABULARY = ModelFiles.name(parameters().features());

  private static final ToyCorpus CORPUS = ToyCorpus.of(10, 400, 100, 3);

  @TempDir Path store;

  private ModelPackage written;

  @BeforeEach
  void write() {
    written = publish(store, null, null);
  }

  @Test
  void opensAsItWasWritten() {
    var opened = ModelPackage.open(written.directory());

    assertThat(opened.version()).isEqualTo(written.version());
    assertThat(opened.directory())
        .isEqualTo(store.resolve(written.version().value().replace(':', '-')));
    assertThat(opened.manifest()).isEqualTo(written.manifest());
    assertThat(opened.target().taxonomy().subjects())
        .isEqualTo(CORPUS.labels().target().taxonomy().subjects());
    assertThat(opened.subjects()).isEqualTo(written.subjects());
    assertThat(opened.evaluation()).isEmpty();
    opened.selfTest();
    for (var example : CORPUS.tested()) {
      assertThat(opened.suggest(example.document())).isEqualTo(written.suggest(example.document()));
      assertThat(opened.rank(example.document(), 10, 0))
          .isEqualTo(written.rank(example.document(), 10, 0));
    }
  }

  @Test
  void theVersionIsTheDigestOfTheManifestAndSaysEverything() throws IOException {
    var manifest = written.directory().resolve(ModelManifest.FILE);

    assertThat(written.version()).isEqualTo(Digest.of(manifest));
    assertThat(written.manifest().files().stream().map(ModelManifest.PackageFile::path))
        .containsExactly(
            "calibration.json",
            "labels.txt",
            "selftest.jsonl",
            "taxonomy.jsonl",
            VOCABULARY,
            "weights.bin");
    assertThat(written.bytes())
        .isEqualTo(directorySize(written.directory()) - Files.size(manifest));
  }

  @Test
  void theSameTrainingGivesTheSameVersion(@TempDir Path elsewhere) {
    assertThat(publish(elsewhere, null, null).version()).isEqualTo(written.version());
    assertThat(publish(elsewhere, report(12.5), null).version())
        .isNotEqualTo(written.version())
        .isEqualTo(publish(store, report(99.0), null).version());
  }

  @Test
  void onlyReproducibleFiguresAreKept() {
    var judged = ModelPackage.open(publish(store, report(12.5), "judged").directory());

    assertThat(judged.manifest().figures()).containsOnlyKeys(Metric.STRICT_F1);
    assertThat(judged.evaluation().orElseThrow().overall().metrics())
        .containsOnlyKeys(Metric.STRICT_F1);
  }

  @Test
  void aPackageThatIsThereAlreadyIsLeftAsItIs() throws IOException {
    var file = written.directory().resolve("weights.bin");
    var before = Files.getLastModifiedTime(file);

    assertThat(publish(store, null, null).version()).isEqualTo(written.version());
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(before);
    assertThat(names(store)).hasSize(1);
  }

  @Test
  void aDamagedPackageOfThatVersionIsReplaced() throws IOException {
    Files.writeString(written.directory().resolve("weights.bin"), "half");

    assertThat(publish(store, null, null).version()).isEqualTo(written.version());
    ModelPackage.open(written.directory()).selfTest();
    assertThat(names(store)).hasSize(1);
  }

  @Test
  void anotherPackageOfThatNameIsNotReplaced() {
    publish(store, null, "mine");

    assertThatThrownBy(() -> publish(store, report(1), "mine"))
        .isInstanceOfSatisfying(
            BesorolException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.PLAN_INVALID))
        .hasMessageContainingAll("mine", "is there already");
    assertThat(ModelPackage.open(store.resolve("mine")).evaluation()).isEmpty();
    assertThat(names(store)).hasSize(2);
  }

  @Test
  void theAnswerIsTheFrontOfTheRanking() {
    var decision = written.manifest().decision();
    for (var example : CORPUS.tested()) {
      var answer = written.answer(example.document(), 7);
      assertThat(answer.labels()).hasSize(Math.max(7, decision.maximumSubjects()));
      assertThat(answer.scores()).isSortedAccordingTo((a, b) -> Float.compare(b, a));
      for (int i = 0; i < answer.labels().length; i++) {
        boolean wanted =
            i < decision.minimumSubjects()
                || i < decision.maximumSubjects() && answer.scores()[i] >= decision.threshold();
        assertThat(i < answer.decided()).isEqualTo(wanted);
      }
      assertThat(written.suggest(example.document()))
          .isEqualTo(written.rank(example.document(), 7, 0).subList(0, answer.decided()));
    }
  }

  @Test
  void aRankingEndsAtItsThreshold() {
    var document = CORPUS.tested().getFirst().document();
    var all = written.rank(document, 100, 0);

    assertThat(all).hasSize(10);
    assertThat(written.rank(document, 100, all.get(2).score())).isEqualTo(all.subList(0, 3));
    assertThat(written.rank(document, 0, 0)).isEmpty();
  }

  @Test
  void whatDecidedAreTheWordsOfTheSubject() {
    for (var example : CORPUS.tested()) {
      var document = example.document();
      var best = written.explain(document, written.rank(document, 1, 0), 3).getFirst();

      assertThat(best.reasons()).hasSize(3);
      assertThat(best.reasons())
          .isSortedAccordingTo(
              (a, b) -> Double.compare(Math.abs(b.weight()), Math.abs(a.weight())));
      assertThat(best.reasons())
          .allSatisfy(r -> assertThat(" " + document.title() + " ").contains(" " + r.text() + " "));
      var word = "sub" + (char) ('a' + Integer.parseInt(best.subject().substring(1)));
      assertThat(best.reasons()).anySatisfy(r -> assertThat(r.text()).contains(word));
    }
  }

  @Test
  void aDocumentOfUnknownWordsIsNotAnswered() {
    assertThat(written.suggest(ToyCorpus.document("1", "zzz"))).isEmpty();
    assertThat(written.rank(ToyCorpus.document("1", "zzz"), 10, 0)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "calibration.json",
        "labels.txt",
        "selftest.jsonl",
        "taxonomy.jsonl",
        "vocabulary",
        "weights.bin"
      })
  void everyDamageIsFound(String which) throws IOException {
    var name = which.equals("vocabulary") ? VOCABULARY : which;
    var file = written.directory().resolve(name);
    var whole = Files.readAllBytes(file);

    var changed = whole.clone();
    changed[whole.length / 2] ^= 1;
    Files.write(file, changed);
    assertDamaged(name, "was changed");
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertDamaged(name, "has %d bytes instead of %d".formatted(whole.length - 1, whole.length));
    Files.write(file, Arrays.copyOf(whole, whole.length + 1));
    assertDamaged(name, "has %d bytes instead of %d".formatted(whole.length + 1, whole.length));
    Files.delete(file);
    assertDamaged(name, "is missing");
    Files.createDirectory(file);
    assertDamaged(name, "is missing");
    Files.delete(file);
    Files.write(file, whole);
    ModelPackage.open(written.directory()).selfTest();
  }

  @Test
  void aFileThatDoesNotBelongToThePackageIsFound() throws IOException {
    Files.writeString(written.directory().resolve("notes.txt"), "hello");
    assertDamaged("notes.txt", "does not belong to it");
    Files.delete(written.directory().resolve("notes.txt"));
    Files.writeString(written.directory().resolve(".nfs0001"), "left by a volume");
    ModelPackage.open(written.directory());
  }

  @Test
  void aManifestThatPointsOutsideIsRefused() throws IOException {
    Files.writeString(store.resolve("secret"), "x");
    changeManifest(json -> json.replaceFirst("\"labels.txt\"", "\"../secret\""));

    assertDamaged("model.json", "../secret");
  }

  @Test
  void aNewerFormatIsRefused() throws IOException {
    changeManifest(json -> json.replace("besorol/model/1", "besorol/model/2"));

    assertThatThrownBy(() -> ModelPackage.open(written.directory()))
        .isInstanceOf(BesorolException.class)
        .hasMessageContainingAll("model.json", "besorol/model/2", "use the version that wrote it");
  }

  @Test
  void aManifestThatIsNoneIsRefused() throws IOException {
    for (var wrong :
        List.of("", "{", "[]", "{}", "\u0000", "{\"schema\": \"besorol/progress/1\"}")) {
      changeManifest(json -> wrong);
      assertThatThrownBy(() -> ModelPackage.open(written.directory()))
          .isInstanceOfSatisfying(
              BesorolException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.DATA_INVALID))
          .hasMessageContaining("model.json");
    }
  }

  @Test
  void whatIsNoPackageIsSaidToBeNone() {
    assertThatThrownBy(() -> ModelPackage.open(store.resolve("nowhere")))
        .isInstanceOf(BesorolException.class)
        .hasMessageContainingAll("There is no model package", "nowhere");
    assertThatThrownBy(() -> ModelPackage.open(store))
        .isInstanceOf(BesorolException.class)
        .hasMessageContainingAll(store.toString(), "is not a model package", "model.json");
  }

  @Test
  void theSelfTestFindsAMachineThatComputesDifferently() throws IOException {
    var file = written.directory().resolve(SelfTest.FILE);
    var cases = SelfTest.read(Files.readAllBytes(file));
    assertThat(cases).hasSize(5).allSatisfy(c -> assertThat(c.suggestions()).isNotEmpty());
    var opened = ModelPackage.open(written.directory());
    opened.selfTest();

    Files.write(file, SelfTest.write(cases.stream().map(c -> moved(c, 0.00005)).toList()));
    opened.selfTest();
    Files.write(file, SelfTest.write(cases.stream().map(c -> moved(c, 0.001)).toList()));
    assertThatThrownBy(opened::selfTest)
        .isInstanceOf(BesorolException.class)
        .hasMessageContainingAll("fails its self-test", "line 1", "0.1-test");
    Files.write(file, SelfTest.write(cases.stream().map(ModelPackageTest::swapped).toList()));
    assertThatThrownBy(opened::selfTest).isInstanceOf(BesorolException.class);
  }

  private static SelfTest.Case moved(SelfTest.Case c, double by) {
    return new SelfTest.Case(
        c.document(),
        c.suggestions().stream().map(s -> new Suggestion(s.subject(), s.score() + by)).toList());
  }

  /** The subjects the other way round, each with the score of its new rank. */
  private static SelfTest.Case swapped(SelfTest.Case c) {
    int n = c.suggestions().size();
    return new SelfTest.Case(
        c.document(),
        IntStream.range(0, n)
            .mapToObj(
                i ->
                    new Suggestion(
                        c.suggestions().get(n - 1 - i).subject(), c.suggestions().get(i).score()))
            .toList());
  }

  @Test
  void withoutPublishingNothingRemains() {
    try (var writer = ModelPackageWriter.begin(store.resolve("new"))) {
      train(writer);
      assertThat(names(store.resolve("new"))).hasSize(2); // the directory and its lock
    }
    assertThat(names(store.resolve("new"))).isEmpty();
  }

  @Test
  void anUnfinishedPackageCanAnswerButIsNone() {
    try (var writer = ModelPackageWriter.begin(store)) {
      var unfinished = describe(writer);
      unfinished.selfTest();
      assertThat(unfinished.suggest(CORPUS.tested().getFirst().document()))
          .isEqualTo(written.suggest(CORPUS.tested().getFirst().document()));
      assertThat(unfinished.bytes()).isEqualTo(written.bytes());
      assertThatThrownBy(unfinished::version).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> ModelPackage.open(writer.directory()))
          .hasMessageContaining("is not a model package");
    }
  }

  @Test
  void whatAKilledProcessLeftIsDeletedAndWhatOthersWriteIsNot() throws IOException {
    var abandoned = Files.createDirectory(store.resolve(".unfinished-1234"));
    Files.writeString(abandoned.resolve("weights.bin"), "half");
    Files.writeString(store.resolve(".unfinished-1234.lock"), "");

    try (var other = ModelPackageWriter.begin(store);
        var writer = ModelPackageWriter.begin(store)) {
      assertThat(abandoned).doesNotExist();
      assertThat(store.resolve(".unfinished-1234.lock")).doesNotExist();
      assertThat(other.directory()).exists().isNotEqualTo(writer.directory());
    }
    assertThat(names(store)).containsExactly(written.directory().getFileName().toString());
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsTheMachinesFault() throws IOException {
    var file = Files.writeString(store.resolve("file"), "");

    assertThatThrownBy(() -> ModelPackageWriter.begin(file.resolve("store")))
        .isInstanceOfSatisfying(
            BesorolException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.MACHINE_FAILED))
        .hasMessageContainingAll("cannot be written", "file");
  }

  /** Wherever the disk becomes full, the sentence says so and nothing is left. */
  @Test
  void aFullDiskLeavesNothingBehind() throws Exception {
    var disk = Files.createDirectory(store.resolve("disk"));
    boolean failed = false;
    boolean published = false;
    for (int kilobytes = 8; !published; kilobytes += 8) {
      assumeTrue(
          run("mount", "-t", "tmpfs", "-o", "size=" + kilobytes + "k", "tmpfs", disk.toString()),
          "only the superuser can mount a small disk");
      try {
        publish(disk, null, "model");
        published = true;
      } catch (BesorolException e) {
        failed = true;
        assertThat(e.kind()).isEqualTo(FailureKind.MACHINE_FAILED);
        assertThat(e).hasMessageContainingAll("No space left", "check that the disk is not full");
        assertThat(names(disk)).isEmpty();
      } finally {
        run("umount", "--lazy", disk.toString());
      }
    }
    assertThat(failed).isTrue();
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) { // no such command here
      return false;
    }
  }

  private void assertDamaged(String file, String how) {
    assertThatThrownBy(() -> ModelPackage.open(written.directory()))
        .isInstanceOfSatisfying(
            BesorolException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.DATA_INVALID))
        .hasMessageContainingAll(written.directory().toString(), file + " ", how);
  }

  private void changeManifest(Function<String, String> change) throws IOException {
    var file = written.directory().resolve(ModelManifest.FILE);
    Files.writeString(file, change.apply(Files.readString(file)));
  }

  static ModelPackage publish(Path store, EvaluationReport report, String name) {
    try (var writer = ModelPackageWriter.begin(store)) {
      describe(writer);
      return writer.publish(report, name);
    }
  }

  private static ModelPackage describe(ModelPackageWriter writer) {
    var parameters = parameters();
    var decision = train(writer);
    var manifest =
        new ModelManifest(
            Algorithm.of(parameters),
            new TaxonomyReference(SOME, null),
            new DataReference(SOME, CORPUS.trainingSize()),
            new DataReference(SOME, CORPUS.validationSize()),
            null,
            1,
            "0.1-test",
            "en",
            CORPUS.labels().size(),
            decision,
            null,
            null);
    var documents = CORPUS.tested().stream().limit(5).map(Example::document).toList();
    return writer.describe(manifest, CORPUS.labels(), documents);
  }

  private static ModelManifest.Decision train(ModelPackageWriter writer) {
    return ModelTraining.train(
        Algorithm.of(parameters()),
        CORPUS,
        new TrainingContext(1, 2, null, null, () -> false, (stage, share, epoch, loss) -> {}),
        writer.directory());
  }

  private static LinearParameters parameters() {
    return ContractJson.readPart(
        "{}".getBytes(StandardCharsets.UTF_8), LinearParameters.class, "parameters");
  }

  private static EvaluationReport report(double latency) {
    var metrics = Map.of(Metric.STRICT_F1, 0.5, Metric.LATENCY_P95_MILLIS, latency);
    return new EvaluationReport(
        SOME,
        SOME,
        null,
        new EvaluationReport.Slice("overall", 1, 1, 1, 1, metrics),
        List.of(),
        List.of(),
        List.of());
  }

  private static List<String> names(Path directory) {
    try (var files = Files.list(directory)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static long directorySize(Path directory) throws IOException {
    long size = 0;
    for (var name : names(directory)) {
      size += Files.size(directory.resolve(name));
    }
    return size;
  }
}
