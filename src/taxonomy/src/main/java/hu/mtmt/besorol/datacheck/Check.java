package hu.mtmt.besorol.datacheck;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What documents are checked for. */
public enum Check {
  /** Lines that are no document. */
  @JsonProperty("UnreadableLines")
  UNREADABLE_LINES("lines can all be read"),
  /** Subjects that the taxonomy lacks. */
  @JsonProperty("UnknownSubjects")
  UNKNOWN_SUBJECTS("all subjects are in the taxonomy"),
  /** Languages that ISO 639-1 lacks. */
  @JsonProperty("UnknownLanguages")
  UNKNOWN_LANGUAGES("all languages are of ISO 639-1"),
  /** Files from which nothing can be learnt. */
  @JsonProperty("NothingToLearn")
  NOTHING_TO_LEARN("every file has documents to use, and there are subjects to tell apart"),
  /** Documents of the same text that are learnt and judged on. */
  @JsonProperty("LearntAndJudged")
  LEARNT_AND_JUDGED("no document of test is in train or validation"),
  /** Documents of almost the same text that are learnt and judged on. */
  @JsonProperty("AlmostLearntAndJudged")
  ALMOST_LEARNT_AND_JUDGED("no document of test is almost the same as one of train or validation"),
  /** Documents of the same or almost the same text in training and validation. */
  @JsonProperty("LearntAndValidated")
  LEARNT_AND_VALIDATED("no document of validation is in train, nor almost"),
  /** Documents of the same text and other subjects. */
  @JsonProperty("Contradictions")
  CONTRADICTIONS("documents of the same text have the same subjects"),
  /** Documents of the same or almost the same text within a part. */
  @JsonProperty("RepeatedTexts")
  REPEATED_TEXTS("no text is there twice, nor almost"),
  /** Documents of one id and other texts. */
  @JsonProperty("RepeatedIds")
  REPEATED_IDS("ids are there once"),
  /** Subjects that are kept only for old documents. */
  @JsonProperty("DeprecatedSubjects")
  DEPRECATED_SUBJECTS("no document has a deprecated subject"),
  /** Documents whose subjects may be wrong. */
  @JsonProperty("DoubtfulSubjects")
  DOUBTFUL_SUBJECTS("no document of train seems to have wrong subjects"),
  /** Documents without text. */
  @JsonProperty("WithoutText")
  WITHOUT_TEXT("all documents have text"),
  /** Documents without subjects. */
  @JsonProperty("WithoutSubjects")
  WITHOUT_SUBJECTS("all documents have subjects"),
  /** Documents with more text than a classifier should read. */
  @JsonProperty("LongTexts")
  LONG_TEXTS("no text is too long"),
  /** Subjects that are judged on but not learnt. */
  @JsonProperty("UnlearntSubjects")
  UNLEARNT_SUBJECTS("all subjects of validation and test are in train"),
  /** Subjects with hardly any documents to learn from. */
  @JsonProperty("RareSubjects")
  RARE_SUBJECTS("every subject has documents enough"),
  /** Languages that are judged on but not learnt. */
  @JsonProperty("UnlearntLanguages")
  UNLEARNT_LANGUAGES("all languages of validation and test are in train"),
  /** Years that cannot be. */
  @JsonProperty("ImplausibleYears")
  IMPLAUSIBLE_YEARS("years are plausible");

  private final String passed;

  Check(String passed) {
    this.passed = passed;
  }

  /** A clause that says that nothing was found. */
  public String passed() {
    return passed;
  }
}
