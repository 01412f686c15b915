package hu.mtmt.besorol.classifiers.labelmatch;

import com.carrotsearch.hppc.IntArrayList;
import com.carrotsearch.hppc.LongIntHashMap;
import hu.mtmt.besorol.classifiers.mapped.SectionWriter;
import hu.mtmt.besorol.classifiers.text.Words;
import hu.mtmt.besorol.contract.TextFeatures.Analysis;
import hu.mtmt.besorol.taxonomy.Subject;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Reads the names of all subjects and writes the {@link LabelIndex}. A language has words and
 * phrases of its own: names in it and names of no known language, analysed by its analyzer.
 */
final class LabelIndexBuilder {
  /** A name that more subjects share, such as "Other", says nothing. */
  static final int MOST_SUBJECTS = 100;

  /**
   * A word that more phrases have does not make a phrase come into question where its words are
   * apart, or common words would cost time proportional to the number of subjects.
   */
  static final int MOST_PHRASES = 1000;

  /** Only so many different words of a description count. */
  private static final int LONGEST_DESCRIPTION = 100;

  private static final Pattern BETWEEN_PARTS = Pattern.compile("[,;/()]+|\\s[-–—]\\s");

  private final TargetLevel target;
  private final boolean descriptions;
  private final Words words;
  private final LongIntHashMap wordNumbers = new LongIntHashMap();
  private final LongIntHashMap nodes = new LongIntHashMap();
  private final IntArrayList phraseOfNode = IntArrayList.from(LabelIndex.NONE);
  private final List<int[]> wordsOfPhrase = new ArrayList<>();
  private final List<List<Name>> namesOfPhrase = new ArrayList<>();
  private final Map<String, Integer> placesOfTexts = new HashMap<>();
  private final List<byte[]> texts = new ArrayList<>();
  private int textLength;
  private String language;

  /** A subject and the text that names it. */
  private record Name(int subject, NameKind kind, int text) {}

  private LabelIndexBuilder(TargetLevel target, boolean descriptions, String defaultLanguage) {
    this.target = target;
    this.descriptions = descriptions;
    this.words = new Words(Analysis.LANGUAGE, defaultLanguage);
  }

  /**
   * Writes the index of a taxonomy.
   *
   * @param target the subjects; those below the level speak for their ancestor on it
   * @param descriptions whether descriptions count
   * @param languages languages of documents, beside those that subjects have labels in
   * @param defaultLanguage language of documents that name none
   */
  static void write(
      Path file,
      TargetLevel target,
      boolean descriptions,
      Collection<String> languages,
      String defaultLanguage)
      throws IOException {
    var all = new TreeSet<>(languages);
    all.add(defaultLanguage);
    for (var subject : target.taxonomy().subjects()) {
      all.addAll(subject.labels().keySet());
      all.addAll(subject.alternativeLabels().keySet());
      all.addAll(subject.descriptions().keySet());
    }
    all.remove(Subject.NO_LANGUAGE);
    var builder = new LabelIndexBuilder(target, descriptions, defaultLanguage);
    for (var language : all) {
      builder.add(language);
    }
    builder.write(file, all);
  }

  private void add(String language) {
    this.language = language;
    for (int number = 0; number < target.taxonomy().size(); number++) {
      var subject = target.taxonomy().subject(number);
      int rolledUp = target.rollUp(number);
      if (target.taxonomy().subject(rolledUp).deprecated()) {
        continue; // it is kept for old documents: nobody shall be pointed to it by its name
      }
      boolean narrower = rolledUp != number;
      for (var key : List.of(language, Subject.NO_LANGUAGE)) {
        var label = subject.labels().get(key);
        if (label != null) {
          addPhrase(label, rolledUp, narrower ? NameKind.NARROWER : NameKind.PREFERRED);
          addParts(label, rolledUp, narrower ? NameKind.NARROWER : NameKind.PART);
        }
        for (var other : subject.alternativeLabels().getOrDefault(key, List.of())) {
          addPhrase(other, rolledUp, narrower ? NameKind.NARROWER : NameKind.ALTERNATIVE);
        }
        var description = subject.descriptions().get(key);
        if (description != null && descriptions) {
          addDescription(description, rolledUp);
        }
      }
    }
  }

  private void addParts(String label, int subject, NameKind kind) {
    var parts = BETWEEN_PARTS.split(label);
    if (parts.length > 1) {
      for (var part : parts) {
        addPhrase(part, subject, kind);
      }
    }
  }

  private void addPhrase(String text, int subject, NameKind kind) {
    var sequence = sequence(text);
    if (sequence.length == 0) {
      return;
    }
    int node = 0;
    for (int word : sequence) {
      long key = LabelIndex.edge(node, word);
      int next = nodes.getOrDefault(key, phraseOfNode.size());
      if (next == phraseOfNode.size()) {
        nodes.put(key, next);
        phraseOfNode.add(LabelIndex.NONE);
      }
      node = next;
    }
    int phrase = phraseOfNode.get(node);
    if (phrase == LabelIndex.NONE) {
      phrase = addPhrase(sequence);
      phraseOfNode.set(node, phrase);
    }
    addName(phrase, subject, kind, text.strip());
  }

