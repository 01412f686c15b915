package hu.mtmt.besorol.e2e;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Something that breaks.
 *
 * @param kind what
 * @param draw chooses whom it hits of those that there are then
 */
record Fault(Kind kind, int draw) {

  /** What can break. */
  enum Kind {
    KILL_OPERATOR,
    KILL_TRAINER,
    KILL_INFERENCE,
    KILL_KUBELET,
    KILL_CONTAINERD,
    KILL_API_SERVER,
    KILL_ETCD,
    CUT_NETWORK,
    FILL_STORE
  }

  /**
   * So many in an order that follows from the seed; of any nine from the start each kind is one.
   */
  static List<Fault> of(int number, long seed) {
    var random = new Random(seed);
    var faults = new ArrayList<Fault>();
    while (faults.size() < number) {
      var kinds = new ArrayList<>(List.of(Kind.values()));
      Collections.shuffle(kinds, random);
      kinds.forEach(kind -> faults.add(new Fault(kind, random.nextInt(Integer.MAX_VALUE))));
    }
    return List.copyOf(faults.subList(0, number));
  }

  /** The one that it hits of some; they must not be empty. */
  <T> T choose(List<T> candidates) {
    return candidates.get(draw % candidates.size());
  }
}
