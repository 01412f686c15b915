package hu.mtmt.besorol.trainer.data;

import hu.mtmt.besorol.contract.Source;
import java.nio.file.Path;
import java.util.List;

/** Turns the places that a plan names into files on this machine. */
public interface Sources extends AutoCloseable {
  /**
   * The file of a source; it stays until this is closed. Its digest is verified by whoever reads
   * it.
   *
   * @param source where it is
   * @param field field of the plan that names it, for messages
   * @throws hu.mtmt.besorol.contract.BesorolException if it may not or cannot be had
   */
  Path file(Source source, String field);

  /** The directories of what was fetched so far. */
  default List<Path> fetched() {
    return List.of();
  }

  /** Removes what was fetched. */
  @Override
  void close();
}
