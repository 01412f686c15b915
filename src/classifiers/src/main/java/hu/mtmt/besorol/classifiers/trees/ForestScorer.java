package hu.mtmt.besorol.classifiers.trees;

import com.carrotsearch.hppc.IntArrayList;
import com.carrotsearch.hppc.IntDoubleHashMap;
import hu.mtmt.besorol.classifiers.Pool;
import hu.mtmt.besorol.classifiers.Query;
import hu.mtmt.besorol.classifiers.Reasons;
import hu.mtmt.besorol.classifiers.Scorer;
import hu.mtmt.besorol.classifiers.Scores;
import hu.mtmt.besorol.classifiers.text.FeatureSpace;
import hu.mtmt.besorol.classifiers.text.SparseVector;
import hu.mtmt.besorol.contract.Reason;
import java.util.ArrayList;
import java.util.List;

/**
 * The trees' leaves have shares of labels; the score of a label is half the log-odds of their mean,
 * so that a share of one half is 0.
 */
final class ForestScorer implements Scorer {
  /** Shares nearer to 0 or 1 are not told apart. */
  static final double LEAST_SHARE = 0.001;

  private final FeatureSpace space;
  private final Forest forest;

  private final Pool<Worker> workers;

  ForestScorer(FeatureSpace space, Forest forest) {
    this.space = space;
    this.forest = forest;
    this.workers = new Pool<>(() -> new Worker(forest));
  }

  /** What one thread needs. */
  static final class Worker {
    private final Forest forest;
    private final float[] values;
    private final float[] sums;
    private final IntArrayList labels = new IntArrayList();

    Worker(Forest forest) {
      this.forest = forest;
      this.values = new float[forest.features()];
      this.sums = new float[forest.labels()];
    }

    /** Begins with a document; {@link #clear} ends it. */
    void spread(SparseVector vector) {
      for (int i = 0; i < vector.size(); i++) {
        values[vector.index(i)] = vector.value(i);
      }
    }

    void add(int tree) {
      int leaf = forest.leaf(tree, values);
      for (int entry = forest.from(leaf); entry < forest.to(leaf); entry++) {
        int label = forest.label(entry);
        if (sums[label] == 0) {
          labels.add(label);
        }
        sums[label] += forest.share(entry);
      }
    }

    /** The label of the largest sum, or -1. */
    int best() {
      int best = -1;
      for (var label : labels) {
        int l = label.value;
        if (best < 0 || sums[l] > sums[best] || sums[l] == sums[best] && l < best) {
          best = l;
        }
      }
      return best;
    }

    void clear(SparseVector vector) {
      for (int i = 0; i < vector.size(); i++) {
        values[vector.index(i)] = 0;
      }
      for (var label : labels) {
        sums[label.value] = 0;
      }
      labels.elementsCount = 0;
    }
  }

  @Override
  public void score(Query query, Scores scores) {
    var vector = query.vector(space);
    if (vector.size() == 0) {
      return;
    }
    var worker = workers.borrow();
    worker.spread(vector);
    for (int tree = 0; tree < forest.size(); tree++) {
      worker.add(tree);
    }
    for (var label : worker.labels) {
      scores.add(label.value, (float) score(worker.sums[label.value] / forest.size()));
    }
    worker.clear(vector);
    workers.giveBack(worker);
  }

  static double score(double share) {
    double p = Math.clamp(share, LEAST_SHARE, 1 - LEAST_SHARE);
    return 0.5 * Math.log(p / (1 - p));
  }

  /**
   * Every decision on a path moves the share of the label from that of the node's training
   * documents to that of the next node's (Saabas 2014, "Interpreting random forests"). Decisions
   * about what the document does not have are left out: there is no word to name.
   */
  @Override
  public List<Reason> explain(Query query, int label, int limit) {
    var vector = query.vector(space);
    if (vector.size() == 0) {
      return List.of();
    }
    var worker = workers.borrow();
    worker.spread(vector);
    var effects = new IntDoubleHashMap();
    double before = 0;
    double after = 0;
    for (int tree = 0; tree < forest.size(); tree++) {
      var shares = path(tree, label, worker.values, effects);
      before += shares.ofAll() / forest.size();
      after += shares.ofLeaf() / forest.size();
    }
    worker.clear(vector);
    workers.giveBack(worker);

    double scale =
        after == before ? 0 : (score(after) - score(before)) / (after - before) / forest.size();
    var terms = query.terms(space);
    var reasons = new ArrayList<Reason>();
    for (int i = 0; i < vector.size(); i++) {
      double effect = scale * effects.get(vector.index(i));
      if (effect != 0) {
        reasons.add(new Reason(Reason.Kind.TERM, terms[i], effect));
      }
    }
    return Reasons.weightiest(reasons, limit);
  }

  /** Shares of a label at both ends of a path. */
  private record Shares(double ofAll, double ofLeaf) {}

  private Shares path(int tree, int label, float[] values, IntDoubleHashMap effects) {
    var path = new IntArrayList();
    int node = forest.root(tree);
    for (; !forest.isLeaf(node); node = forest.next(node, values[forest.feature(node)])) {
      path.add(node);
    }
    double weight = forest.weight(node);
    double having = weight * forest.share(node, label);
    double ofLeaf = having / weight;
    for (int i = path.size() - 1, below = node; i >= 0; below = path.get(i--)) {
      int decision = path.get(i);
      int other =
          forest.above(decision) == below ? forest.others(decision) : forest.above(decision);
      double share = having / weight;
      var pending = IntArrayList.from(other);
      while (!pending.isEmpty()) {
        int n = pending.removeLast();
        if (forest.isLeaf(n)) {
          weight += forest.weight(n);
          having += (double) forest.weight(n) * forest.share(n, label);
        } else {
          pending.add(forest.above(n), forest.others(n));
        }
      }
      effects.addTo(forest.feature(decision), share - having / weight);
    }
    return new Shares(having / weight, ofLeaf);
  }
}
