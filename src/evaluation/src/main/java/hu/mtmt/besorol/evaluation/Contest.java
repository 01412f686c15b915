package hu.mtmt.besorol.evaluation;

import hu.mtmt.besorol.contract.ComparisonReport;
import hu.mtmt.besorol.contract.ComparisonReport.Contestant;
import hu.mtmt.besorol.contract.ComparisonReport.Difference;
import hu.mtmt.besorol.contract.ComparisonReport.Part;
import hu.mtmt.besorol.contract.ComparisonReport.Place;
import hu.mtmt.besorol.contract.ComparisonReport.SubjectDifference;
import hu.mtmt.besorol.contract.ComparisonReport.Versus;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Compares any number of classifiers on the same documents: all with one of them, the baseline, and
 * all with each other by their places.
 *
 * @param target the subjects that are told apart
 * @param entries the classifiers' answers, to the same documents in the same order; at least two
 * @param baseline which of them, counted from 0, the others are compared with
 * @param rankedBy the comparable metric that the places are of
 * @param confidence of the intervals, such as {@code "0.95"}
 * @param seed of the bootstrap's draws
 */
public record Contest(
    TargetLevel target,
    List<Entry> entries,
    int baseline,
    Metric rankedBy,
    String confidence,
    long seed) {
  /** Values of so many subjects in all draws are held at a time, 32 kB each. */
  private static final int SUBJECTS_AT_A_TIME = 2_000;

  private static final List<Metric> OVERALL =
      Arrays.stream(Metric.values()).filter(Metric::comparable).toList();

  private static final List<Metric> OF_A_PART =
      OVERALL.stream().filter(Evaluation.OF_A_PART::contains).toList();

  /**
   * A classifier's answers.
   *
   * @param name what the report calls it
   * @param version of the package that answered, or null
   * @param answers digest of the file of answers, or null
   * @param judged the answers
   */
  public record Entry(String name, Digest version, Digest answers, List<Judged> judged) {}

  /**
   * @throws IllegalArgumentException if there are fewer than two entries, their documents differ,
   *     or the metric cannot be compared
   */
  public Contest {
    entries = List.copyOf(entries);
    if (entries.size() < 2 || entries.getFirst().judged().isEmpty()) {
      throw new IllegalArgumentException("a comparison needs two classifiers and one document");
    }
    for (var entry : entries) {
      PairedBootstrap.requirePaired(entry.judged(), entries.getFirst().judged());
    }
    if (!rankedBy.comparable()) {
      throw new IllegalArgumentException(rankedBy.written() + " cannot be compared");
    }
  }

  /**
   * All comparisons.
   *
   * @param documents digest of the documents
   * @param taxonomy digest of the subjects' file
   */
  public ComparisonReport report(Digest documents, Digest taxonomy) {
    var tree = target.taxonomy();
    var toldApart = IntStream.range(0, tree.size()).filter(target::contains).toArray();
    var sizeOfBranch = new int[tree.size()];
    for (int s : toldApart) {
      sizeOfBranch[tree.root(s)]++;
    }
    var overall = drawn("overall", OVERALL, null);
    var levels =
        IntStream.rangeClosed(1, Arrays.stream(toldApart).map(tree::level).max().orElse(0))
            .mapToObj(
                level -> drawn(Integer.toString(level), OF_A_PART, s -> tree.level(s) == level))
            .filter(part -> part.documents() > 0)
            .toList();
    var branches =
        Arrays.stream(toldApart)
            .filter(root -> sizeOfBranch[root] > 1)
            .mapToObj(root -> drawn(tree.subject(root).id(), OF_A_PART, s -> tree.root(s) == root))
            .filter(part -> part.documents() > 0)
            .toList();
    return new ComparisonReport(
        documents,
        entries.getFirst().judged().size(),
        taxonomy,
        target.level(),
        confidence,
        Bootstrap.DRAWS,
        entries.get(baseline).name(),
        rankedBy,
        contestants(overall),
        IntStream.range(0, entries.size())
            .filter(entry -> entry != baseline)
            .mapToObj(
                entry ->
                    new Versus(
                        entries.get(entry).name(),
                        part(overall, entry),
                        levels.stream().map(level -> part(level, entry)).toList(),
                        branches.stream().map(branch -> part(branch, entry)).toList(),
                        subjects(entries.get(entry).judged())))
            .toList());
  }

  private Bootstrap bootstrap() {
    return new Bootstrap(entries.getFirst().judged().size(), seed);
  }

  /**
   * Metrics of all entries over a part of the subjects.
   *
   * @param name the part's
   * @param documents how many documents have a true subject in it
   * @param metrics what was measured
   * @param observed values by metric, then by entry
   * @param values by metric, then by entry, then by draw
   */
  private record Drawn(
      String name, int documents, List<Metric> metrics, double[][] observed, double[][][] values) {}

  /**
   * @param part the subjects that count, or null for all
   */
  private Drawn drawn(String name, List<Metric> metrics, IntPredicate part) {
    var statistics =
        metrics.stream()
            .flatMap(
                metric ->
                    entries.stream()
                        .map(
                            e ->
                                part == null
                                    ? DrawnMetric.of(metric, target, e.judged())
                                    : DrawnMetric.of(metric, target, e.judged(), part)))
            .toList();
    var bootstrap = bootstrap();
    var observed = statistics.stream().mapToDouble(bootstrap::observed).toArray();
    var values = bootstrap.values(statistics);
    int n = entries.size();
    var judged = entries.getFirst().judged();
    return new Drawn(
        name,
        part == null
            ? judged.size()
            : (int) judged.stream().filter(j -> Arrays.stream(j.truth()).anyMatch(part)).count(),
        metrics,
        IntStream.range(0, metrics.size())
            .mapToObj(m -> Arrays.copyOfRange(observed, m * n, (m + 1) * n))
            .toArray(double[][]::new),
        IntStream.range(0, metrics.size())
            .mapToObj(m -> Arrays.copyOfRange(values, m * n, (m + 1) * n))
            .toArray(double[][][]::new));
  }

  private Part part(Drawn drawn, int entry) {
    return new Part(
        drawn.name(),
        drawn.documents(),
        IntStream.range(0, drawn.metrics().size())
            .mapToObj(
                m -> {
                  var observed = drawn.observed()[m];
                  var values = drawn.values()[m];
                  var spread = Bootstrap.Spread.of(values[entry], values[baseline], confidence);
                  return new Difference(
                      drawn.metrics().get(m),
                      observed[entry],
                      observed[baseline],
                      observed[entry] - observed[baseline],
                      spread.lower(),
                      spread.upper(),
                      spread.p());
                })
            .toList());
  }

  private List<Contestant> contestants(Drawn overall) {
    int by = overall.metrics().indexOf(rankedBy);
    return IntStream.range(0, entries.size())
        .mapToObj(
            entry -> {
              var metrics = new EnumMap<Metric, Double>(Metric.class);
              for (int m = 0; m < overall.metrics().size(); m++) {
                metrics.put(overall.metrics().get(m), overall.observed()[m][entry]);
              }
              return new Contestant(
                  entries.get(entry).name(),
                  entries.get(entry).version(),
                  entries.get(entry).answers(),
                  metrics,
                  place(overall.observed()[by], overall.values()[by], entry));
            })
        .toList();
  }

  /** Where an entry stands by these values, and where it stands in the draws. */
  private Place place(double[] observed, double[][] values, int entry) {
    var ranks =
        IntStream.range(0, Bootstrap.DRAWS)
            .map(draw -> rank(e -> values[e][draw], entry))
            .sorted()
            .toArray();
    int outside = Bootstrap.outside(Double.parseDouble(confidence));
    return new Place(
        rank(e -> observed[e], entry),
        ranks[outside],
        ranks[ranks.length - 1 - outside],
        (double) Arrays.stream(ranks).filter(rank -> rank == 1).count() / ranks.length);
  }

  private int rank(IntToDoubleFunction value, int entry) {
    double own = value.applyAsDouble(entry);
    return 1
        + (int)
            IntStream.range(0, entries.size()).filter(e -> value.applyAsDouble(e) > own).count();
  }

  /** F1 of every subject that a document has, compared with the baseline's. */
  private List<SubjectDifference> subjects(List<Judged> judged) {
    var tree = target.taxonomy();
    var baselines = entries.get(baseline).judged();
    var tests = SubjectTest.of(judged, baselines, tree.size());
    var present = IntStream.range(0, tests.length).filter(s -> tests[s].documents() > 0).toArray();
    var tested = Arrays.stream(present).filter(s -> tests[s].canDiffer()).toArray();
    var p = Arrays.stream(tested).parallel().mapToDouble(s -> tests[s].pValue()).toArray();
    var q = FalseDiscovery.qValues(p);
    var values = DrawnSubject.of(judged, tree.size());
    var baselineValues = DrawnSubject.of(baselines, tree.size());

    var results = new TreeMap<Integer, SubjectDifference>();
    for (int s : present) {
      var f1 = tests[s].f1OfFirst();
      results.put(
          s,
          new SubjectDifference(
              tree.subject(s).id(), tests[s].documents(), f1, f1, 0, null, null, null, null));
    }
    for (int from = 0; from < tested.length; from += SUBJECTS_AT_A_TIME) {
      int to = Math.min(tested.length, from + SUBJECTS_AT_A_TIME);
      var statistics = new ArrayList<DrawnSubject>();
      for (int i = from; i < to; i++) {
        statistics.add(values[tested[i]]);
        statistics.add(baselineValues[tested[i]]);
      }
      var drawn = bootstrap().values(statistics);
      for (int i = from; i < to; i++) {
        var spread =
            Bootstrap.Spread.of(drawn[2 * (i - from)], drawn[2 * (i - from) + 1], confidence);
        var test = tests[tested[i]];
        results.put(
            tested[i],
            new SubjectDifference(
                tree.subject(tested[i]).id(),
                test.documents(),
                test.f1OfFirst(),
                test.f1OfSecond(),
                test.difference(),
                spread.lower(),
                spread.upper(),
                p[i],
                q[i]));
      }
    }
    return List.copyOf(results.values());
  }
}
