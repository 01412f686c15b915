package hu.mtmt.besorol.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeDiskTest {
  @TempDir Path root;
  private Path fetched;
  private Path copies;

  @BeforeEach
  void write() throws IOException {
    fetched = Files.createDirectory(root.resolve("fetched"));
    copies = Files.createDirectory(root.resolve("copies"));
    Files.write(fetched.resolve("train.jsonl"), new byte[1000]);
    Files.createDirectories(copies.resolve("a/b"));
    Files.write(copies.resolve("a/b/part-0"), new byte[234]);
  }

  private NodeDisk disk(Path... directories) {
    return new NodeDisk(() -> List.of(directories), root);
  }

  @Test
  void filesOfAllDirectoriesCount() {
    assertThat(disk().bytes()).isZero();
    assertThat(disk(fetched, copies).bytes()).isEqualTo(1234);
    assertThat(disk(fetched, root.resolve("gone")).bytes()).isEqualTo(1000);
  }

  @Test
  void whatIsLearntCountsInEveryPlaceOnTheNode() {
    var volume = root.resolve("volume");
    var places = Arrays.asList(copies.resolve("cache"), copies.resolve("checkpoints"));
    assertThat(disk(fetched).expected(500, 90, Arrays.asList(volume, null), false))
        .as("packages and checkpoints on a volume")
        .isEqualTo(1000);
    assertThat(disk(fetched, copies).expected(500, 90, places, false)).isEqualTo(1234 + 2 * 500);
    assertThat(disk(fetched).expected(500, 90, Arrays.asList(volume, null), true))
        .as("exchanged with other processes")
        .isEqualTo(1000 + 500 + 90);
  }

  @Test
  void anotherDiskIsNotTheNodes() {
    var memory = Path.of("/dev/shm");
    assumeTrue(Files.isDirectory(memory));
    assertThat(disk(memory).expected(500, 0, List.of(memory.resolve("x")), false)).isZero();
  }
}
