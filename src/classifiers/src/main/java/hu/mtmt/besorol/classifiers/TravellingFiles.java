package hu.mtmt.besorol.classifiers;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** Files of a directory on their way to the same names in a directory of another process. */
public final class TravellingFiles {
  private static final String NAME = "[a-z][a-z0-9.-]{0,99}";

  private TravellingFiles() {}

  /** The names of all files in a directory, in order. */
  public static Set<String> in(Path directory) {
    try (var files = Files.list(directory)) {
      var names = new TreeSet<String>();
      files.forEach(file -> names.add(file.getFileName().toString()));
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes files. */
  public static void write(Path directory, Set<String> names, DataOutputStream out)
      throws IOException {
    out.writeInt(names.size());
    for (var name : names) {
      out.writeUTF(name);
      out.writeLong(Files.size(directory.resolve(name)));
      Files.copy(directory.resolve(name), out);
    }
  }

  /** Reads what {@link #write} wrote into files of a directory. */
  public static void read(Path directory, DataInputStream in) throws IOException {
    for (int left = in.readInt(); left > 0; left--) {
      var name = in.readUTF();
      if (!name.matches(NAME)) {
        throw new IOException("no name of a file: " + name);
      }
      try (var out = Files.newOutputStream(directory.resolve(name))) {
        var buffer = new byte[1 << 16];
        for (long bytes = in.readLong(); bytes > 0; ) {
          int length = (int) Math.min(bytes, buffer.length);
          in.readFully(buffer, 0, length);
          out.write(buffer, 0, length);
          bytes -= length;
        }
      }
    }
  }
}
