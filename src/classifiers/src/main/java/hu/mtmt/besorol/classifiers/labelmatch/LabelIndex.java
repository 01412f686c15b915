package hu.mtmt.besorol.classifiers.labelmatch;

import hu.mtmt.besorol.classifiers.mapped.Sections;
import hu.mtmt.besorol.classifiers.text.Hashes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The names of all subjects as they lie in the package, memory-mapped. It follows from the taxonomy
 * alone.
 *
 * <p>Words are numbered from 0; a word is a form of one language. A phrase is a sequence of words
 * with the names of subjects that consist of them, found from the root of a tree (node 0) word by
 * word; or the different words of a description, which are in no tree. Documents are looked up in
 * time that does not depend on the number of subjects.
 */
final class LabelIndex {
  /** The file's name in a package. */
  static final String FILE = "labels.bin";

  static final long MAGIC = 0x31304C424C534542L; // "BESLBL01" as little-endian bytes

  /** No word, node, or phrase. */
  static final int NONE = -1;

  private static final int NAME_LENGTH = 3;

  private final MemorySegment languages;
  private final MemorySegment wordKeys;
  private final MemorySegment wordValues;
  private final MemorySegment edgeKeys;
  private final MemorySegment edgeValues;
  private final MemorySegment phrasesOfNodes;
  private final MemorySegment wordStarts;
  private final MemorySegment words;
  private final MemorySegment phraseCounts;
  private final MemorySegment phraseStarts;
  private final MemorySegment phrases;
  private final MemorySegment nameStarts;
  private final MemorySegment names;
  private final MemorySegment texts;

  private LabelIndex(Sections sections) throws IOException {
    this.languages = sections.next();
    this.wordKeys = sections.next();
    this.wordValues = sections.next();
    this.edgeKeys = sections.next();
    this.edgeValues = sections.next();
    this.phrasesOfNodes = sections.next();
    this.wordStarts = sections.next();
    this.words = sections.next();
    this.phraseCounts = sections.next();
    this.phraseStarts = sections.next();
    this.phrases = sections.next();
    this.nameStarts = sections.next();
    this.names = sections.next();
    this.texts = sections.next();
  }

  /**
   * Maps the file that {@link LabelIndexBuilder} wrote.
   *
   * @throws IOException if it cannot be read or is none
   */
  static LabelIndex map(Path file) throws IOException {
    return new LabelIndex(Sections.map(file, MAGIC));
  }

  /** What stands for a language: never 0. */
  static long language(String code) {
    return Hashes.of(code.toCharArray(), 0, code.length()) | 1;
  }

  /** What stands for a word of a language: never 0. */
  static long word(long language, long form) {
    long key = Hashes.join(language, form);
    return key == 0 ? 1 : key;
  }

  /** What stands for the way from a node by a word: never 0. */
  static long edge(int node, int word) {
    return (node + 1L) << Integer.SIZE | word;
  }

  /** Where a key is looked for first in a table with open addressing. */
  static int place(long key, int capacity) {
    return (int) Hashes.mix(key) & capacity - 1;
  }

  private static int lookUp(MemorySegment keys, MemorySegment values, long key) {
    int capacity = Sections.ints(values);
    for (int place = place(key, capacity); ; place = place + 1 & capacity - 1) {
      long found = Sections.getLong(keys, place);
      if (found == key) {
        return Sections.getInt(values, place);
      }
      if (found == 0) {
        return NONE;
      }
    }
  }

  /** Whether there are phrases of a language. */
  boolean knows(long language) {
    for (int i = 0; i < Sections.ints(languages) / 2; i++) {
      if (Sections.getLong(languages, i) == language) {
        return true;
      }
    }
    return false;
  }

  /** Number of a word, or {@link #NONE}. */
  int wordOf(long key) {
    return lookUp(wordKeys, wordValues, key);
  }

  /** The node behind a node by a word, or {@link #NONE}. */
  int next(int node, int word) {
    return lookUp(edgeKeys, edgeValues, edge(node, word));
  }

  /** The phrase that ends at a node, or {@link #NONE}. */
  int phraseAt(int node) {
    return Sections.getInt(phrasesOfNodes, node);
  }

  /** How many words there are. */
  int words() {
    return Sections.ints(phraseCounts);
  }

  /** How many phrases there are. */
  int phrases() {
    return Sections.ints(wordStarts) - 1;
  }

  /** Where the words of a phrase begin among all words of phrases; the end is that of the next. */
  int firstWord(int phrase) {
    return Sections.getInt(wordStarts, phrase);
  }

  /** The word at a place among all words of phrases. */
  int wordAt(int place) {
    return Sections.getInt(words, place);
  }

  /** How many phrases have a word. */
  int phrasesWith(int word) {
    return Sections.getInt(phraseCounts, word);
  }

  /**
   * Where the phrases of a word begin among all phrases of words; the end is that of the next. It
   * has none if they are too many.
   */
  int firstPhrase(int word) {
    return Sections.getInt(phraseStarts, word);
  }

  /** The phrase at a place among all phrases of words. */
  int phraseAtPlace(int place) {
    return Sections.getInt(phrases, place);
  }

  /** The first name of a phrase; the end is that of the next. */
  int firstName(int phrase) {
    return Sections.getInt(nameStarts, phrase) / NAME_LENGTH;
  }

  /** Number in the taxonomy of the subject that a name speaks for. */
  int subject(int name) {
    return Sections.getInt(names, NAME_LENGTH * name);
  }

  NameKind kind(int name) {
    return NameKind.of(Sections.getInt(names, NAME_LENGTH * name + 1));
  }

  /** The name as it stands in the taxonomy. */
  String text(int name) {
    int place = Sections.getInt(names, NAME_LENGTH * name + 2);
    int length = Sections.getUnalignedInt(texts, place);
    var bytes = texts.asSlice(place + Integer.BYTES, length);
    return new String(bytes.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }
}
