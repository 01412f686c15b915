package hu.mtmt.besorol.datacheck;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Counts what was found, and keeps the first ones as sentences. */
final class Examples {
  private final int limit;
  private final List<String> first = new ArrayList<>();
  private long count;

  Examples(int limit) {
    this.limit = limit;
  }

  void add(Supplier<String> example) {
    count++;
    if (first.size() < limit) {
      first.add(example.get());
    }
  }

  long count() {
    return count;
  }

  boolean isEmpty() {
    return count == 0;
  }

  List<String> first() {
    return first;
  }
}
