package hu.mtmt.besorol.classifiers.text;

import hu.mtmt.besorol.contract.TextFeatures.Analysis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.AnalyzerWrapper;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/**
 * Splits texts into tokens. Not thread-safe: it keeps one token stream per language and uses it
 * again, where Lucene's own reuse is per thread and would start afresh in every virtual thread.
 */
final class TokenSource {
  private final Analysis analysis;
  private final String defaultLanguage;
  private final Map<String, Analyzer> analyzers = new HashMap<>();

  TokenSource(Analysis analysis, String defaultLanguage) {
    this.analysis = analysis;
    this.defaultLanguage = defaultLanguage;
  }

  /** Receives a token: the characters are only valid during the call. */
  @FunctionalInterface
  interface TokenConsumer {
    void token(char[] characters, int length);
  }

  /**
   * Splits a text.
   *
   * @param language ISO 639-1 code, or null for the default language
   */
  void tokens(String text, String language, TokenConsumer consumer) {
    var analyzer =
        analyzers.computeIfAbsent(
            language == null ? defaultLanguage : language,
            l -> new ReusingAnalyzer(LanguageAnalyzers.create(l, analysis)));
    try (var stream = analyzer.tokenStream("", text)) {
      var term = stream.getAttribute(CharTermAttribute.class);
      stream.reset();
      while (stream.incrementToken()) {
        consumer.token(term.buffer(), term.length());
      }
      stream.end();
    } catch (IOException e) {
      throw new UncheckedIOException("text in memory cannot fail", e);
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
}
