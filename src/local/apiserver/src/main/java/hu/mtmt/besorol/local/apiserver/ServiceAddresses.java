package hu.mtmt.besorol.local.apiserver;

import java.util.HashSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Addresses of Services, from 10.96.0.0/16. Nothing answers there; clients expect one. */
final class ServiceAddresses {
  private static final int SIZE = 65_534;

  private final Supplier<Stream<String>> used;

  /**
   * @param used the addresses of the Services that exist
   */
  ServiceAddresses(Supplier<Stream<String>> used) {
    this.used = used;
  }

  /** The lowest free address. */
  String allocate() {
    var taken = new HashSet<>(used.get().toList());
    for (int i = 1; i <= SIZE; i++) {
      var address = "10.96." + (i >> 8) + "." + (i & 255);
      if (!taken.contains(address)) {
        return address;
      }
    }
    throw Failure.notImplemented("all " + SIZE + " addresses of Services are taken");
  }
}
