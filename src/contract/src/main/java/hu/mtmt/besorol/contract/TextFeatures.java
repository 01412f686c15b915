package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.ArrayList;
import java.util.List;

/**
 * How the text of a document becomes a sparse vector: every field is analysed in the document's
 * language, word and character n-grams are counted and weighted by tf-idf, and the vector is scaled
 * to length one.
 *
 * @param analysis what becomes of a word
 * @param words n-grams of words
 * @param characters n-grams of characters within words
 * @param fields which fields are read and what each counts
 * @param minimumDocuments n-grams of fewer training documents are left out
 * @param maximumDocumentShare n-grams of a larger share of the training documents are left out
 * @param maximumFeatures the largest number of features; the n-grams of most documents are kept.
 *     Not used with {@code hashing}
 * @param hashing how n-grams are thrown together to features by their hashes, or null for a
 *     vocabulary in which every n-gram is a feature of its own
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TextFeatures(
    @Default("Language")
        @JsonPropertyDescription(
            "What becomes of a word: Language (stop words, stems and spelling rules of the"
                + " document's language) or Plain (lower case only).")
        Analysis analysis,
    @Default("{\"minimum\": 1, \"maximum\": 2}")
        @JsonPropertyDescription(
            "N-grams of words: {minimum: 1, maximum: 2} takes single words and pairs of"
                + " neighbours.")
        NGrams words,
    @Default("{\"minimum\": 3, \"maximum\": 5, \"languages\": \"Compounding\"}")
        @JsonPropertyDescription(
            "N-grams of characters within words, in a feature space of their own. They find the"
                + " parts of compounds, inflected forms and misspellings, and cost time and room.")
        Characters characters,
    @Default(DEFAULT_FIELDS)
        @Size(min = 1, max = 8)
        @ValidationRule(
            value = "self.all(f, self.filter(g, g.name == f.name).size() == 1)",
            message = NAMED_ONCE)
        @ValidationRule(
            value = "self.exists(f, double(f.weight) > 0.0 || double(f.separateWeight) > 0.0)",
            message = SOME_WEIGHT)
        @JsonPropertyDescription("Fields of a document that are read, each with its weight.")
        List<Field> fields,
    @Default("2")
        @Min(1)
        @Max(1_000_000)
        @JsonPropertyDescription("N-grams that occur in fewer training documents are left out.")
        Integer minimumDocuments,
    @Default("0.5")
        @Size(max = Rules.DECIMAL_LENGTH)
        @ValidationRule(value = Rules.SHARE, message = Rules.SHARE_MESSAGE)
        @JsonPropertyDescription(
            "N-grams that occur in a larger share of the training documents are left out. A decimal"
                + " number from 0 to 1, in quotes.")
        String maximumDocumentShare,
    @Default("1000000")
        @Min(100)
        @Max(50_000_000)
        @JsonPropertyDescription(
            "Largest number of features; the n-grams that occur in most documents are kept.")
        Integer maximumFeatures,
    @JsonPropertyDescription(
            "N-grams become features by a hash of few bits, as {bits: 20}: no vocabulary is kept,"
                + " but n-grams that share a hash are one feature. Absent means a vocabulary.")
        Hashing hashing)
    implements CrossChecked {

  private static final String NAMED_ONCE = "name every field once";
  private static final String SOME_WEIGHT =
      "give at least one field a weight or separateWeight above \"0\"";

  private static final String DEFAULT_FIELDS =
      """
      [{"name": "Title", "weight": "1", "separateWeight": "0"},
       {"name": "Abstract", "weight": "1", "separateWeight": "0"},
       {"name": "Keywords", "weight": "1", "separateWeight": "0"},
       {"name": "Journal", "weight": "1", "separateWeight": "0"}]\
      """;

  public TextFeatures {
    fields = fields == null ? null : List.copyOf(fields);
  }

  @Override
  public List<String> brokenRules() {
    var broken = new ArrayList<String>();
    if (fields.stream().map(Field::name).distinct().count() < fields.size()) {
      broken.add(NAMED_ONCE);
    }
    if (fields.stream().allMatch(f -> f.weightValue() == 0 && f.separateWeightValue() == 0)) {
      broken.add(SOME_WEIGHT);
    }
    return broken;
  }

  /** What becomes of a word. */
  public enum Analysis {
    /** The analyzer of the document's language: stop words, stems, spelling rules. */
    @JsonProperty("Language")
    LANGUAGE,
    /** Lower case only. */
    @JsonProperty("Plain")
    PLAIN
  }

  /**
   * A range of n-gram lengths.
   *
   * @param minimum the shortest
   * @param maximum the longest
   */
  @ValidationRule(value = "self.minimum <= self.maximum", message = NGrams.ORDER)
  public record NGrams(
      @Required @Min(1) @Max(8) @JsonPropertyDescription("Shortest n-gram.") Integer minimum,
      @Required @Min(1) @Max(8) @JsonPropertyDescription("Longest n-gram.") Integer maximum)
      implements CrossChecked {

    private static final String ORDER = "minimum must not be larger than maximum";

    @Override
    public List<String> brokenRules() {
      return minimum <= maximum ? List.of() : List.of(ORDER);
    }
  }

  /**
   * N-grams of characters within words, each word with a mark at its ends, of all fields that have
   * a weight.
   *
   * @param minimum the shortest
   * @param maximum the longest
   * @param weight the length of their space, where that of the fields' words has length 1
   * @param languages in which texts they are counted
   */
  @ValidationRule(value = "self.minimum <= self.maximum", message = NGrams.ORDER)
  public record Characters(
      @Required @Min(1) @Max(8) @JsonPropertyDescription("Shortest n-gram.") Integer minimum,
      @Required @Min(1) @Max(8) @JsonPropertyDescription("Longest n-gram.") Integer maximum,
      @Default("1.5")
          @Size(max = Rules.DECIMAL_LENGTH)
          @ValidationRule(value = Rules.POSITIVE, message = Rules.POSITIVE_MESSAGE)
          @JsonPropertyDescription(
              "Weight of the feature space of n-grams of characters; that of the fields' words has"
                  + " weight 1. A decimal number above 0, in quotes.")
          String weight,
      @Default("All")
          @JsonPropertyDescription(
              "Texts in which they are counted: All, Compounding (texts in a language that writes"
                  + " compounds as one word, such as German, Finnish or Hungarian) or None.")
          CharacterLanguages languages)
      implements CrossChecked {

    @Override
    public List<String> brokenRules() {
      return minimum <= maximum ? List.of() : List.of(NGrams.ORDER);
    }

    /** {@link #weight} as a number. */
    public double weightValue() {
      return Double.parseDouble(weight);
    }
  }

  /** Texts in which n-grams of characters are counted. */
  public enum CharacterLanguages {
    /** Texts in every language. */
    @JsonProperty("All")
    ALL,
    /** Texts in languages that write compounds as one word. */
    @JsonProperty("Compounding")
    COMPOUNDING,
    /** No texts. */
    @JsonProperty("None")
    NONE
  }

  /**
   * Features that are hashes (Weinberger et al. 2009): 2<sup>bits</sup> features, divided evenly
   * among the spaces.
   *
   * @param bits how many bits a hash has; more let fewer n-grams share a feature
   */
  public record Hashing(
      @Required
          @Min(18)
          @Max(26)
          @JsonPropertyDescription(
              "Bits of a hash: 20 means a million features. Each costs four bytes of the package.")
          Integer bits) {}

  /**
   * A field of a document and what it counts.
   *
   * @param name which field
   * @param weight what an n-gram of words of it counts in the space that all fields share; 0 keeps
   *     the field out of it
   * @param separateWeight the length of a space of the field's own, in which the same n-gram is
   *     another feature; 0 for none
   */
  public record Field(
      @Required
          @JsonPropertyDescription(
              "Which field of a document: Title, Abstract, Keywords or Journal.")
          FieldName name,
      @Default("1")
          @Size(max = Rules.DECIMAL_LENGTH)
          @ValidationRule(value = Rules.NOT_NEGATIVE, message = Rules.NOT_NEGATIVE_MESSAGE)
          @JsonPropertyDescription(
              "What an n-gram of the field counts among all fields. \"0\" keeps the field out. A"
                  + " decimal number of 0 or more, in quotes.")
          String weight,
      @Default("0")
          @Size(max = Rules.DECIMAL_LENGTH)
          @ValidationRule(value = Rules.NOT_NEGATIVE, message = Rules.NOT_NEGATIVE_MESSAGE)
          @JsonPropertyDescription(
              "Weight of a feature space of the field's own, in which the same n-gram is another"
                  + " feature than in the other fields. \"0\" means no such space. A decimal number"
                  + " of 0 or more, in quotes.")
          String separateWeight) {

    /** {@link #weight} as a number. */
    public double weightValue() {
      return Double.parseDouble(weight);
    }

    /** {@link #separateWeight} as a number. */
    public double separateWeightValue() {
      return Double.parseDouble(separateWeight);
    }
  }

  /** A text field of a document. */
  public enum FieldName {
    @JsonProperty("Title")
    TITLE,
    @JsonProperty("Abstract")
    ABSTRACT,
    @JsonProperty("Keywords")
    KEYWORDS,
    @JsonProperty("Journal")
    JOURNAL
  }

  /** {@link #maximumDocumentShare} as a number. */
  public double maximumDocumentShareValue() {
    return Double.parseDouble(maximumDocumentShare);
  }
}
