package hu.mtmt.besorol.operator.promotion;

import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.ServiceReport;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToIntFunction;

/**
 * What the pods of a version tell, together.
 *
 * @param version that version
 * @param requests the newest requests of each
 * @param failures how many of those failed
 * @param times how many documents took how long, by {@link ServiceReport#bucket}
 * @param subjects how many documents have which best subject
 * @param probe the best subjects of the self-test's documents
 * @param baselines what each pod's baseline said to clients' documents
 */
public record Figures(
    Digest version,
    int requests,
    int failures,
    List<Long> times,
    Map<String, Integer> subjects,
    Map<String, String> probe,
    List<ServiceReport.Baseline> baselines) {
  private static final double PERCENTILE = 0.95;

  /** Those of at least one pod, all of one version. */
  public static Figures of(Collection<ServiceReport> reports) {
    var times = new Long[ServiceReport.BUCKETS];
    Arrays.fill(times, 0L);
    var subjects = new TreeMap<String, Integer>();
    var probe = new TreeMap<String, String>();
    for (var report : reports) {
      for (int i = 0; i < Math.min(times.length, report.times().size()); i++) {
        times[i] += report.times().get(i);
      }
      report.subjects().forEach((subject, n) -> subjects.merge(subject, n, Integer::sum));
      probe.putAll(report.probe());
    }
    return new Figures(
        reports.iterator().next().version(),
        reports.stream().mapToInt(ServiceReport::requests).sum(),
        reports.stream().mapToInt(ServiceReport::failures).sum(),
        List.of(times),
        subjects,
        probe,
        reports.stream().map(ServiceReport::baseline).filter(Objects::nonNull).toList());
  }

  double errorRatio() {
    return requests == 0 ? 0 : (double) failures / requests;
  }

  long documents() {
    return subjects.values().stream().mapToLong(n -> n).sum();
  }

  /** Of how many documents the time is known. */
  long timed() {
    return times.stream().mapToLong(n -> n).sum();
  }

  /** The time within which 95 of 100 of those are answered, up to a bucket's width. */
  double percentile95Millis() {
    var wanted = Math.ceil(PERCENTILE * timed());
    long seen = 0;
    int bucket = 0;
    while (bucket < times.size() - 1 && seen + times.get(bucket) < wanted) {
      seen += times.get(bucket++);
    }
    return ServiceReport.boundMillis(bucket);
  }

  int commonProbes(Figures other) {
    return (int) probe.keySet().stream().filter(other.probe::containsKey).count();
  }

  int sameProbes(Figures other) {
    return (int)
        probe.entrySet().stream()
            .filter(e -> e.getValue().equals(other.probe.get(e.getKey())))
            .count();
  }

  /** How many documents of clients both versions have answered. */
  int shadowed(Figures serving) {
    return shadowed(serving, ServiceReport.Baseline::documents);
  }

  /** For how many of those both have the same best subject. */
  int agreeing(Figures serving) {
    return shadowed(serving, ServiceReport.Baseline::agreeing);
  }

  private int shadowed(Figures serving, ToIntFunction<ServiceReport.Baseline> count) {
    return baselines.stream()
        .filter(b -> b.version().equals(serving.version))
        .mapToInt(count)
        .sum();
  }

  /**
   * The Jensen-Shannon divergence between the subjects' shares, in bits: 0 if they are the same, 1
   * if no subject is in both. What two samples of the same shares differ by on average, (k-1)(1/n +
   * 1/m) / (8 ln 2) for k subjects, is taken off.
   */
  double divergence(Figures other) {
    var all = new TreeSet<>(subjects.keySet());
    all.addAll(other.subjects.keySet());
    double n = documents();
    double m = other.documents();
    double sum = 0;
    for (var subject : all) {
      var p = subjects.getOrDefault(subject, 0) / n;
      var q = other.subjects.getOrDefault(subject, 0) / m;
      sum += half(p, (p + q) / 2) + half(q, (p + q) / 2);
    }
    var chance = (all.size() - 1) * (1 / n + 1 / m) / (8 * Math.log(2));
    return Math.clamp(sum - chance, 0, 1);
  }

  private static double half(double share, double mean) {
    return share == 0 ? 0 : share * Math.log(share / mean) / Math.log(2) / 2;
  }
}
