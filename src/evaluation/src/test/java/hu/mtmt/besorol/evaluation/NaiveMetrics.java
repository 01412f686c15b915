package hu.mtmt.besorol.evaluation;

import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.taxonomy.Taxonomy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The metrics once more, straight from their definitions, with sets of (document, subject) pairs
 * and no regard for time.
 */
final class NaiveMetrics {
  private record Pair(int document, int subject) {}

  private final List<Judged> documents;
  private final Taxonomy tree;

  NaiveMetrics(List<Judged> documents, Taxonomy tree) {
    this.documents = documents;
    this.tree = tree;
  }

  Map<Metric, Double> all() {
    var values = new TreeMap<Metric, Double>();
    var truth = pairs(NaiveMetrics::truth);
    var answers = pairs(NaiveMetrics::answer);
    double precision = divide(both(truth, answers).size(), answers.size());
    double recall = divide(both(truth, answers).size(), truth.size());
    double lenientPrecision = divide(both(truth, answers).size() + half(answers), answers.size());
    values.put(Metric.STRICT_PRECISION, precision);
    values.put(Metric.STRICT_RECALL, recall);
    values.put(Metric.STRICT_F1, harmonic(precision, recall));
    values.put(Metric.LENIENT_PRECISION, lenientPrecision);
    values.put(Metric.LENIENT_F1, harmonic(lenientPrecision, recall));
    values.put(Metric.MACRO_F1, macroF1(truth, answers));
    values.put(Metric.DOCUMENT_F1, mean(NaiveMetrics::documentF1));
    var truthAbove = pairs(d -> withAncestors(truth(d)));
    var answersAbove = pairs(d -> withAncestors(answer(d)));
    int rightAbove = both(truthAbove, answersAbove).size();
    values.put(
        Metric.HIERARCHICAL_F1,
        harmonic(divide(rightAbove, answersAbove.size()), divide(rightAbove, truthAbove.size())));
    values.put(Metric.NDCG_AT_10, mean(NaiveMetrics::ndcgAt10));
    values.put(Metric.PRECISION_AT_1, mean(d -> precisionAt(d, 1)));
    values.put(Metric.PRECISION_AT_3, mean(d -> precisionAt(d, 3)));
    values.put(Metric.PRECISION_AT_5, mean(d -> precisionAt(d, 5)));
    return values;
  }

  private double half(Set<Pair> answers) {
    double credit = 0;
    for (var pair : answers) {
      var truth = truth(documents.get(pair.document()));
      int parent = tree.parent(pair.subject());
      boolean near = parent >= 0 && truth.stream().anyMatch(t -> tree.parent(t) == parent);
      if (!truth.contains(pair.subject()) && near) {
        credit += 0.5;
      }
    }
    return credit;
  }

  private double macroF1(Set<Pair> truth, Set<Pair> answers) {
    var values = new ArrayList<Double>();
    for (int s = 0; s < tree.size(); s++) {
      var t = of(s, truth);
      var p = of(s, answers);
      if (!t.isEmpty()) {
        double right = both(t, p).size();
        values.add(harmonic(divide(right, p.size()), divide(right, t.size())));
      }
    }
    return values.stream().mapToDouble(v -> v).average().orElse(0);
  }

  private static double documentF1(Judged document) {
    var truth = truth(document);
    var answer = answer(document);
    if (truth.isEmpty() && answer.isEmpty()) {
      return 1;
    }
    double right = both(truth, answer).size();
    return harmonic(divide(right, answer.size()), divide(right, truth.size()));
  }

  private static double ndcgAt10(Judged document) {
    double gain = 0;
    double ideal = 0;
    for (int rank = 1; rank <= 10; rank++) {
      double discount = Math.log(2) / Math.log(rank + 1);
      if (rank <= document.ranked().length
          && truth(document).contains(document.ranked()[rank - 1])) {
        gain += discount;
      }
      if (rank <= truth(document).size()) {
        ideal += discount;
      }
    }
    return divide(gain, ideal);
  }

  private static double precisionAt(Judged document, int k) {
    var best = new HashSet<Integer>();
    for (int i = 0; i < Math.min(k, document.ranked().length); i++) {
      best.add(document.ranked()[i]);
    }
    return both(truth(document), best).size() / (double) k;
  }

  private double mean(Function<Judged, Double> value) {
    return documents.stream().mapToDouble(value::apply).average().orElse(0);
  }

  private Set<Pair> pairs(Function<Judged, Set<Integer>> subjects) {
    var pairs = new HashSet<Pair>();
    for (int d = 0; d < documents.size(); d++) {
      for (int s : subjects.apply(documents.get(d))) {
        pairs.add(new Pair(d, s));
      }
    }
    return pairs;
  }

  private Set<Integer> withAncestors(Set<Integer> subjects) {
    var all = new HashSet<Integer>();
    for (int s : subjects) {
      for (int ancestor : tree.path(s)) {
        all.add(ancestor);
      }
    }
    return all;
  }

  private static Set<Pair> of(int subject, Set<Pair> pairs) {
    var some = new HashSet<>(pairs);
    some.removeIf(pair -> pair.subject() != subject);
    return some;
  }

  private static Set<Integer> truth(Judged document) {
    return set(document.truth(), document.truth().length);
  }

  private static Set<Integer> answer(Judged document) {
    return set(document.ranked(), document.answered());
  }

  private static Set<Integer> set(int[] subjects, int count) {
    var set = new HashSet<Integer>();
    for (int i = 0; i < count; i++) {
      set.add(subjects[i]);
    }
    return set;
  }

  private static <T> Set<T> both(Set<T> a, Set<T> b) {
    var both = new HashSet<>(a);
    both.retainAll(b);
    return both;
  }

  private static double divide(double a, double b) {
    return b == 0 ? 0 : a / b;
  }

  private static double harmonic(double a, double b) {
    return divide(2 * a * b, a + b);
  }
}
