package hu.mtmt.besorol.classifiers.labelmatch;

import hu.mtmt.besorol.classifiers.Labels;
import hu.mtmt.besorol.classifiers.text.DocumentWords;
import hu.mtmt.besorol.contract.Reason;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.taxonomy.Taxonomy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Finds the labels that come into question for a document. Not thread-safe. */
final class Candidates {
  private final LabelIndex index;
  private final Matcher matcher;
  private final float[] rarities;
  private final Labels labels;
  private final Taxonomy taxonomy;
  private final float depth;

  /** Evidence by number of the subject; null where there is none. */
  private final Evidence[] ofSubject;

  private final List<Evidence> evidence = new ArrayList<>();
  private final List<Evidence> unused = new ArrayList<>();
  private float largestRarity;

  /**
   * @param rarities of words: logarithm of the inverse share of documents that have it
   */
  Candidates(LabelIndex index, float[] rarities, Labels labels, String defaultLanguage) {
    this.index = index;
    this.matcher = new Matcher(index, defaultLanguage);
    this.rarities = rarities;
    this.labels = labels;
    this.taxonomy = labels.target().taxonomy();
    this.depth = taxonomy.depth();
    this.ofSubject = new Evidence[taxonomy.size()];
  }

  /** Takes a candidate. */
  @FunctionalInterface
  interface Sink {
    /**
     * @param variables those of {@link Evidence}; more may be written behind them
     */
    void accept(int label, double[] variables);
  }

  /**
   * Finds the candidates of a document.
   *
   * @param before words of it that were read already, or null
   * @param variables array that the sink gets, at least as long as there are variables
   */
  void find(Document document, DocumentWords before, double[] variables, Sink sink) {
    collect(document, before);
    for (var e : evidence) {
      int label = labels.labelOf(e.subject());
      if (label >= 0 && e.isEnough()) {
        variables(e, variables);
        sink.accept(label, variables);
      }
    }
  }

  private void variables(Evidence e, double[] variables) {
    int parent = taxonomy.parent(e.subject());
    float parentCoverage =
        parent < 0 || ofSubject[parent] == null ? 0 : ofSubject[parent].coverage();
    e.variables(variables, taxonomy.level(e.subject()) / depth, parentCoverage, largestRarity);
  }

  private void collect(Document document, DocumentWords before) {
    for (var e : evidence) {
      ofSubject[e.subject()] = null;
    }
    unused.addAll(evidence);
    evidence.clear();
    largestRarity = 0;
    matcher.match(document, before);
    for (int i = 0; i < matcher.found(); i++) {
      int phrase = matcher.phrase(i);
      for (int name = index.firstName(phrase); name < index.firstName(phrase + 1); name++) {
        add(ofSubject(index.subject(name)), phrase, index.kind(name));
      }
    }
    for (var e : evidence) {
      largestRarity = Math.max(largestRarity, e.rarity());
    }
  }

  private Evidence ofSubject(int subject) {
    if (ofSubject[subject] == null) {
      var e = unused.isEmpty() ? new Evidence() : unused.removeLast();
      e.clear(subject);
      ofSubject[subject] = e;
      evidence.add(e);
    }
    return ofSubject[subject];
  }

  private void add(Evidence e, int phrase, NameKind kind) {
    int from = index.firstWord(phrase);
    int to = index.firstWord(phrase + 1);
    float all = 0;
    float found = 0;
    boolean complete = true;
    for (int i = from; i < to; i++) {
      int word = index.wordAt(i);
      all += rarities[word];
      if (matcher.has(word)) {
        found += rarities[word];
      } else {
        complete = false;
      }
    }
    float coverage = complete ? 1 : found / all;
    if (coverage < (kind == NameKind.DESCRIPTION ? 0 : Evidence.LEAST_COVERAGE)) {
      return;
    }
    float closeness = complete && kind != NameKind.DESCRIPTION ? matcher.closeness(phrase) : 0;
    int subjects = index.firstName(phrase + 1) - index.firstName(phrase);
    e.add(kind, matcher, phrase, to - from, coverage, closeness, found, subjects);
  }

  /**
   * The names that spoke for a label of a document.
   *
   * @param score of variables; a name counts what it would add alone
   */
  List<Reason> reasons(Document document, int label, ToDoubleFunction<double[]> score) {
    collect(document, null);
    int subject = labels.subject(label);
    var alone = new Evidence();
    var variables = new double[LabelWeights.VARIABLES];
    alone.clear(subject);
    variables(alone, variables);
    double nothing = score.applyAsDouble(variables);
    var reasons = new ArrayList<Reason>();
    for (int i = 0; i < matcher.found(); i++) {
      int phrase = matcher.phrase(i);
      for (int name = index.firstName(phrase); name < index.firstName(phrase + 1); name++) {
        if (index.subject(name) == subject) {
          alone.clear(subject);
          add(alone, phrase, index.kind(name));
          if (alone.isEnough()) {
            variables(alone, variables);
            double weight = score.applyAsDouble(variables) - nothing;
            reasons.add(new Reason(Reason.Kind.LABEL, index.text(name), weight));
          }
        }
      }
    }
    return reasons;
  }

  /** What was found in the last document. */
  Matcher matcher() {
    return matcher;
  }
}
