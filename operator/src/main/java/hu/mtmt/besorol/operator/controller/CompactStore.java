package hu.mtmt.besorol.operator.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The objects of one informer in little memory: without what nobody looks at, and packed if few of
 * them are looked at, as of those that have ended. What is asked for is unpacked each time.
 *
 * <p>The framework makes lists of all: when it has listed them, for their keys, and when it starts,
 * to know whose they are. Unpacked they do not fit into the memory, and to unpack them one by one
 * takes longer than requests wait meanwhile, so lists have only the names and labels of those that
 * are packed. Nor do those fit that were listed and of which nobody was told yet: of an object that
 * was packed its outline is left, and that is what handlers are told.
 *
 * <p>The first object that is packed is the dictionary of the others: those of a kind are alike.
 */
final class CompactStore<R extends HasMetadata> implements ItemStore<R> {
  /** How far back a deflated stream can refer. */
  private static final int WINDOW = 32 * 1024;

  private static final int BUFFER = 4 * 1024;

  private final Class<R> type;
  private final Consumer<R> trim;
  private final Predicate<R> packed;
  private final Consumer<R> outline;
  private final List<? extends Listener<R>> listeners;
  private final Map<String, Held<R>> items = new ConcurrentHashMap<>();

  /** One of each for all: their memory is not the heap's, and is given back to the system late. */
  private final Deflater deflater = new Deflater();

  private final Inflater inflater = new Inflater();
  private byte[] dictionary;

  /** Is told of every change once it is made, with the key of the object. */
  interface Listener<R> {
    void put(String key, R object);

    void removed(String key);
  }

  private sealed interface Held<R> {
    record Whole<R>(R object) implements Held<R> {}

    record Packed<R>(byte[] deflated, int length, Map<String, String> labels) implements Held<R> {}
  }

  /**
   * @param trim takes away from an object what nobody looks at
   * @param packed whether an object is to be packed
   * @param outline takes away from an object all but what tells whose it is, and what indexes ask
   *     about
   */
  CompactStore(
      Class<R> type,
      Consumer<R> trim,
      Predicate<R> packed,
      Consumer<R> outline,
      List<? extends Listener<R>> listeners) {
    this.type = type;
    this.trim = trim;
    this.packed = packed;
    this.outline = outline;
    this.listeners = listeners;
  }

  @Override
  public String getKey(R object) {
    return Cache.metaNamespaceKeyFunc(object);
  }

  @Override
  public R put(String key, R object) {
    trim.accept(object);
    object.getMetadata().setLabels(shared(object.getMetadata().getLabels()));
    boolean pack = packed.test(object);
    var before = items.put(key, pack ? pack(object) : new Held.Whole<>(object));
    listeners.forEach(l -> l.put(key, object));
    if (pack) {
      outline.accept(object);
    }
    return whole(before);
  }

  @Override
  public R remove(String key) {
    var before = items.remove(key);
    listeners.forEach(l -> l.removed(key));
    return whole(before);
  }

  @Override
  public Stream<String> keySet() {
    return items.keySet().stream();
  }

  @Override
  public Stream<R> values() {
    return items.entrySet().stream()
        .map(
            item ->
                switch (item.getValue()) {
                  case Held.Whole<R>(var object) -> object;
                  case Held.Packed<R> packed -> labelled(item.getKey(), packed.labels());
                });
  }

  /** An object with nothing but its name and labels. */
  private R labelled(String key, Map<String, String> labels) {
    int slash = key.indexOf('/');
    try {
      var object = type.getConstructor().newInstance();
      object.setMetadata(
          new ObjectMetaBuilder()
              .withNamespace(key.substring(0, slash))
              .withName(key.substring(slash + 1))
              .withLabels(labels)
              .build());
      return object;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("%s cannot be made".formatted(type), e);
    }
  }

  @Override
  public R get(String key) {
    return whole(items.get(key));
  }

  @Override
  public int size() {
    return items.size();
  }

  /**
   * Not, as an informer takes it: of a full store it tells its handlers when all is listed, with
   * every object as {@link #get} gives it, thousands of them unpacked at once.
   */
  @Override
  public boolean isFullState() {
    return false;
  }

  private R whole(Held<R> held) {
    return switch (held) {
      case null -> null;
      case Held.Whole<R>(var object) -> object;
      case Held.Packed<R> packed -> unpack(packed);
    };
  }

  private synchronized Held<R> pack(R object) {
    var json = Serialization.asJson(object).getBytes(StandardCharsets.UTF_8);
    if (dictionary == null) {
      dictionary = Arrays.copyOf(json, Math.min(json.length, WINDOW));
    }
    deflater.reset();
    deflater.setDictionary(dictionary);
    deflater.setInput(json);
    deflater.finish();
    var packed = new ByteArrayOutputStream();
    var buffer = new byte[BUFFER];
    while (!deflater.finished()) {
      packed.write(buffer, 0, deflater.deflate(buffer));
    }
    return new Held.Packed<>(packed.toByteArray(), json.length, object.getMetadata().getLabels());
  }

  /** Most labels have the same values everywhere: one of each is held. */
  private static Map<String, String> shared(Map<String, String> labels) {
    return labels == null
        ? Map.of()
        : labels.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(l -> l.getKey().intern(), l -> l.getValue().intern()));
  }

  private R unpack(Held.Packed<R> packed) {
    return Serialization.unmarshal(new String(inflate(packed), StandardCharsets.UTF_8), type);
  }

  private synchronized byte[] inflate(Held.Packed<R> packed) {
    inflater.reset();
    inflater.setInput(packed.deflated());
    var json = new byte[packed.length()];
    int length = 0;
    try {
      while (length < json.length) {
        int read = inflater.inflate(json, length, json.length - length);
        if (read == 0 && inflater.needsDictionary()) {
          inflater.setDictionary(dictionary);
        } else if (read == 0) {
          throw new IllegalStateException("%s is damaged in memory".formatted(type));
        }
        length += read;
      }
      return json;
    } catch (DataFormatException e) {
      throw new IllegalStateException(e);
    }
  }
}
