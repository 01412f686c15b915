package hu.mtmt.besorol.classifiers.labelmatch;

/**
 * What the names of one subject in a document say of it, and the variables that are made of it.
 * Used again and again; not thread-safe.
 */
final class Evidence {
  /** How many variables there are. */
  static final int VARIABLES = 18;

  /** About the rarity of a word that one in a thousand documents has. */
  private static final float RARITY_UNIT = 7;

  /** With a smaller share of a name's words, by rarity, there is no evidence. */
  static final float LEAST_COVERAGE = 0.4f;

  /** Of a description, fewer words are found in a text that is about the subject. */
  static final float LEAST_DESCRIPTION = 0.1f;

  private int subject;
  private boolean preferred;
  private boolean alternative;
  private boolean other;
  private int longest;
  private int occurrences;
  private float earliest;
  private boolean inTitle;
  private boolean inKeywords;
  private float coverage;
  private float closeness;
  private float rarity;
  private int subjects;
  private float description;

  /** Forgets everything. */
  void clear(int subject) {
    this.subject = subject;
    preferred = false;
    alternative = false;
    other = false;
    longest = 0;
    occurrences = 0;
    earliest = 1;
    inTitle = false;
    inKeywords = false;
    coverage = 0;
    closeness = 0;
    rarity = 0;
    subjects = 1;
    description = 0;
  }

  int subject() {
    return subject;
  }

  /** Share of the words of the best name, by rarity. */
  float coverage() {
    return coverage;
  }

  /** Sum of the rarities of the words of the best name that are there. */
  float rarity() {
    return rarity;
  }

  /** Whether the subject comes into question. */
  boolean isEnough() {
    return coverage >= LEAST_COVERAGE || description >= LEAST_DESCRIPTION;
  }

  /**
   * Adds a matched phrase.
   *
   * @param kind how it names the subject
   * @param phrase number of the phrase
   * @param length how many words it has
   * @param coverage share of its words in the document, by rarity
   * @param closeness how near they are; 0 if some are missing
   * @param rarity sum of the rarities of the words that are there
   * @param subjects how many subjects it may name
   */
  void add(
      NameKind kind,
      Matcher matcher,
      int phrase,
      int length,
      float coverage,
      float closeness,
      float rarity,
      int subjects) {
    if (kind == NameKind.DESCRIPTION) {
      description = Math.max(description, coverage);
      return;
    }
    if (matcher.occurrences(phrase) > 0) {
      switch (kind) {
        case PREFERRED -> preferred = true;
        case ALTERNATIVE -> alternative = true;
        default -> other = true;
      }
      longest = Math.max(longest, length);
      occurrences += matcher.occurrences(phrase);
      earliest = Math.min(earliest, matcher.firstShare(phrase));
      inTitle |= matcher.inTitle(phrase);
      inKeywords |= matcher.inKeywords(phrase);
    }
    if (coverage * rarity > this.coverage * this.rarity) {
      this.rarity = rarity;
      this.subjects = subjects;
    }
    this.coverage = Math.max(this.coverage, coverage);
    this.closeness = Math.max(this.closeness, closeness);
  }

  /**
   * The variables.
   *
   * @param depth level of the subject as a share of the deepest
   * @param parent coverage of the best name of the subject's parent; 0 if it has none
   * @param largestRarity {@link #rarity} of the subject of the document that has most
   */
  void variables(double[] variables, float depth, float parent, float largestRarity) {
    int i = 0;
    variables[i++] = 1;
    variables[i++] = preferred ? 1 : 0;
    variables[i++] = alternative ? 1 : 0;
    variables[i++] = other ? 1 : 0;
    variables[i++] = Math.min(longest, 4);
    variables[i++] = coverage;
    variables[i++] = coverage > 0.999f ? 1 : 0;
    variables[i++] = closeness;
    variables[i++] = StrictMath.log1p(occurrences);
    variables[i++] = 1 - earliest;
    variables[i++] = inTitle ? 1 : 0;
    variables[i++] = inKeywords ? 1 : 0;
    variables[i++] = rarity / RARITY_UNIT;
    variables[i++] = (rarity - largestRarity) / RARITY_UNIT;
    variables[i++] = StrictMath.log(subjects);
    variables[i++] = depth;
    variables[i++] = parent;
    variables[i] = description;
  }
}
