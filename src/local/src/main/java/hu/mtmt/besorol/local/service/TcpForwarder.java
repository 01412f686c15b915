package hu.mtmt.besorol.local.service;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Passes every connection to a port of 127.0.0.1 on to one of several addresses, in turn. A
 * connection stays with its address, also when new ones no longer go there, so that a program which
 * ends can finish what it has begun.
 */
final class TcpForwarder implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(TcpForwarder.class.getName());

  /** A program whose queue is full may make room; one that does not listen refuses at once. */
  private static final int CONNECT_TIMEOUT_MILLIS = 20_000;

  private final ServerSocket server;
  private final AtomicInteger turn = new AtomicInteger();
  private volatile List<InetSocketAddress> targets = List.of();

  private TcpForwarder(ServerSocket server) {
    this.server = server;
  }

  /** Begins to listen; until there are targets, connections are closed at once. */
  static TcpForwarder open(int port) throws IOException {
    var server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
    var forwarder = new TcpForwarder(server);
    Thread.ofVirtual().name("forward-" + port).start(forwarder::acceptAll);
    return forwarder;
  }

  int port() {
    return server.getLocalPort();
  }

  /** Where connections go from now on. */
  void forwardTo(List<InetSocketAddress> targets) {
    this.targets = List.copyOf(targets);
  }

  private void acceptAll() {
    try {
      while (true) {
        var client = server.accept();
        Thread.ofVirtual().start(() -> forward(client));
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "no longer listening", e);
    }
  }

  private void forward(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      var target = connect();
      if (target.isEmpty()) {
        return;
      }
      try (var server = target.get()) {
        var back = Thread.ofVirtual().start(() -> copy(server, client));
        copy(client, server);
        back.join();
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "connection ended", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<Socket> connect() {
    var all = targets;
    for (int i = 0; i < all.size(); i++) {
      var socket = new Socket();
      try {
        socket.setTcpNoDelay(true);
        socket.connect(
            all.get(Math.floorMod(turn.getAndIncrement(), all.size())), CONNECT_TIMEOUT_MILLIS);
        return Optional.of(socket);
      } catch (IOException e) {
        LOG.log(System.Logger.Level.DEBUG, "target does not answer", e);
      }
    }
    return Optional.empty();
  }

  /** Passes on what one side sends, and the end of it. */
  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // Broken on one side: the other must not wait for it.
      closeQuietly(from);
      closeQuietly(to);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "already closed", e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "already closed", e);
    }
  }
}
