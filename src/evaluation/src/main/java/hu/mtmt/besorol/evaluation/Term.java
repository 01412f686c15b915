package hu.mtmt.besorol.evaluation;

import hu.mtmt.besorol.taxonomy.Taxonomy;
import java.util.Arrays;

/**
 * What one document adds to a sum that metrics are computed from. T are its true subjects, P its
 * answered ones.
 */
enum Term {
  /** 1. */
  ONE {
    @Override
    double of(Judged judged, Taxonomy taxonomy) {
      return 1;
    }
  },
  /** |T|. */
  TRUE {
    @Override
    double of(Judged judged, Taxonomy taxonomy) {
      return judged.truth().length;
    }
  },
  /** |P|. */
  ANSWERED {
    @Override
    double of(Judged judged, Taxonomy taxonomy) {
      return judged.answered();
    }
  },
  /** |T∩P|. */
  RIGHT {
    @Override
    double of(Judged judged, Taxonomy taxonomy) {
      return judged.hits(judged.answered());
    }
  },
  /** How many subjects of P are wrong, but have the parent of one of T. */
  NEARLY_RIGHT {
    @Override
    double of(Judged judged, Taxonomy taxonomy) {
      int nearly = 0;
      for (int i = 0; i < judged.answered(); i++) {
        int answer = judged.ranked()[i];
        if (!judged.isTrue(answer) && hasSibling(answer, judged.truth(), taxonomy)) {
          nearly++;
        }
      }
      return nearly;
    }
  },
  /** 2|T∩P| / (|T|+|P|); 1 if both are empty, since nothing was to be answered. */
  F1 {
    @Override
    double of(Judged judged, Taxonomy taxonomy) {
      int both = judged.truth().length + judged.answered();
      return both == 0 ? 1 : 2.0 * judged.hits(judged.answered()) / both;
    }
  },
  /** |T⁺|, where ⁺ adds all ancestors. */
  TRUE_WITH_ANCESTORS {
    @Override
    double of(Judged judged, Taxonomy taxonomy) {
      return withAncestors(judged.truth(), taxonomy).length;
    }
  },
  /** |P⁺|. */
  ANSWERED_WITH_ANCESTORS {
    @Override
    double of(Judged judged, Taxonomy taxonomy) {
      return withAncestors(judged.answer(), taxonomy).length;
    }
  },
  /** |T⁺∩P⁺|. */
  RIGHT_WITH_ANCESTORS {
    @Override
    double of(Judged judged, Taxonomy taxonomy) {
      var truth = withAncestors(judged.truth(), taxonomy);
      int right = 0;
      for (int s : withAncestors(judged.answer(), taxonomy)) {
        right += Arrays.binarySearch(truth, s) >= 0 ? 1 : 0;
      }
      return right;
    }
  },
  /**
   * Discounted cumulative gain of the ten best ranked over that of the best possible ranking, gain
   * 1 for a true subject, discount log₂(1 + rank); 0 if T is empty.
   */
  NDCG_AT_10 {
    @Override
    double of(Judged judged, Taxonomy taxonomy) {
      double gained = 0;
      for (int i = 0; i < Math.min(RANKS, judged.ranked().length); i++) {
        gained += judged.isTrue(judged.ranked()[i]) ? DISCOUNTS[i] : 0;
      }
      double best = 0;
      for (int i = 0; i < Math.min(RANKS, judged.truth().length); i++) {
        best += DISCOUNTS[i];
      }
      return best == 0 ? 0 : gained / best;
    }
  },
  /** 1 if the best ranked is true, else 0. */
  HITS_AT_1 {
    @Override
    double of(Judged judged, Taxonomy taxonomy) {
      return judged.hits(1);
    }
  },
  /** How many of the three best ranked are true. */
  HITS_AT_3 {
    @Override
    double of(Judged judged, Taxonomy taxonomy) {
      return judged.hits(3);
    }
  },
  /** How many of the five best ranked are true. */
  HITS_AT_5 {
    @Override
    double of(Judged judged, Taxonomy taxonomy) {
      return judged.hits(5);
    }
  };

  private static final int RANKS = 10;
  private static final double[] DISCOUNTS = new double[RANKS];

  static {
    Arrays.setAll(DISCOUNTS, i -> Math.log(2) / Math.log(2 + i));
  }

  abstract double of(Judged judged, Taxonomy taxonomy);

  private static boolean hasSibling(int subject, int[] others, Taxonomy taxonomy) {
    for (int other : others) {
      if (taxonomy.siblings(subject, other)) {
        return true;
      }
    }
    return false;
  }

  /** These subjects and all their ancestors, ascending, each once. */
  private static int[] withAncestors(int[] subjects, Taxonomy taxonomy) {
    int size = 0;
    for (int s : subjects) {
      size += taxonomy.level(s);
    }
    var all = new int[size];
    int n = 0;
    for (int subject : subjects) {
      for (int s = subject; s >= 0; s = taxonomy.parent(s)) {
        all[n++] = s;
      }
    }
    Arrays.sort(all);
    int distinct = 0;
    for (int i = 0; i < n; i++) {
      if (i == 0 || all[i] != all[i - 1]) {
        all[distinct++] = all[i];
      }
    }
    return Arrays.copyOf(all, distinct);
  }
}
