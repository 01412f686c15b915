package hu.mtmt.besorol.local.controller;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Hands out free TCP ports of 127.0.0.1 from a range in which the operating system does not choose
 * the ports of outgoing connections itself. A port is not handed out twice by the same object.
 */
public final class Ports {
  private static final int FIRST = 20_000;
  private static final int COUNT = 12_000;

  private final Set<Integer> taken = new HashSet<>();
  private final RandomGenerator random;

  public Ports(RandomGenerator random) {
    this.random = random;
  }

  /** A port that nobody listens on. */
  public synchronized int next() {
    var start = random.nextInt(COUNT);
    for (int i = 0; i < COUNT; i++) {
      var port = FIRST + (start + i) % COUNT;
      if (!taken.contains(port) && isFree(port)) {
        taken.add(port);
        return port;
      }
    }
    throw new IllegalStateException("no port between 20000 and 32000 of 127.0.0.1 is free");
  }

  /** Whether nobody listens on that port of 127.0.0.1. */
  public static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
