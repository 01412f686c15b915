package hu.mtmt.besorol.local.kubelet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A process as it is noted in a file, so that one whose parent was killed can be ended later. The
 * start time tells it from another process that has got its number.
 */
record ProcessNote(long pid, long startMillis) {

  static ProcessNote of(Process process) {
    return new ProcessNote(process.pid(), startOf(process.toHandle()));
  }

  void write(Path file) throws IOException {
    Files.writeString(file, pid + " " + startMillis + "\n");
  }

  /** The process that {@code file} tells of, if it still runs. */
  static Optional<ProcessHandle> living(Path file) {
    try {
      var words = Files.readString(file).strip().split(" ");
      var start = Long.parseLong(words[1]);
      return ProcessHandle.of(Long.parseLong(words[0])).filter(h -> startOf(h) == start);
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // Killed while it was written, so the process may live: seldom.
    }
  }

  /** Ends a process and all that it has started, at once. */
  static void kill(ProcessHandle process) {
    Stream.concat(process.descendants(), Stream.of(process))
        .toList()
        .forEach(ProcessHandle::destroyForcibly);
  }

  private static long startOf(ProcessHandle process) {
    return process.info().startInstant().map(i -> i.toEpochMilli()).orElse(0L);
  }
}
