package hu.mtmt.besorol.trainer.data;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Source;
import java.nio.file.Path;

/** The sources of a command line: files, named as the user's shell would. */
public final class LocalSources implements Sources {
  @Override
  public Path file(Source source, String field) {
    if (source.location().contains("://")) {
      throw BesorolException.plan(
          "%s: the command line reads files only: download %s and name the file."
              .formatted(field, source.location()));
    }
    return Path.of(source.location());
  }

  @Override
  public void close() {
    // Nothing was fetched.
  }
}
