package hu.mtmt.besorol.local.apiserver;

import java.io.IOException;
import java.io.OutputStream;

/** Where {@code kubectl logs} comes from: whoever runs the pods. */
@FunctionalInterface
public interface LogSource {

  /**
   * What is asked for.
   *
   * @param container name of the container; empty if the pod has only one and none was named
   * @param follow whether to go on until the container ends
   * @param previous whether the container's earlier, ended run is meant
   * @param tailLines how many lines from the end; negative: all
   * @param sinceSeconds only lines of the last so many seconds; negative: all
   * @param timestamps whether each line begins with its time
   * @param limitBytes at most so many bytes; negative: no limit
   */
  record Query(
      String namespace,
      String pod,
      String container,
      boolean follow,
      boolean previous,
      long tailLines,
      long sinceSeconds,
      boolean timestamps,
      long limitBytes) {}

  /**
   * Writes the log and returns at its end, or when {@code out} throws because the client has gone.
   * Called on a virtual thread of the request; it is interrupted when the server closes.
   *
   * @throws NoLogException if there is none, with a sentence for the user; only before the first
   *     byte was written
   */
  void stream(Query query, OutputStream out) throws IOException, InterruptedException;

  /** There is no log: the container has not started, or its log is gone. */
  final class NoLogException extends IOException {
    private static final long serialVersionUID = 1L;

    public NoLogException(String message) {
      super(message);
    }
  }

  /** A server without pods that run. */
  static LogSource none() {
    return (query, out) -> {
      throw new NoLogException(
          "nothing runs the pods of this server, so pod " + query.pod() + " has no log");
    };
  }
}
