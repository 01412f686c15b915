package hu.mtmt.besorol.classifiers.ensemble;

import hu.mtmt.besorol.classifiers.Labels;

/**
 * What the boosted trees see of a candidate: what each member says of it, what the members say of
 * the labels around it in the taxonomy, and how it goes with the document's other candidates. Not
 * thread-safe.
 */
final class CandidateFeatures {
  private static final int OF_A_MEMBER = 3;
  private static final int OF_ALL = 22;

  private final Labels labels;
  private final LabelStatistics statistics;
  private final int members;
  private final int[] parents;
  private final int[] roots;
  private final int[] levels;

  /**
   * @param statistics of labels, which know nothing of the documents that are looked at
   * @param members how many members there are
   */
  CandidateFeatures(Labels labels, LabelStatistics statistics, int members) {
    this.labels = labels;
    this.statistics = statistics;
    this.members = members;
    int most = Math.min(labels.size(), Candidates.OF_A_MEMBER * members);
    this.parents = new int[most];
    this.roots = new int[most];
    this.levels = new int[most];
  }

  /** How many features a candidate has. */
  static int count(int members) {
    return OF_A_MEMBER * members + OF_ALL;
  }

  int count() {
    return count(members);
  }

  /**
   * The features of all candidates of a document.
   *
   * @param length how many features the document has
   * @param rows gets the features of the first candidate, of the second, …
   * @param from where the first begins
   */
  void write(Candidates candidates, int length, float[] rows, int from) {
    int size = candidates.size();
    var taxonomy = labels.target().taxonomy();
    double sum = 0;
    double entropy = 0;
    for (int c = 0; c < size; c++) {
      int subject = labels.subject(candidates.label(c));
      parents[c] = taxonomy.parent(subject);
      roots[c] = taxonomy.root(subject);
      levels[c] = taxonomy.level(subject);
      double p = candidates.mean(c);
      sum += p;
      entropy -= p > 0 ? p * Math.log(p) : 0;
    }
    for (int c = 0; c < size; c++) {
      int at = from + c * count();
      at = ofMembers(candidates, c, rows, at);
      at = ofMean(candidates, c, sum, rows, at);
      at = ofCompany(candidates, c, rows, at);
      at = ofTaxonomy(candidates, c, rows, at);
      int label = candidates.label(c);
      rows[at++] = statistics.logShare(label);
      rows[at++] = statistics.company(label);
      rows[at++] = statistics.residual(label);
      rows[at++] = levels[c];
      rows[at++] = (float) entropy;
      rows[at] = length;
    }
  }

  private int ofMembers(Candidates candidates, int c, float[] rows, int from) {
    int at = from;
    for (int m = 0; m < members; m++) {
      rows[at++] = candidates.value(m, c);
      rows[at++] = candidates.rank(m, c);
      rows[at++] = candidates.best(m) - candidates.value(m, c);
    }
    return at;
  }

  private int ofMean(Candidates candidates, int c, double sum, float[] rows, int from) {
    int at = from;
    int votes = 0;
    int firsts = 0;
    float least = 1;
    float most = 0;
    for (int m = 0; m < members; m++) {
      float p = candidates.probability(m, c);
      votes += p >= 0.3f ? 1 : 0;
      firsts += candidates.rank(m, c) == 0 ? 1 : 0;
      least = Math.min(least, p);
      most = Math.max(most, p);
    }
    rows[at++] = candidates.logit(c);
    rows[at++] = c;
    rows[at++] = candidates.mean(0) - candidates.mean(c);
    rows[at++] = c == 0 ? candidates.size() == 1 ? 0 : candidates.mean(1) : candidates.mean(c - 1);
    rows[at++] = (float) sum - candidates.mean(c);
    rows[at++] = votes + 0.1f * firsts;
    rows[at++] = least;
    rows[at++] = most;
    return at;
  }

  /** How a candidate goes with the others, as the labels of the training documents do. */
  private int ofCompany(Candidates candidates, int c, float[] rows, int from) {
    int label = candidates.label(c);
    float expected = 0;
    float largest = 0;
    float reverse = 0;
    for (int other = 0; other < candidates.size(); other++) {
      float p = candidates.mean(other);
      if (other == c || p < 0.01f) {
        continue;
      }
      float together = p * statistics.probability(label, candidates.label(other));
      expected += together;
      largest = Math.max(largest, together);
      reverse += p * statistics.probability(candidates.label(other), label);
    }
    int at = from;
    rows[at++] = expected;
    rows[at++] = largest;
    rows[at++] = reverse;
    return at;
  }

  private int ofTaxonomy(Candidates candidates, int c, float[] rows, int from) {
    float parent = 0;
    float child = 0;
    float sibling = 0;
    float siblings = 0;
    float root = 0;
    int subject = labels.subject(candidates.label(c));
    for (int other = 0; other < candidates.size(); other++) {
      if (other == c) {
        continue;
      }
      float p = candidates.mean(other);
      int otherSubject = labels.subject(candidates.label(other));
      if (otherSubject == parents[c]) {
        parent = p;
      } else if (parents[other] == subject) {
        child = Math.max(child, p);
      } else if (parents[other] == parents[c] && parents[c] >= 0) {
        sibling = Math.max(sibling, p);
        siblings += p;
      }
      if (roots[other] == roots[c]) {
        root += p;
      }
    }
    int at = from;
    rows[at++] = parent;
    rows[at++] = child;
    rows[at++] = sibling;
    rows[at++] = siblings;
    rows[at++] = root;
    return at;
  }
}
