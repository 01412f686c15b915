package hu.mtmt.besorol.classifiers.text;

import hu.mtmt.besorol.contract.TextFeatures.Analysis;
import java.io.Reader;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.AnalyzerWrapper;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.bg.BulgarianAnalyzer;
import org.apache.lucene.analysis.charfilter.MappingCharFilter;
import org.apache.lucene.analysis.charfilter.NormalizeCharMap;
import org.apache.lucene.analysis.cz.CzechAnalyzer;
import org.apache.lucene.analysis.da.DanishAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.el.GreekAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.et.EstonianAnalyzer;
import org.apache.lucene.analysis.fi.FinnishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.hu.HungarianAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.lt.LithuanianAnalyzer;
import org.apache.lucene.analysis.lv.LatvianAnalyzer;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.no.NorwegianAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ro.RomanianAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.sv.SwedishAnalyzer;

/**
 * Lucene's analyzer for a language: word breaks by Unicode (UAX #29), stop words, stems. A language
 * that has none is split into words and lower-cased.
 *
 * <p>Accents are folded where texts often lack them and few words differ by them alone: in English
 * ({@code naïve}, {@code Schrödinger}) and, behind the stemmer, which needs them, in Hungarian
 * ({@code konyvtar}). German's analyzer folds umlauts and their spellings with e itself. In Finnish
 * ä and ö are letters of their own, which nobody leaves out.
 */
final class LanguageAnalyzers {
  private static final String PLAIN = "plain";

  private static final Map<String, Supplier<Analyzer>> BY_LANGUAGE =
      Map.ofEntries(
          Map.entry("bg", BulgarianAnalyzer::new),
          Map.entry("cs", CzechAnalyzer::new),
          Map.entry("da", DanishAnalyzer::new),
          Map.entry("de", GermanAnalyzer::new),
          Map.entry("el", GreekAnalyzer::new),
          Map.entry("en", LanguageAnalyzers::english),
          Map.entry("es", SpanishAnalyzer::new),
          Map.entry("et", EstonianAnalyzer::new),
          Map.entry("fi", FinnishAnalyzer::new),
          Map.entry("fr", FrenchAnalyzer::new),
          Map.entry("hu", LanguageAnalyzers::hungarian),
          Map.entry("it", ItalianAnalyzer::new),
          Map.entry("lt", LithuanianAnalyzer::new),
          Map.entry("lv", LatvianAnalyzer::new),
          Map.entry("nl", DutchAnalyzer::new),
          Map.entry("no", NorwegianAnalyzer::new),
          Map.entry("pt", PortugueseAnalyzer::new),
          Map.entry("ro", RomanianAnalyzer::new),
          Map.entry("ru", RussianAnalyzer::new),
          Map.entry("sv", SwedishAnalyzer::new));

  private LanguageAnalyzers() {}

  /** Which analyzer is used for an ISO 639-1 code: its language, or {@value #PLAIN} for none. */
  static String key(String language, Analysis analysis) {
    return analysis == Analysis.LANGUAGE && BY_LANGUAGE.containsKey(language) ? language : PLAIN;
  }

  /** A fresh analyzer for a {@link #key}. */
  static Analyzer create(String key) {
    return BY_LANGUAGE.getOrDefault(key, LanguageAnalyzers::plain).get();
  }

  /** Lucene's {@link EnglishAnalyzer}, with accents folded before the stemmer sees them. */
  private static Analyzer english() {
    return new Analyzer() {
      @Override
      protected TokenStreamComponents createComponents(String field) {
        var words = new StandardTokenizer();
        var lowerCase = new LowerCaseFilter(new EnglishPossessiveFilter(words));
        var kept = new StopFilter(lowerCase, EnglishAnalyzer.getDefaultStopSet());
        return new TokenStreamComponents(words, new PorterStemFilter(new ASCIIFoldingFilter(kept)));
      }
    };
  }

  /** {@link HungarianAnalyzer}, with õ and û, which are what Latin-1 made of ő and ű, restored. */
  private static Analyzer hungarian() {
    var analyzer = new HungarianAnalyzer();
    var restored = new NormalizeCharMap.Builder();
    restored.add("õ", "ő");
    restored.add("Õ", "Ő");
    restored.add("û", "ű");
    restored.add("Û", "Ű");
    var map = restored.build();
    return new AnalyzerWrapper(Analyzer.PER_FIELD_REUSE_STRATEGY) {
      @Override
      protected Analyzer getWrappedAnalyzer(String field) {
        return analyzer;
      }

      @Override
      protected Reader wrapReader(String field, Reader reader) {
        return new MappingCharFilter(map, reader);
      }

      @Override
      protected TokenStreamComponents wrapComponents(
          String field, TokenStreamComponents components) {
        return new TokenStreamComponents(
            components.getSource(), new ASCIIFoldingFilter(components.getTokenStream()));
      }
    };
  }

  private static Analyzer plain() {
    return new StandardAnalyzer(CharArraySet.EMPTY_SET);
  }

  /** The languages that have stop words and stems. */
  static Set<String> languages() {
    return BY_LANGUAGE.keySet();
  }
}
