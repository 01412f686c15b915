package hu.mtmt.besorol.classifiers;

/**
 * The processes that train a classifier together, seen by one of them. What they make are named
 * things, each of which follows from data, parameters and seed alone: whoever makes it, and however
 * often, it is the same. So a process that was killed simply makes its things again. Thread-safe.
 */
public interface Team {
  /** The number of this process, from 0. */
  int rank();

  /** How many processes there are. */
  int size();

  /** Whether this is the process that writes the classifier: rank 0. */
  default boolean leads() {
    return rank() == 0;
  }

  /**
   * Whether a piece of what is divided beforehand is this process's: they take turns, so that each
   * has pieces from everywhere.
   */
  default boolean takesTurn(int piece) {
    return piece % size() == rank();
  }

  /**
   * Whether this process shall make a thing: no other one has made it, or has claimed it before.
   *
   * @param name lower-case letters, digits, and hyphens
   */
  boolean claim(String name);

  /** Whether somebody has given that thing. */
  boolean has(String name);

  /** Gives a thing to all. */
  void give(String name, Checkpoints.Writer writer);

  /**
   * A thing that somebody gives, once it is there.
   *
   * @throws CancelledException if the work shall stop
   * @throws hu.mtmt.besorol.contract.BesorolException if a process is not heard of for too long
   */
  <T> T take(String name, Checkpoints.Reader<T> reader);

  /** A process that trains alone: it makes everything itself and has nobody to give it to. */
  Team ALONE =
      new Team() {
        @Override
        public int rank() {
          return 0;
        }

        @Override
        public int size() {
          return 1;
        }

        @Override
        public boolean claim(String name) {
          return true;
        }

        @Override
        public boolean has(String name) {
          return false;
        }

        @Override
        public void give(String name, Checkpoints.Writer writer) {
          // to nobody
        }

        @Override
        public <T> T take(String name, Checkpoints.Reader<T> reader) {
          throw new IllegalStateException("nobody else makes " + name);
        }
      };
}
