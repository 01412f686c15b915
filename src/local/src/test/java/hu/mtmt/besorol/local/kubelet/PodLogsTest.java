package hu.mtmt.besorol.local.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hu.mtmt.besorol.local.apiserver.LogSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class PodLogsTest {
  @TempDir Path directory;
  private Sandbox sandbox;

  @BeforeEach
  void makeSandbox() throws IOException {
    sandbox = new Sandbox(directory.resolve("ns_pod_uid"));
    Files.createDirectories(sandbox.log("main", 0).getParent());
  }

  @Test
  void showsTheNewestRunAndThePreviousOne() throws Exception {
    Files.writeString(sandbox.log("main", 0), "first\n");
    Files.writeString(sandbox.log("main", 1), "second\n");

    assertThat(read(query(false, false, -1, -1))).isEqualTo("second\n");
    assertThat(read(query(false, true, -1, -1))).isEqualTo("first\n");
  }

  @Test
  void showsTheLastLinesOfALongLog() throws Exception {
    Files.writeString(sandbox.log("main", 0), "a line of some length\n".repeat(10_000) + "x\ny\n");

    assertThat(read(query(false, false, 2, -1))).isEqualTo("x\ny\n");
    assertThat(read(query(false, false, 0, -1))).isEmpty();
    assertThat(read(query(false, false, 20_000, -1))).hasLineCount(10_002);
    assertThat(read(query(false, false, 2, 3))).isEqualTo("x\ny");
  }

  @Test
  @Timeout(value = 1, unit = TimeUnit.MINUTES)
  void followsUntilTheProcessEnds() throws Exception {
    var log = sandbox.log("main", 0);
    var process =
        new ProcessBuilder("/bin/sh", "-c", "echo one; sleep 0.3; echo two")
            .redirectOutput(log.toFile())
            .start();
    ProcessNote.of(process).write(sandbox.process("main"));

    assertThat(read(query(true, false, -1, -1))).isEqualTo("one\ntwo\n");
  }

  @Test
  void saysWhyThereIsNoLog() {
    assertThatThrownBy(() -> read(query(false, false, -1, -1)))
        .isInstanceOf(LogSource.NoLogException.class)
        .hasMessage("container \"main\" in pod \"pod\" has not been started");
  }

  private String read(LogSource.Query query) throws Exception {
    var out = new ByteArrayOutputStream();
    new PodLogs(directory).stream(query, out);
    return out.toString();
  }

  private static LogSource.Query query(
      boolean follow, boolean previous, long tailLines, long limitBytes) {
    return new LogSource.Query(
        "ns", "pod", "main", follow, previous, tailLines, -1, false, limitBytes);
  }
}
