package hu.mtmt.besorol.classifiers.text;

import hu.mtmt.besorol.contract.TextFeatures.Analysis;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.AnalyzerWrapper;
import org.apache.lucene.analysis.standard.StandardTokenizerImpl;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.CharTermAttributeImpl;

/**
 * Splits texts into words (UAX #29, Lucene's standard tokenizer) and tells for each word the hash
 * of what the analyzer of its language makes of it.
 *
 * <p>Every analyzer that is used here treats words one by one, so what became of a word is
 * remembered: nineteen of twenty words of a text were seen before, and stemming them again would
 * take most of the time. The memory is a table of fixed size in which a word replaces another that
 * falls into its place, so results never depend on it.
 *
 * <p>Not thread-safe. It also avoids Lucene's own reuse of token streams, which is per thread and
 * would start afresh in every virtual thread.
 */
public final class Words {
  /** As Lucene's analyzers: a longer word is cut into pieces of this length. */
  private static final int LONGEST_WORD = 255;

  private final Analysis analysis;
  private final String defaultLanguage;
  private final Map<String, Forms> forms = new HashMap<>();
  private final StringSource source = new StringSource();
  private final StandardTokenizerImpl scanner = new StandardTokenizerImpl(source);
  private final CharTermAttributeImpl word = new CharTermAttributeImpl();
  private Forms formsOfText;

  /**
   * @param analysis what becomes of a word
   * @param defaultLanguage ISO 639-1 code of the language of texts that name none that is known
   */
  public Words(Analysis analysis, String defaultLanguage) {
    this.analysis = analysis;
    this.defaultLanguage = defaultLanguage;
    scanner.setBufferSize(LONGEST_WORD);
  }

  /** Begins with a text; {@code language} is an ISO 639-1 code or anything else for the default. */
  public void read(String text, String language) {
    source.text = text;
    source.position = 0;
    scanner.yyreset(source);
    var analyzer = LanguageAnalyzers.key(known(language), analysis);
    formsOfText = forms.get(analyzer);
    if (formsOfText == null) {
      formsOfText = new Forms(LanguageAnalyzers.create(analyzer));
      forms.put(analyzer, formsOfText);
    }
  }

  /** The language itself if it is known, otherwise the default. */
  String known(String language) {
    return language != null && Languages.isKnown(language) ? language : defaultLanguage;
  }

  /** Goes to the next word; false at the end of the text. */
  public boolean next() {
    try {
      if (scanner.getNextToken() == StandardTokenizerImpl.YYEOF) {
        return false;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("text in memory cannot fail", e);
    }
    scanner.getText(word);
    return true;
  }

  /** The word as it stands in the text; valid until {@link #next}. */
  public CharTermAttribute word() {
    return word;
  }

  /** Hash of what the analyzer makes of the word; 0 if it leaves the word out. */
  public long form() {
    return formsOfText.of(word.buffer(), word.length());
  }

  /** What became of the words of one language. */
  private static final class Forms {
    private static final int REMEMBERED = 1 << 15;

    private final Analyzer analyzer;
    private final long[] words = new long[REMEMBERED];
    private final long[] forms = new long[REMEMBERED];

    Forms(Analyzer analyzer) {
      this.analyzer = new ReusingAnalyzer(analyzer);
    }

    long of(char[] characters, int length) {
      long hash = Hashes.of(characters, 0, length);
      int place = (int) hash & REMEMBERED - 1;
      if (words[place] != hash) {
        forms[place] = analyse(new String(characters, 0, length));
        words[place] = hash;
      }
      return forms[place];
    }

    private long analyse(String word) {
      long hash = 0;
      try (var stream = analyzer.tokenStream("", word)) {
        var term = stream.getAttribute(CharTermAttribute.class);
        stream.reset();
        while (stream.incrementToken()) {
          hash = Hashes.join(hash, Hashes.of(term.buffer(), 0, term.length()));
        }
        stream.end();
      } catch (IOException e) {
        throw new UncheckedIOException("text in memory cannot fail", e);
      }
      return hash;
    }
  }

  /** Keeps its one token stream in a field instead of in a thread-local variable. */
  private static final class ReusingAnalyzer extends AnalyzerWrapper {
    private final Analyzer wrapped;

    ReusingAnalyzer(Analyzer wrapped) {
      super(new InField());
      this.wrapped = wrapped;
    }

    @Override
    protected Analyzer getWrappedAnalyzer(String field) {
      return wrapped;
    }

    private static final class InField extends ReuseStrategy {
      private TokenStreamComponents components;

      @Override
      public TokenStreamComponents getReusableComponents(Analyzer analyzer, String field) {
        return components;
      }

      @Override
      public void setReusableComponents(
          Analyzer analyzer, String field, TokenStreamComponents components) {
        this.components = components;
      }
    }
  }

  /** A reader that can be used again for another text. */
  private static final class StringSource extends Reader {
    private String text = "";
    private int position;

    @Override
    public int read(char[] target, int offset, int length) {
      int n = Math.min(length, text.length() - position);
      if (n <= 0) {
        return length == 0 ? 0 : -1;
      }
      text.getChars(position, position + n, target, offset);
      position += n;
      return n;
    }

    @Override
    public void close() {}
  }
}
