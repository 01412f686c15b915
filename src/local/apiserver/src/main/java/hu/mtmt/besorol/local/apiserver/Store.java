package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * All objects under one revision counter, the newest writes, and who watches them. An object is
 * never changed once it is stored: whoever changes it copies it first.
 */
final class Store implements AutoCloseable {
  /** Clients use the revisions 0 and 1 with meanings of their own. */
  private static final long FIRST_REVISION = 100;

  private static final System.Logger LOG = System.getLogger(Store.class.getName());

  /** Tells a subscription that nothing more comes. */
  private static final Change END = new Change(0, null, null, null, null);

  private final int historySize;
  private final ConcurrentNavigableMap<Key, ObjectNode> objects = new ConcurrentSkipListMap<>();
  private final Deque<Change> history = new ArrayDeque<>();
  private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Journal journal;
  private long revision = FIRST_REVISION;

  /** The newest revision whose changes are forgotten. */
  private long forgotten = FIRST_REVISION;

  /**
   * @param directory of the state, or empty to keep it in memory only
   * @param historySize how many writes a watch can resume over
   * @throws IOException if the state cannot be read, with a sentence
   */
  Store(Optional<Path> directory, int historySize) throws IOException {
    this.historySize = historySize;
    this.journal = directory.isPresent() ? Journal.open(directory.get(), new Reader()) : null;
  }

  private final class Reader implements Journal.Replay {
    @Override
    public void begin(long snapshot) {
      revision = Math.max(snapshot, FIRST_REVISION);
      forgotten = revision;
    }

    @Override
    public void write(long written, Key key, ObjectNode object) {
      var before = objects.get(key);
      if (object == null) {
        objects.remove(key);
      } else {
        objects.put(key, object);
      }
      if (written > 0) {
        revision = written;
        remember(
            change(
                key, before, object == null ? deleted(before, written) : object, object == null));
      }
    }
  }

  /** Runs with nobody else writing: what it reads stays true until it has written. */
  <T> T exclusively(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  Optional<ObjectNode> get(Key key) {
    return Optional.ofNullable(objects.get(key));
  }

  long revision() {
    return exclusively(() -> revision);
  }

  /**
   * Objects as they were at one revision.
   *
   * @param objects in the order of their keys
   */
  record Snapshot(long revision, List<ObjectNode> objects) {}

  Snapshot list(ResourceKind kind, String namespace) {
    return exclusively(() -> new Snapshot(revision, range(kind, namespace)));
  }

  private List<ObjectNode> range(ResourceKind kind, String namespace) {
    return List.copyOf(
        objects.subMap(Key.first(kind, namespace), Key.end(kind, namespace)).values());
  }

  /** Every object; while others write it may miss what is new. */
  List<ObjectNode> all() {
    return List.copyOf(objects.values());
  }

  /**
   * Stores an object; the caller must not touch it afterwards.
   *
   * @return it, with its new resourceVersion
   */
  ObjectNode put(Key key, ObjectNode object) {
    return exclusively(
        () -> {
          long next = revision + 1;
          Json.metadata(object).put("resourceVersion", Long.toString(next));
          append(next, key, object);
          var before = objects.put(key, object);
          publish(next, change(key, before, object, false));
          return object;
        });
  }

  /**
   * Removes an object.
   *
   * @param last what it looked like at its end
   * @return it, with the revision of its end
   */
  ObjectNode delete(Key key, ObjectNode last) {
    return exclusively(
        () -> {
          long next = revision + 1;
          append(next, key, null);
          var before = objects.remove(key);
          var object = deleted(last, next);
          publish(next, change(key, before, object, true));
          return object;
        });
  }

  private static ObjectNode deleted(ObjectNode last, long revision) {
    var object = last.deepCopy();
    Json.metadata(object).put("resourceVersion", Long.toString(revision));
    return object;
  }

  private static Change change(Key key, ObjectNode before, ObjectNode object, boolean deleted) {
    var type =
        deleted ? Change.Type.DELETED : before == null ? Change.Type.ADDED : Change.Type.MODIFIED;
    long revision = object.path("metadata").path("resourceVersion").asLong();
    return new Change(revision, type, key, before, object);
  }

  private void append(long next, Key key, ObjectNode object) {
    if (journal == null) {
      return;
    }
    try {
      journal.append(next, key, object);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void publish(long next, Change change) {
    revision = next;
    remember(change);
    for (var subscription : subscriptions) {
      subscription.offer(change);
    }
    if (journal != null && journal.isLong(objects.size())) {
      try {
        journal.rewrite(revision, objects);
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "the journal stays long: it cannot be rewritten", e);
      }
    }
  }

  private void remember(Change change) {
    history.addLast(change);
    if (history.size() > historySize) {
      forgotten = history.removeFirst().revision();
    }
  }

  /** Changes from some revision on, as they happen. */
  final class Subscription implements AutoCloseable {
    private final BlockingQueue<Change> queue = new LinkedBlockingQueue<>();
    private final Snapshot start;
    private boolean ended;

    private Subscription(Snapshot start) {
      this.start = start;
    }

    /** The objects at its begin, if it was asked for them, and the revision it begins after. */
    Snapshot start() {
      return start;
    }

    private void offer(Change change) {
      if (queue.size() > historySize) {
        end(); // Nobody reads it: the client may begin again.
      } else {
        queue.add(change);
      }
    }

    private void end() {
      queue.add(END);
    }

    /** The next change, or empty if none came within the time or the subscription was ended. */
    Optional<Change> next(long nanos) throws InterruptedException {
      var change = ended ? null : queue.poll(nanos, TimeUnit.NANOSECONDS);
      ended |= change == END;
      return Optional.ofNullable(ended ? null : change);
    }

    /** Whether no more changes will come. */
    boolean ended() {
      return ended;
    }

    @Override
    public void close() {
      subscriptions.remove(this);
    }
  }

  /** Subscribes to what comes after now; its start holds the objects of the kind. */
  Subscription watchFromNow(ResourceKind kind, String namespace) {
    return exclusively(() -> subscribe(new Snapshot(revision, range(kind, namespace)), List.of()));
  }

  /**
   * Subscribes to what came after a revision; its start holds no objects.
   *
   * @throws Failure 410 if that is too long ago
   */
  Subscription watchAfter(long after) {
    return exclusively(
        () -> {
          checkKept(after);
          var missed = history.stream().filter(c -> c.revision() > after).toList();
          return subscribe(new Snapshot(after, List.of()), missed);
        });
  }

  private void checkKept(long after) {
    if (after < forgotten) {
      throw Failure.expired("too old resource version: " + after + " (" + forgotten + ")");
    }
  }

  private Subscription subscribe(Snapshot start, List<Change> missed) {
    var subscription = new Subscription(start);
    subscription.queue.addAll(missed);
    subscriptions.add(subscription);
    return subscription;
  }

  /** Every change from now on. */
  Subscription watchAll() {
    return exclusively(() -> subscribe(new Snapshot(revision, List.of()), List.of()));
  }

  /** Ends every watch; its client may begin again. */
  void endSubscriptions() {
    subscriptions.forEach(Subscription::end);
  }

  /** Forgets the history, so that no watch can resume from before now. */
  void forgetHistory() {
    exclusively(
        () -> {
          history.clear();
          forgotten = ++revision;
          return null;
        });
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      if (journal != null) {
        journal.close();
      }
    } finally {
      lock.unlock();
    }
  }
}
