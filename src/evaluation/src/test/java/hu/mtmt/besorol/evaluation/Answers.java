package hu.mtmt.besorol.evaluation;

import hu.mtmt.besorol.taxonomy.Subject;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import hu.mtmt.besorol.taxonomy.Taxonomy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Documents with answers for tests. */
final class Answers {
  /**
   *
   *
   * <pre>
   * 0 a ─┬─ 1 a1 ─┬─ 2 a1x
   *      │        └─ 3 a1y
   *      └─ 4 a2
   * 5 b ───  6 b1 ─── 7 b1x
   * 8 c
   * </pre>
   */
  static final TargetLevel TREE =
      new TargetLevel(
          Taxonomy.of(
              List.of(
                  new Subject("a", null, null),
                  new Subject("a1", "a", null),
                  new Subject("a1x", "a1", null),
                  new Subject("a1y", "a1", null),
                  new Subject("a2", "a", null),
                  new Subject("b", null, null),
                  new Subject("b1", "b", null),
                  new Subject("b1x", "b1", null),
                  new Subject("c", null, null))),
          null);

  static final int A = 0;
  static final int A1 = 1;
  static final int A1X = 2;
  static final int A1Y = 3;
  static final int A2 = 4;
  static final int B = 5;
  static final int B1 = 6;
  static final int B1X = 7;
  static final int C = 8;

  private Answers() {}

  /** Some subjects. */
  static int[] of(int... subjects) {
    return subjects;
  }

  /** A document whose ranking is its answer, with score 0.5 throughout. */
  static Judged judged(int[] truth, int[] answer) {
    return judged(truth, answer, answer.length);
  }

  /** A document with score 0.5 throughout. */
  static Judged judged(int[] truth, int[] ranked, int answered) {
    var scores = new float[ranked.length];
    Arrays.fill(scores, 0.5f);
    return new Judged(truth, ranked, scores, answered);
  }

  /**
   * Documents with up to three true subjects and up to three answers, right with the given chance.
   */
  static List<Judged> random(Random random, int documents, int subjects, double skill) {
    var all = new ArrayList<Judged>(documents);
    for (int d = 0; d < documents; d++) {
      var truth = random.ints(random.nextInt(4), 0, subjects).sorted().distinct().toArray();
      all.add(answer(random, truth, subjects, skill));
    }
    return all;
  }

  /** An answer to a document with these true subjects. */
  static Judged answer(Random random, int[] truth, int subjects, double skill) {
    var likely = Arrays.stream(truth).filter(_ -> random.nextDouble() < skill);
    var ranked =
        IntStream.concat(likely, random.ints(12, 0, subjects)).distinct().limit(12).toArray();
    var scores = new float[ranked.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = random.nextFloat();
    }
    return new Judged(truth, ranked, scores, Math.min(random.nextInt(4), ranked.length));
  }
}
