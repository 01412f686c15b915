package hu.mtmt.besorol.e2e;

import java.time.Duration;

/**
 * A storm on a cluster of three nodes, which is started for it. Arguments: {@code --faults N}
 * (100), {@code --seed S} (drawn unless given).
 */
final class StormProgram {
  private static final Duration PAUSE = Duration.ofMinutes(2);

  private StormProgram() {}

  public static void main(String[] arguments) throws Exception {
    int faults = 100;
    long seed = System.currentTimeMillis();
    for (int i = 0; i < arguments.length; i += 2) {
      switch (arguments[i]) {
        case "--faults" -> faults = Integer.parseInt(arguments[i + 1]);
        case "--seed" -> seed = Long.parseLong(arguments[i + 1]);
        default -> throw new IllegalArgumentException(arguments[i]);
      }
    }
    System.out.printf("%d faults, seed %d%n", faults, seed);
    try (var cluster = Cluster.start()) {
      try {
        var report = new Storm(cluster, Cluster.NODES, PAUSE).blow(Fault.of(faults, seed));
        System.out.printf(
            "%n| storm of %d faults, seed %d | |%n|---|---:|%n| runs | %,d |%n| answers | %,d |%n"
                + "| repeated requests | %,d |%n| failed requests | %,d |%n| violations | %,d |%n",
            faults,
            seed,
            report.runs(),
            report.answers(),
            report.repeatedRequests(),
            report.failedRequests().size(),
            report.violations().size());
        report.failedRequests().stream().limit(20).forEach(System.err::println);
        report.violations().forEach(System.err::println);
        if (!report.violations().isEmpty()) {
          System.exit(1);
        }
      } catch (Exception | AssertionError e) {
        System.err.println(cluster.describe());
        throw e;
      }
    }
  }
}
