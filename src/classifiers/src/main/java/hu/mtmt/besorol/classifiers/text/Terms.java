package hu.mtmt.besorol.classifiers.text;

import hu.mtmt.besorol.contract.TextFeatures;
import hu.mtmt.besorol.contract.TextFeatures.FieldName;
import hu.mtmt.besorol.corpus.Document;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the words of a document that became a feature. A vocabulary keeps hashes only, so every run
 * of words of the document is extracted by itself, the shortest first, and a feature is named by
 * the first run that has it. Far slower than making a vector: for people who ask why.
 */
final class Terms {
  private final NgramExtractor extractor;
  private final Vocabulary vocabulary;
  private final int longest;
  private final Map<Integer, String> terms = new HashMap<>();

  private Terms(TextFeatures features, String defaultLanguage, Vocabulary vocabulary) {
    this.extractor = new NgramExtractor(features, defaultLanguage);
    this.vocabulary = vocabulary;
    this.longest = features.words().maximum();
  }

  /** The words of each feature of a document, as they stand in it. */
  static Map<Integer, String> of(
      TextFeatures features, String defaultLanguage, Vocabulary vocabulary, Document document) {
    var terms = new Terms(features, defaultLanguage, vocabulary);
    var words =
        new DocumentWords(features.analysis(), defaultLanguage)
            .of(document, document.language(), null);
    for (var field : features.fields()) {
      for (int text = words.firstText(field.name()); text < words.endText(field.name()); text++) {
        terms.read(field.name(), words, text, document.language());
      }
    }
    return terms.terms;
  }

  private void read(FieldName field, DocumentWords words, int text, String language) {
    var all = new ArrayList<String>();
    var kept = new ArrayList<Integer>(); // where the words are that the analyzer does not leave out
    for (int word = words.firstWord(text); word < words.endWord(text); word++) {
      if (words.form(word) != 0) {
        kept.add(all.size());
      }
      all.add(new String(words.characters(), words.start(word), words.length(word)));
    }
    for (int length = 1; length <= longest; length++) {
      for (int i = 0; i + length <= kept.size(); i++) {
        var run = String.join(" ", all.subList(kept.get(i), kept.get(i + length - 1) + 1));
        name(extractor.extract(document(field, run, language)), run);
      }
    }
  }

  private void name(int ngrams, String run) {
    for (int i = 0; i < ngrams; i++) {
      int feature = vocabulary.feature(extractor.hash(i));
      if (feature >= 0) {
        terms.putIfAbsent(feature, run);
      }
    }
  }

  private static Document document(FieldName field, String text, String language) {
    return new Document(
        null,
        field == FieldName.TITLE ? text : null,
        field == FieldName.ABSTRACT ? text : null,
        field == FieldName.KEYWORDS ? List.of(text) : null,
        field == FieldName.JOURNAL ? text : null,
        language,
        null,
        null);
  }
}