  private void addDescription(String text, int subject) {
    var sequence = Arrays.stream(sequence(text)).distinct().limit(LONGEST_DESCRIPTION).toArray();
    if (sequence.length > 0) {
      addName(addPhrase(sequence), subject, NameKind.DESCRIPTION, text.strip());
    }
  }

  private int addPhrase(int[] sequence) {
    wordsOfPhrase.add(Arrays.stream(sequence).distinct().toArray());
    namesOfPhrase.add(new ArrayList<>(1));
    return wordsOfPhrase.size() - 1;
  }

  /** A subject has a phrase once, by its most telling name. */
  private void addName(int phrase, int subject, NameKind kind, String text) {
    var names = namesOfPhrase.get(phrase);
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).subject == subject) {
        if (kind.compareTo(names.get(i).kind) < 0) {
          names.set(i, new Name(subject, kind, place(text)));
        }
        return;
      }
    }
    if (names.size() <= MOST_SUBJECTS) {
      names.add(new Name(subject, kind, place(text)));
    }
  }

  private int place(String text) {
    return placesOfTexts.computeIfAbsent(
        text,
        t -> {
          var bytes = t.getBytes(StandardCharsets.UTF_8);
          texts.add(bytes);
          int place = textLength;
          textLength = Math.addExact(textLength, Integer.BYTES + bytes.length);
          return place;
        });
  }

  private int[] sequence(String text) {
    var sequence = new IntArrayList();
    words.read(text, language);
    while (words.next()) {
      long form = words.form();
      if (form != 0) {
        long key = LabelIndex.word(LabelIndex.language(language), form);
        int number = wordNumbers.getOrDefault(key, wordNumbers.size());
        wordNumbers.put(key, number);
        sequence.add(number);
      }
    }
    return sequence.toArray();
  }

  private void write(Path file, Collection<String> languages) throws IOException {
    for (var names : namesOfPhrase) {
      if (names.size() > MOST_SUBJECTS) {
        names.clear();
      }
    }
    try (var out = new SectionWriter(file, LabelIndex.MAGIC)) {
      out.writeLongs(languages.stream().mapToLong(LabelIndex::language).sorted().toArray());
      var places = new HashTable(wordNumbers);
      out.writeLongs(places.keys);
      out.writeInts(places.values);
      var edges = new HashTable(nodes);
      out.writeLongs(edges.keys);
      out.writeInts(edges.values);
      out.writeInts(phraseOfNode.toArray());
      writeLists(out, wordsOfPhrase);
      writePhrasesOfWords(out);
      writeLists(
          out,
          namesOfPhrase.stream()
              .map(
                  names ->
                      names.stream()
                          .flatMapToInt(
                              n -> Arrays.stream(new int[] {n.subject, n.kind.ordinal(), n.text}))
                          .toArray())
              .toList());
      out.writeTexts(texts, textLength);
    }
  }

  /** Of each word, in how many phrases it is, and the phrases unless they are too many. */
  private void writePhrasesOfWords(SectionWriter out) throws IOException {
    var phrases = new IntArrayList[wordNumbers.size()];
    Arrays.setAll(phrases, w -> new IntArrayList(2));
    for (int phrase = 0; phrase < wordsOfPhrase.size(); phrase++) {
      if (!namesOfPhrase.get(phrase).isEmpty()) {
        for (int word : wordsOfPhrase.get(phrase)) {
          phrases[word].add(phrase);
        }
      }
    }
    out.writeInts(Arrays.stream(phrases).mapToInt(IntArrayList::size).toArray());
    writeLists(
        out,
        Arrays.stream(phrases)
            .map(list -> list.size() > MOST_PHRASES ? new int[0] : list.toArray())
            .toList());
  }

  private static void writeLists(SectionWriter out, List<int[]> lists) throws IOException {
    var starts = new int[lists.size() + 1];
    for (int i = 0; i < lists.size(); i++) {
      starts[i + 1] = Math.addExact(starts[i], lists.get(i).length);
    }
    out.writeInts(starts);
    out.writeInts(lists.stream().flatMapToInt(Arrays::stream).toArray());
  }

  /** A table with open addressing as {@link LabelIndex} looks it up; at most half full. */
  private static final class HashTable {
    final long[] keys;
    final int[] values;

    HashTable(LongIntHashMap map) {
      int capacity = Integer.highestOneBit(Math.max(1, map.size())) * 4;
      keys = new long[capacity];
      values = new int[capacity];
      var sorted = map.keys().toArray();
      Arrays.sort(sorted); // the order of a hash map differs from run to run
      for (long key : sorted) {
        int place = LabelIndex.place(key, capacity);
        while (keys[place] != 0) {
          place = place + 1 & capacity - 1;
        }
        keys[place] = key;
        values[place] = map.get(key);
      }
    }
  }
}
