package hu.mtmt.besorol.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hu.mtmt.besorol.contract.FailureKind;
import hu.mtmt.besorol.contract.TrainingPlan;
import hu.mtmt.besorol.trainer.TinyCorpus;
import hu.mtmt.besorol.trainer.data.LocalSources;
import hu.mtmt.besorol.trainer.progress.ProgressTracker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are full and volumes that cannot be read or written. */
class FailingVolumesTest {
  @TempDir Path directory;
  private TinyCorpus corpus;

  @BeforeEach
  void write() {
    corpus = TinyCorpus.in(directory.resolve("data"), 8);
  }

  private static void run(TrainingPlan plan, Path store, Path checkpoints) {
    var clock = Clock.systemUTC();
    var context =
        new JobContext(
            2, clock, ProgressTracker.ofTraining(clock, progress -> {}), () -> false, note -> {});
    new TrainingJob(new LocalSources(), context)
        .run(plan, new TrainingJob.Places(store, null, checkpoints));
  }

  private void assertMachineFailed(
      TrainingPlan plan, Path store, Path checkpoints, String... parts) {
    assertThatThrownBy(() -> run(plan, store, checkpoints))
        .satisfies(e -> assertThat(Failures.of(e).kind()).isEqualTo(FailureKind.MACHINE_FAILED))
        .satisfies(e -> assertThat(Failures.of(e).message()).contains(parts));
  }

  /** A file system of so few bytes; only root may mount one. */
  private Path tmpfs(String name, int bytes) throws IOException, InterruptedException {
    var point = Files.createDirectories(directory.resolve(name));
    var process =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=" + bytes, "tmpfs", point.toString())
            .redirectErrorStream(true)
            .start();
    assumeTrue(process.waitFor() == 0, "no tmpfs can be mounted here: only root may");
    return point;
  }

  private static void unmount(Path point) throws IOException, InterruptedException {
    new ProcessBuilder("umount", point.toString()).start().waitFor();
  }

  @Test
  void aFullStoreKeepsNothingHalfWritten() throws Exception {
    var store = tmpfs("store", 16 << 10);
    try {
      assertMachineFailed(corpus.plan(), store, null, store.toString(), "full");
      assertThat(store).isEmptyDirectory();
    } finally {
      unmount(store);
    }
    run(corpus.plan(), store, null);
    assertThat(store).isDirectoryContaining("glob:**sha256-*");
  }

  @Test
  void saysThatCheckpointsDoNotFit() throws Exception {
    var checkpoints = tmpfs("checkpoints", 16 << 10);
    var store = directory.resolve("store");
    try {
      assertMachineFailed(
          corpus.plan(), store, checkpoints, "Checkpoints cannot be kept", checkpoints.toString());
      assertThat(store).isEmptyDirectory();
    } finally {
      unmount(checkpoints);
    }
  }

  @Test
  void anUnreadableFileIsTheFailureOfTheMachine() throws IOException {
    var plan = corpus.plan();
    Files.delete(corpus.file("train.jsonl"));
    // Not even root can read a link to itself.
    Files.createSymbolicLink(corpus.file("train.jsonl"), corpus.file("train.jsonl"));
    assertMachineFailed(
        plan, directory.resolve("store"), null, "train.jsonl cannot be read", "permissions");
  }

  @Test
  void aStoreWithoutPermissionIsTheFailureOfTheMachine() throws IOException {
    assumeTrue(!"root".equals(System.getProperty("user.name")), "root may write everywhere");
    var store =
        Files.createDirectory(
            directory.resolve("store"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-xr-xr-x")));
    assertMachineFailed(corpus.plan(), store, null, store.toString());
  }
}
