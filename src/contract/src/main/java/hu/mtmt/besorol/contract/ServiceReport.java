package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the newest requests to one inference pod were, so that versions can be held against each
 * other while both answer: what {@code GET} {@value #ROUTE} of it answers.
 *
 * @param version the version that answers
 * @param requests how many of the newest requests are counted
 * @param failures how many of those were answered with a status of 500 or above
 * @param times how many of the newest documents but the first {@value #COLD} of the process took
 *     how long to answer, by {@link #bucket}
 * @param subjects the subjects that the newest documents were sorted into first, and how many;
 *     {@value #NONE} stands for none
 * @param probe the documents that the package tests itself with, by a digest of their text, and the
 *     best subject of each
 * @param baseline what of the clients' documents a baseline was asked too; null without one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ServiceReport(
    @Required Digest version,
    int requests,
    int failures,
    List<Integer> times,
    Map<String, Integer> subjects,
    Map<String, String> probe,
    Baseline baseline)
    implements ContractDocument {

  /**
   * Shadowed requests: documents that were answered a second time, by the version that is served
   * while this one is tried.
   *
   * @param version that version
   * @param documents how many
   * @param agreeing for how many both have the same best subject
   */
  public record Baseline(@Required Digest version, int documents, int agreeing) {}

  /** The route of the document, on the port of the answers. */
  public static final String ROUTE = "/q/report";

  /** How many requests and documents are counted at most: the newest. */
  public static final int NEWEST = 1000;

  /**
   * So many documents of a process are not timed: until then much of a time is the compiler's, and
   * another process, which has answered for long, cannot be compared.
   */
  public static final int COLD = 500;

  /** Stands for no subject. */
  public static final String NONE = "";

  /** Number of buckets of times. */
  public static final int BUCKETS = 64;

  private static final double FIRST_BOUND_NANOS = 50_000;
  private static final int BUCKETS_TO_DOUBLE = 4;

  public ServiceReport {
    times = times == null ? List.of() : List.copyOf(times);
    subjects = subjects == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(subjects));
    probe = probe == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(probe));
  }

  /** The bucket of a time; each is wider than the one before by the same factor. */
  public static int bucket(long nanos) {
    var doublings = Math.log(nanos / FIRST_BOUND_NANOS) / Math.log(2);
    return Math.clamp((long) Math.ceil(doublings * BUCKETS_TO_DOUBLE), 0, BUCKETS - 1);
  }

  /** The longest time of a bucket but the last, in milliseconds. */
  public static double boundMillis(int bucket) {
    return FIRST_BOUND_NANOS * Math.pow(2, (double) bucket / BUCKETS_TO_DOUBLE) / 1e6;
  }
}
