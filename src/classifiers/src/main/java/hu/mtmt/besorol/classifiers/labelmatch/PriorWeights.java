package hu.mtmt.besorol.classifiers.labelmatch;

/**
 * What the variables of a candidate count before any document was seen: about the mean of what is
 * learnt from collections of different kinds, of terms, of abstracts and of summaries.
 */
final class PriorWeights {
  private PriorWeights() {}

  /** By variable. */
  static double[] get() {
    return new double[] {
      -3.5, // always
      -0.5, // the label occurs
      -0.5, // another name occurs
      -1.0, // a part of a label or the name of a narrower subject occurs
      0.8, // words of the longest name that occurs
      1.2, // coverage of the best name
      0.0, // all words of a name are there
      0.5, // closeness
      0.6, // occurrences
      0.1, // how early
      0.3, // in the title
      0.5, // in a keyword
      1.0, // rarity of the words that are there
      1.3, // the same against the best subject of the document
      -0.5, // subjects that share the name
      0.0, // depth of the subject
      0.8, // coverage of the parent's best name
      2.0, // share of the description
      0.0, // the subject has training documents
      0.0, // how many
      0.9, // how often it was right before
    };
  }
}
