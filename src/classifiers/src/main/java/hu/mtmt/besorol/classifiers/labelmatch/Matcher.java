package hu.mtmt.besorol.classifiers.labelmatch;

import hu.mtmt.besorol.classifiers.text.DocumentWords;
import hu.mtmt.besorol.contract.TextFeatures.Analysis;
import hu.mtmt.besorol.contract.TextFeatures.FieldName;
import hu.mtmt.besorol.corpus.Document;
import java.util.Arrays;

/**
 * Finds the phrases of an index in a document. A phrase occurs where its words follow each other,
 * stop words left out, and no longer phrase that begins before holds it. A phrase whose words are
 * apart is matched too, by the share of them that is there. Not thread-safe.
 */
final class Matcher {
  /** Only so many places of a phrase's words are looked at for the nearest: texts may be long. */
  private static final int MOST_WINDOWS = 100;

  private final LabelIndex index;
  private final DocumentWords own;
  private final String defaultLanguage;

  /** The words of the document in order, stop words left out, with a gap between texts. */
  private int[] words = new int[1024];

  /** Where the same word stands before, or {@link LabelIndex#NONE}. */
  private int[] before = new int[1024];

  private int length;

  /** End of the title, and end of the keywords, which follow it. */
  private int endOfTitle;

  private int endOfKeywords;

  /** Where each word stands last, or {@link LabelIndex#NONE}; by number of the word. */
  private final int[] last;

  private final IntSet wordsFound;
  private final IntSet phrasesFound;

  /** By number of the phrase: how often it occurs. */
  private final int[] occurrences;

  /** By number of the phrase: where it occurs first. */
  private final int[] first;

  /** By number of the phrase: whether it occurs in the title (1), in a keyword (2). */
  private final byte[] places;

  Matcher(LabelIndex index, String defaultLanguage) {
    this.index = index;
    this.own = new DocumentWords(Analysis.LANGUAGE, defaultLanguage);
    this.defaultLanguage = defaultLanguage;
    this.last = new int[index.words()];
    this.wordsFound = new IntSet(index.words());
    this.phrasesFound = new IntSet(index.phrases());
    this.occurrences = new int[index.phrases()];
    this.first = new int[index.phrases()];
    this.places = new byte[index.phrases()];
    Arrays.fill(last, LabelIndex.NONE);
  }

  /** Different numbers below a limit, of which the last ones can be forgotten fast. */
  private static final class IntSet {
    private final boolean[] has;
    private int[] elements = new int[64];
    private int size;

    IntSet(int limit) {
      this.has = new boolean[limit];
    }

    boolean add(int element) {
      if (has[element]) {
        return false;
      }
      has[element] = true;
      if (size == elements.length) {
        elements = Arrays.copyOf(elements, 2 * size);
      }
      elements[size++] = element;
      return true;
    }

    void clear() {
      for (int i = 0; i < size; i++) {
        has[elements[i]] = false;
      }
      size = 0;
    }
  }

  /**
   * Finds all phrases that have a word in a document.
   *
   * @param before words of it that were read already, or null
   */
  void match(Document document, DocumentWords before) {
    clear();
    read(document, before);
    findOccurrences();
    for (int i = 0; i < wordsFound.size; i++) {
      int word = wordsFound.elements[i];
      int end = index.firstPhrase(word + 1);
      for (int place = index.firstPhrase(word); place < end; place++) {
        phrasesFound.add(index.phraseAtPlace(place));
      }
    }
  }

  private void clear() {
    for (int i = 0; i < wordsFound.size; i++) {
      last[wordsFound.elements[i]] = LabelIndex.NONE;
    }
    wordsFound.clear();
    for (int i = 0; i < phrasesFound.size; i++) {
      occurrences[phrasesFound.elements[i]] = 0;
      places[phrasesFound.elements[i]] = 0;
    }
    phrasesFound.clear();
    length = 0;
  }

