package hu.mtmt.besorol.classifiers.text;

import hu.mtmt.besorol.contract.TextFeatures.Analysis;
import hu.mtmt.besorol.contract.TextFeatures.FieldName;
import hu.mtmt.besorol.corpus.Document;
import java.util.Arrays;
import java.util.List;

/**
 * The words of a document: a field is read when it is first asked for, and then not again, whoever
 * asks. A field has texts (one, or each of the keywords), a text has words; both are numbered over
 * the whole document. Used again and again; not thread-safe.
 */
public final class DocumentWords {
  private static final int FIELDS = FieldName.values().length;
  private static final int USUAL_WORDS = 1024;
  private static final int USUAL_CHARACTERS = 8 * USUAL_WORDS;

  private final Analysis analysis;
  private final String defaultLanguage;
  private final Words reader;
  private Document document;
  private String language;

  /** The first text of each field, or −1 where it has not been read, and the end of its texts. */
  private final int[] firstTexts = new int[FIELDS];

  private final int[] endTexts = new int[FIELDS];
  private int texts;

  /** Where the words of each text end. */
  private int[] wordEnds = new int[16];

  private int words;
  private long[] forms = new long[USUAL_WORDS];

  /** Where the characters of each word end. */
  private int[] ends = new int[USUAL_WORDS];

  private char[] characters = new char[USUAL_CHARACTERS];

  /**
   * @param analysis what becomes of a word
   * @param defaultLanguage ISO 639-1 code of the language of texts that name none that is known
   */
  public DocumentWords(Analysis analysis, String defaultLanguage) {
    this.analysis = analysis;
    this.defaultLanguage = defaultLanguage;
    this.reader = new Words(analysis, defaultLanguage);
  }

  /**
   * The words of a document, valid until the next call.
   *
   * @param language the language to read it in, as an ISO 639-1 code; anything else is the default
   * @param before words of the document that someone else has read, or null
   * @return {@code before} if this would read the same, otherwise this
   */
  public DocumentWords of(Document document, String language, DocumentWords before) {
    var known = reader.known(language);
    if (before != null && before.analysis == analysis && before.language.equals(known)) {
      return before;
    }
    this.document = document;
    this.language = known;
    Arrays.fill(firstTexts, -1);
    texts = 0;
    if (words > 32 * USUAL_WORDS) { // a book: not to be held for ever
      forms = new long[USUAL_WORDS];
      ends = new int[USUAL_WORDS];
      characters = new char[USUAL_CHARACTERS];
    }
    words = 0;
    return this;
  }

  /** ISO 639-1 code of the language in which the document is read. */
  String language() {
    return language;
  }

  /** The number of a field's first text. */
  public int firstText(FieldName field) {
    if (firstTexts[field.ordinal()] < 0) {
      firstTexts[field.ordinal()] = texts;
      texts(field).forEach(this::read);
      endTexts[field.ordinal()] = texts;
    }
    return firstTexts[field.ordinal()];
  }

  /** The number behind a field's last text; its first must have been asked for. */
  public int endText(FieldName field) {
    return endTexts[field.ordinal()];
  }

  private List<String> texts(FieldName field) {
    var text =
        switch (field) {
          case TITLE -> document.title();
          case ABSTRACT -> document.abstractText();
          case JOURNAL -> document.journal();
          case KEYWORDS -> null;
        };
    return field == FieldName.KEYWORDS
        ? document.keywords()
        : text == null ? List.of() : List.of(text);
  }

  private void read(String text) {
    reader.read(text, language);
    while (reader.next()) {
      add(reader.form(), reader.word().buffer(), reader.word().length());
    }
    if (texts == wordEnds.length) {
      wordEnds = Arrays.copyOf(wordEnds, 2 * texts);
    }
    wordEnds[texts++] = words;
  }

  private void add(long form, char[] word, int length) {
    if (words == forms.length) {
      forms = Arrays.copyOf(forms, 2 * words);
      ends = Arrays.copyOf(ends, 2 * words);
    }
    int start = start(words);
    if (start + length > characters.length) {
      characters = Arrays.copyOf(characters, 2 * (start + length));
    }
    System.arraycopy(word, 0, characters, start, length);
    forms[words] = form;
    ends[words++] = start + length;
  }

  /** The number of a text's first word. */
  public int firstWord(int text) {
    return text == 0 ? 0 : wordEnds[text - 1];
  }

  /** The number behind a text's last word. */
  public int endWord(int text) {
    return wordEnds[text];
  }

  /** Hash of what the analyzer makes of a word; 0 if it leaves the word out. */
  public long form(int word) {
    return forms[word];
  }

  /** The characters of all words as they stand in the document. */
  char[] characters() {
    return characters;
  }

  /** Where a word begins among {@link #characters}. */
  int start(int word) {
    return word == 0 ? 0 : ends[word - 1];
  }

  /** How many characters a word has. */
  int length(int word) {
    return ends[word] - start(word);
  }
}
