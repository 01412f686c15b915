package hu.mtmt.besorol.classifiers.text;

import java.util.Locale;
import java.util.Set;

/** Codes of languages that documents may name. */
public final class Languages {
  private static final Set<String> CODES = Set.of(Locale.getISOLanguages());

  private static final Set<String> COMPOUNDING =
      Set.of("da", "de", "et", "fi", "hu", "is", "nb", "nl", "nn", "no", "sv");

  private Languages() {}

  /** All languages of ISO 639-1. */
  public static Set<String> known() {
    return CODES;
  }

  /** Whether {@code code} is a language of ISO 639-1, such as {@code hu}. */
  public static boolean isKnown(String code) {
    return CODES.contains(code);
  }

  /**
   * Whether words of that language are stemmed and its stop words left out; others are only split
   * and lower-cased.
   */
  public static boolean isAnalyzed(String code) {
    return LanguageAnalyzers.languages().contains(code);
  }

  /**
   * Whether the language writes compounds of two or more nouns as one word, so that a word says
   * less of another than the parts do that they share.
   */
  public static boolean isCompounding(String code) {
    return COMPOUNDING.contains(code);
  }
}
