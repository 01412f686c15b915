package hu.mtmt.besorol.trainer.job;

import hu.mtmt.besorol.classifiers.BatchedWork;
import hu.mtmt.besorol.classifiers.CancelledException;
import hu.mtmt.besorol.classifiers.ModelPackage;
import hu.mtmt.besorol.classifiers.ModelStore;
import hu.mtmt.besorol.classifiers.Packed;
import hu.mtmt.besorol.classifiers.Team;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.Comparison;
import hu.mtmt.besorol.contract.ComparisonRequest;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.EvaluationReport;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.Judgement;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.evaluation.Evaluation;
import hu.mtmt.besorol.evaluation.Judged;
import hu.mtmt.besorol.evaluation.PairedBootstrap;
import hu.mtmt.besorol.trainer.data.LabelledDocument;
import hu.mtmt.besorol.trainer.data.Part;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;

/**
 * Has packages answer documents whose subjects are known, and measures how good they are.
 *
 * @param threads how many threads answer
 * @param cancelled whether to stop with a {@link CancelledException}
 */
public record Judge(int threads, BooleanSupplier cancelled) {
  /** How many subjects are ranked for the metrics of rankings. */
  private static final int RANKED = 10;

  /** Draws of the bootstrap are the same in every judgement, so that it can be repeated. */
  public static final long BOOTSTRAP_SEED = 42;

  private static final int BATCH = 64;

  private static final String JUDGED = "judged-";

  /** As many documents are answered one by one to measure the time that it takes. */
  private static final int TIMED_DOCUMENTS = 2000;

  /**
   * Answers all documents.
   *
   * @param progress is told the share that is answered
   * @return in the order of the documents
   */
  public List<Judged> answer(ModelPackage model, Part documents, DoubleConsumer progress) {
    return answer(model, documents, progress, Team.ALONE);
  }

  /** The same with a team, whose others {@link #give} their shares. */
  List<Judged> answer(ModelPackage model, Part documents, DoubleConsumer progress, Team team) {
    var judged = share(model, documents, progress, team);
    for (int rank = 1; rank < team.size(); rank++) {
      team.take(
          JUDGED + rank,
          in -> {
            for (int left = in.readInt(); left > 0; left--) {
              judged[in.readInt()] =
                  new Judged(Packed.ints(in), Packed.ints(in), Packed.floats(in), in.readInt());
            }
            return JUDGED;
          });
    }
    return List.of(judged);
  }

  /** Answers the share of a process that does not lead its team, and gives it. */
  void give(ModelPackage model, Part documents, DoubleConsumer progress, Team team) {
    var judged = share(model, documents, progress, team);
    team.give(
        JUDGED + team.rank(),
        out -> {
          out.writeInt((int) Arrays.stream(judged).filter(Objects::nonNull).count());
          for (int document = 0; document < judged.length; document++) {
            var j = judged[document];
            if (j != null) {
              out.writeInt(document);
              Packed.write(out, j.truth());
              Packed.write(out, j.ranked());
              Packed.write(out, j.scores());
              out.writeInt(j.answered());
            }
          }
        });
  }

  /** By document: the answers of this process, whose turn are some batches. */
  private Judged[] share(ModelPackage model, Part documents, DoubleConsumer progress, Team team) {
    var subjects = model.subjects();
    var judged = new Judged[documents.size()];
    var done = new AtomicInteger();
    BatchedWork.<Object, LabelledDocument>run(
        documents.documents(document -> team.takesTurn(document / BATCH)),
        BATCH,
        threads,
        cancelled,
        Object::new,
        (worker, number, labelled) -> {
          int batch = number * team.size() + team.rank();
          for (int i = 0; i < labelled.size(); i++) {
            judged[batch * BATCH + i] = judged(model, subjects, labelled.get(i));
          }
          int all = done.addAndGet(labelled.size()) * team.size();
          progress.accept(Math.min(1, (double) all / judged.length));
        });
    return judged;
  }

  private static Judged judged(ModelPackage model, int[] subjects, LabelledDocument labelled) {
    var answer = model.answer(labelled.document(), RANKED);
    var ranked = new int[answer.labels().length];
    for (int i = 0; i < ranked.length; i++) {
      ranked[i] = subjects[answer.labels()[i]];
    }
    return new Judged(labelled.subjects(), ranked, answer.scores(), answer.decided());
  }

  /**
   * Time to answer one document on one thread, 95th percentile, in milliseconds. The model must be
   * warm: the documents were answered before.
   */
  public double latencyP95Millis(ModelPackage model, Part documents) {
    try (var stream = documents.documents()) {
      var nanos =
          stream
              .limit(TIMED_DOCUMENTS)
              .mapToLong(
                  labelled -> {
                    if (cancelled.getAsBoolean()) {
                      throw new CancelledException();
                    }
                    long start = System.nanoTime();
                    model.answer(labelled.document(), RANKED);
                    return System.nanoTime() - start;
                  })
              .sorted()
              .toArray();
      return nanos[(int) Math.ceil(0.95 * nanos.length) - 1] / 1e6;
    }
  }

