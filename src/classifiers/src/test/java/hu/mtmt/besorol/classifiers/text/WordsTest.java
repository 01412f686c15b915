package hu.mtmt.besorol.classifiers.text;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.contract.TextFeatures.Analysis;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          en | The Newton's laws of moving bodies, 3.14 and x_1; state-of-the-art models aren't new
          hu | A magyarországi könyvtárakban őrzött kéziratok digitalizálása és az osztályozásuk
          de | Die Häuser der Wissenschaftlerinnen, größere Städte und Übungen
          fr | L'étude des réseaux qu'il a décrits n'est pas terminée
          fi | Tieteellisten julkaisujen luokittelu kirjastoissa
          ru | Классификация научных публикаций в библиотеках
          el | Η ταξινόμηση των επιστημονικών δημοσιεύσεων
          ja | 機械学習 と ｶﾀｶﾅ
          """)
  void analysesWordByWordAsLuceneDoesTheWholeText(String language, String text) throws IOException {
    var expected = new ArrayList<Long>();
    var key = LanguageAnalyzers.key(language, Analysis.LANGUAGE);
    try (var analyzer = LanguageAnalyzers.create(key);
        var stream = analyzer.tokenStream("", text)) {
      var term = stream.addAttribute(CharTermAttribute.class);
      stream.reset();
      while (stream.incrementToken()) {
        expected.add(Hashes.join(0, Hashes.of(term.buffer(), 0, term.length())));
      }
      stream.end();
    }

    assertThat(forms(new Words(Analysis.LANGUAGE, "en"), text, language)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "en, library libraries library's",
    "en, Schrödinger Schrodinger",
    "en, naïve naive",
    "hu, könyvtár könyvtárak könyvtárban könyvtárakban",
    "hu, könyvtárakban konyvtarakban",
    "hu, erdőben erdõben", // õ is what ő became in Latin-1
    "fi, kirjasto kirjaston kirjastossa kirjastot",
    "fi, julkaisu julkaisut julkaisussa",
    "de, Haus Häuser Häusern Haeuser",
    "de, Größe Groesse Grösse",
  })
  void formsAndSpellingsOfAWordMeet(String language, String text) {
    assertThat(forms(new Words(Analysis.LANGUAGE, "en"), text, language).stream().distinct())
        .hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "fi, säde sade", // ray; rain
    "hu, vár város", // castle; city
    "de, Haus Hase",
    "en, library liberty",
  })
  void wordsStayApart(String language, String text) {
    assertThat(forms(new Words(Analysis.LANGUAGE, "en"), text, language)).doesNotHaveDuplicates();
  }

  @Test
  void plainAnalysisOnlyFoldsCase() {
    var words = new Words(Analysis.PLAIN, "en");

    assertThat(forms(words, "The THE the", "en").stream().distinct()).hasSize(1);
    assertThat(forms(words, "library libraries", "en").stream().distinct()).hasSize(2);
  }

  @Test
  void unknownLanguagesAreReadInTheDefaultLanguage() {
    var words = new Words(Analysis.LANGUAGE, "hu");
    var hungarian = forms(words, "könyvtárakban", "hu");

    assertThat(forms(words, "könyvtárakban", null)).isEqualTo(hungarian);
    assertThat(forms(words, "könyvtárakban", "klingon")).isEqualTo(hungarian);
    assertThat(forms(words, "könyvtárakban", "en")).isNotEqualTo(hungarian);
  }

  @Test
  void forgettingWordsChangesNothing() {
    var text = new StringBuilder();
    for (int i = 0; i < 100_000; i++) { // more words than are remembered
      text.append("words").append(i).append(' ');
    }
    var words = new Words(Analysis.LANGUAGE, "en");
    var first = forms(words, text.toString(), "en");

    assertThat(forms(words, text.toString(), "en")).isEqualTo(first);
    assertThat(first).doesNotHaveDuplicates();
  }

  private static List<Long> forms(Words words, String text, String language) {
    var forms = new ArrayList<Long>();
    words.read(text, language);
    while (words.next()) {
      if (words.form() != 0) {
        forms.add(words.form());
      }
    }
    return forms;
  }
}