  private void read(Document document, DocumentWords before) {
    var code = document.language();
    if (code == null || !index.knows(LabelIndex.language(code))) {
      code = defaultLanguage;
    }
    var read = own.of(document, code, before);
    long language = LabelIndex.language(code);
    read(read, FieldName.TITLE, language);
    endOfTitle = length;
    read(read, FieldName.KEYWORDS, language);
    endOfKeywords = length;
    read(read, FieldName.ABSTRACT, language);
    read(read, FieldName.JOURNAL, language);
  }

  private void read(DocumentWords read, FieldName field, long language) {
    for (int text = read.firstText(field); text < read.endText(field); text++) {
      for (int word = read.firstWord(text); word < read.endWord(text); word++) {
        if (read.form(word) != 0) {
          add(index.wordOf(LabelIndex.word(language, read.form(word))));
        }
      }
      add(LabelIndex.NONE);
    }
  }

  private void add(int word) {
    if (length == words.length) {
      words = Arrays.copyOf(words, 2 * length);
      before = Arrays.copyOf(before, 2 * length);
    }
    if (word != LabelIndex.NONE) {
      before[length] = last[word];
      last[word] = length;
      wordsFound.add(word);
    }
    words[length++] = word;
  }

  private void findOccurrences() {
    int covered = 0;
    for (int start = 0; start < length; start++) {
      int longest = LabelIndex.NONE;
      int end = start;
      for (int i = start, node = 0; i < length && words[i] != LabelIndex.NONE; ) {
        node = index.next(node, words[i++]);
        if (node == LabelIndex.NONE) {
          break;
        }
        int phrase = index.phraseAt(node);
        if (phrase != LabelIndex.NONE) {
          longest = phrase;
          end = i;
        }
      }
      if (longest != LabelIndex.NONE && end > covered) { // else it is within a longer one
        covered = end;
        occurs(longest, start);
      }
    }
  }

  private void occurs(int phrase, int start) {
    phrasesFound.add(phrase);
    if (occurrences[phrase]++ == 0) {
      first[phrase] = start;
    }
    places[phrase] |= placeOf(start);
  }

  private byte placeOf(int position) {
    return (byte) (position < endOfTitle ? 1 : position < endOfKeywords ? 2 : 0);
  }

  /** How many phrases were found. */
  int found() {
    return phrasesFound.size;
  }

  /** Number of a phrase that was found. */
  int phrase(int i) {
    return phrasesFound.elements[i];
  }

  /** The words of the document in which phrases could be found; different ones. */
  int differentWords() {
    return wordsFound.size;
  }

  int differentWord(int i) {
    return wordsFound.elements[i];
  }

  /** How often a phrase occurs. */
  int occurrences(int phrase) {
    return occurrences[phrase];
  }

  /** Where a phrase that occurs does so first, as a share of the document. */
  float firstShare(int phrase) {
    return (float) first[phrase] / length;
  }

  boolean inTitle(int phrase) {
    return (places[phrase] & 1) != 0;
  }

  boolean inKeywords(int phrase) {
    return (places[phrase] & 2) != 0;
  }

  /** Whether a word is in the document. */
  boolean has(int word) {
    return last[word] != LabelIndex.NONE;
  }

  /**
   * How near to each other the words of a phrase are, all of which are there, wherever they come
   * nearest: 1 if they follow each other in any order, n/m if n words are found within m.
   */
  float closeness(int phrase) {
    int from = index.firstWord(phrase);
    int size = index.firstWord(phrase + 1) - from;
    var at = new int[size];
    for (int i = 0; i < size; i++) {
      at[i] = last[index.wordAt(from + i)];
    }
    int shortest = Integer.MAX_VALUE;
    for (int windows = 0; windows < MOST_WINDOWS; windows++) {
      int low = at[0];
      int latest = 0;
      for (int i = 1; i < size; i++) {
        low = Math.min(low, at[i]);
        latest = at[i] > at[latest] ? i : latest;
      }
      shortest = Math.min(shortest, at[latest] - low + 1);
      at[latest] = before[at[latest]];
      if (at[latest] == LabelIndex.NONE) {
        break;
      }
    }
    return (float) size / shortest;
  }
}