  /**
   * What gates need to know.
   *
   * @param report what was measured on the documents
   * @param latencyP95Millis how long one document takes
   * @param comparisons with other versions
   */
  public static Judgement judgement(
      ModelPackage model,
      EvaluationReport report,
      Grades grades,
      double latencyP95Millis,
      List<Comparison> comparisons) {
    var figures = new EnumMap<Metric, Double>(Metric.class);
    figures.putAll(report.overall().metrics());
    figures.put(Metric.LATENCY_P95_MILLIS, latencyP95Millis);
    figures.put(Metric.PACKAGE_MIB, model.bytes() / (double) (1 << 20));
    return new Judgement(
        report.documents(), report.taxonomy(), report.level(), grades, figures, comparisons);
  }

  /**
   * The report of answers to documents.
   *
   * @param trainingDocuments how many documents of each subject were learnt, or null
   */
  public static EvaluationReport report(
      ModelPackage model,
      Part documents,
      List<Judged> judged,
      Grades grades,
      int[] trainingDocuments) {
    return Evaluation.report(
        model.target(),
        judged,
        grades,
        documents.digest(),
        model.manifest().taxonomy().digest(),
        trainingDocuments);
  }

  /**
   * How many documents of each subject a package learnt, by number, as its own report says; null if
   * it was not judged when it was trained.
   */
  public static int[] trainingDocuments(ModelPackage model) {
    if (model.evaluation().isEmpty()) {
      return null;
    }
    var taxonomy = model.target().taxonomy();
    var documents = new int[taxonomy.size()];
    for (var result : model.evaluation().get().subjects()) {
      documents[taxonomy.indexOf(result.subject())] =
          Objects.requireNonNullElse(result.trainingDocuments(), 0);
    }
    return documents;
  }

  /**
   * Compares a version with others of its store.
   *
   * @param requests which comparisons are wanted
   * @param judged the answers of {@code model} to {@code documents}
   * @return one for every request, in their order; with an obstacle where it cannot be made
   */
  public List<Comparison> compare(
      List<ComparisonRequest> requests,
      ModelPackage model,
      List<Judged> judged,
      Part documents,
      ModelStore store) {
    var answers = new LinkedHashMap<Digest, Baseline>();
    return requests.stream()
        .map(
            request -> {
              if (!request.metric().comparable()) {
                return obstacle(
                    request, request.metric().written() + " cannot be compared by documents.");
              }
              var baseline =
                  answers.computeIfAbsent(
                      request.baseline(), v -> baseline(v, store, model, documents));
              return baseline.obstacle() == null
                  ? PairedBootstrap.compare(
                      request, model.target(), judged, baseline.judged(), BOOTSTRAP_SEED)
                  : obstacle(request, baseline.obstacle());
            })
        .toList();
  }

  private static Comparison obstacle(ComparisonRequest request, String obstacle) {
    return new Comparison(
        request.metric(),
        request.baseline(),
        request.confidence(),
        null,
        null,
        null,
        null,
        obstacle);
  }

  /**
   * A version to compare with.
   *
   * @param judged its answers, or null
   * @param obstacle why there are none, or null
   */
  private record Baseline(List<Judged> judged, String obstacle) {}

  private Baseline baseline(Digest version, ModelStore store, ModelPackage model, Part documents) {
    try {
      var found = store.open(version);
      if (found.isEmpty()) {
        return new Baseline(null, "Its package is gone.");
      }
      var baseline = found.get();
      var obstacle = obstacle(model, baseline);
      return obstacle == null
          ? new Baseline(answer(baseline, documents, share -> {}), null)
          : new Baseline(null, obstacle);
    } catch (BesorolException e) {
      return new Baseline(null, "Its package cannot be used: " + shorten(e.getMessage()));
    }
  }

  /**
   * Why two packages cannot be compared, or null if they can. They need not know the same subjects:
   * one that misses a subject loses there, which is what a comparison should show.
   */
  public static String obstacle(ModelPackage model, ModelPackage baseline) {
    var ours = model.manifest().taxonomy();
    var theirs = baseline.manifest().taxonomy();
    if (!ours.digest().equals(theirs.digest())) {
      return "It was trained on another taxonomy.";
    }
    if (!Objects.equals(ours.level(), theirs.level())) {
      return "It tells subjects apart to another level.";
    }
    return null;
  }

  private static String shorten(String message) {
    return message.length() <= 160 ? message : message.substring(0, 159) + "…";
  }
}
