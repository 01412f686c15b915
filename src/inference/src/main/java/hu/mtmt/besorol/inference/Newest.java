package hu.mtmt.besorol.inference;

import hu.mtmt.besorol.contract.Classification;
import hu.mtmt.besorol.contract.ServiceReport;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Remembers the newest requests and documents, for {@link ServiceReport}. It is a window, not a sum
 * since the start: what a process did while it was cold says little of how it answers now.
 */
@ApplicationScoped
public class Newest {
  private final boolean[] failed = new boolean[ServiceReport.NEWEST];
  private final int[] times = new int[ServiceReport.NEWEST];
  private final String[] subjects = new String[ServiceReport.NEWEST];
  private final Baseline baseline;
  private long requests;
  private long documents;
  private long timed;

  Newest(Baseline baseline) {
    this.baseline = baseline;
  }

  /** A request was answered. */
  synchronized void request(boolean failure) {
    failed[(int) (requests++ % failed.length)] = failure;
  }

  /** A document was answered. */
  public synchronized void document(long nanos, Classification answer) {
    if (documents >= ServiceReport.COLD) {
      times[(int) (timed++ % times.length)] = ServiceReport.bucket(nanos);
    }
    subjects[(int) (documents++ % subjects.length)] = bestSubject(answer);
  }

  /** The subject that a document was sorted into first, or {@link ServiceReport#NONE}. */
  static String bestSubject(Classification answer) {
    return answer.suggestions().isEmpty()
        ? ServiceReport.NONE
        : answer.suggestions().getFirst().subject();
  }

  /** What is remembered. */
  synchronized ServiceReport report(Model model) {
    var counted = (int) Math.min(requests, failed.length);
    int failures = 0;
    for (int i = 0; i < counted; i++) {
      failures += failed[i] ? 1 : 0;
    }
    var byTime = new Integer[ServiceReport.BUCKETS];
    Arrays.fill(byTime, 0);
    for (int i = 0; i < Math.min(timed, times.length); i++) {
      byTime[times[i]]++;
    }
    Map<String, Integer> bySubject = new TreeMap<>();
    for (int i = 0; i < Math.min(documents, subjects.length); i++) {
      bySubject.merge(subjects[i], 1, Integer::sum);
    }
    return new ServiceReport(
        model.version(),
        counted,
        failures,
        Arrays.asList(byTime),
        bySubject,
        model.probe(),
        baseline.report().orElse(null));
  }
}
