package hu.mtmt.besorol.classifiers.ensemble;

import hu.mtmt.besorol.classifiers.BatchedWork;
import hu.mtmt.besorol.classifiers.Checkpoints;
import hu.mtmt.besorol.classifiers.Directories;
import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.classifiers.ModelFiles;
import hu.mtmt.besorol.classifiers.ModelTraining;
import hu.mtmt.besorol.classifiers.Query;
import hu.mtmt.besorol.classifiers.Scorer;
import hu.mtmt.besorol.classifiers.Scores;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.TrainingContext.Listener;
import hu.mtmt.besorol.classifiers.TrainingSet;
import hu.mtmt.besorol.classifiers.text.SparseVector;
import hu.mtmt.besorol.contract.AlgorithmParameters;
import hu.mtmt.besorol.contract.TextFeatures;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.corpus.Stratification;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Scores of training documents by members that have not learnt from them: the documents are divided
 * into parts, and each part is scored by members that learnt from all others. Of very many
 * documents only {@value #MOST} are scored, as one part.
 */
final class OutOfFold {
  /** So many documents are enough to learn a combination from. */
  private static final int MOST = 60_000;

  private final TrainingSet set;
  private final TrainingContext context;
  private final ModelFiles files;

  /** The documents of each part, ascending. */
  private final int[][] parts;

  private final int size;

  /**
   * @param truths labels of each training document
   * @param folds how many parts there are, if each is scored
   */
  OutOfFold(TrainingSet set, int[][] truths, int folds, TrainingContext context, ModelFiles files) {
    this.set = set;
    this.context = context;
    this.files = files;
    this.size = truths.length;
    this.parts = parts(truths, folds, context.seed());
  }

  /** The documents of the parts that are scored; every label has its share in each. */
  private static int[][] parts(int[][] truths, int folds, long seed) {
    int size = truths.length;
    boolean many = (long) size * (folds - 1) > (long) MOST * folds;
    int wanted = many ? Math.ceilDiv(size, MOST) : Math.min(folds, size);
    var shares = new double[wanted];
    Arrays.fill(shares, 1.0 / wanted);
    var alone = IntStream.range(0, size).toArray();
    var numbers = LongStream.range(0, size).toArray();
    var parts = Stratification.split(truths, alone, numbers, shares, seed);
    return IntStream.range(0, many ? 1 : wanted)
        .mapToObj(p -> IntStream.range(0, size).filter(d -> parts[d] == p).toArray())
        .toArray(int[][]::new);
  }

  /** How many parts are scored. */
  int folds() {
    return parts.length;
  }

  /** The documents that are scored, part after part. */
  int[] documents() {
    return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
  }

  /**
   * How a member ranks {@link #documents}. Thread-safe for members of different names.
   *
   * @param name of the member, for its checkpoints
   * @param fingerprint a number that other documents would hardly have too
   */
  Rankings rank(String name, AlgorithmParameters member, long fingerprint, Listener listener) {
    var whole = new Rankings(Arrays.stream(parts).mapToInt(p -> p.length).sum());
    var checkpoints =
        Checkpoints.open(
            context.part(name + "-folds", context.threads(), listener),
            (Record) member,
            fingerprint,
            parts.length);
    int from = 0;
    for (int fold = 0; fold < parts.length; fold++) {
      var ranked = checkpoints.read("fold-" + fold, Rankings::read);
      if (ranked == null || ranked.documents() != parts[fold].length) {
        ranked = rank(name, member, fold, share(listener, fold));
        var done = ranked;
        checkpoints.write("fold-" + fold, done::write);
      }
      for (int i = 0; i < ranked.documents(); i++) {
        whole.set(from++, ranked.get(i));
      }
    }
    return whole;
  }

  private Listener share(Listener listener, int fold) {
    return (stage, share, epoch, loss) ->
        listener.at(stage, (fold + share) / parts.length, epoch, loss);
  }

  private Rankings rank(String name, AlgorithmParameters member, int fold, Listener listener) {
    var directory = files.path(".%s-fold-%d".formatted(name, fold));
    var part = context.part(name + "-fold-" + fold, context.threads(), listener);
    try {
      Directories.delete(directory);
      Files.createDirectory(directory);
      var foldFiles = new ModelFiles(directory, files.labels(), files.defaultLanguage());
      var scorer = ModelTraining.train(member, set.part(others(fold)), part, foldFiles);
      var rankings = rank(scorer, member, parts[fold], foldFiles);
      Directories.delete(directory);
      if (part.checkpoints() != null) {
        Directories.delete(part.checkpoints());
      }
      return rankings;
    } catch (IOException e) {
      throw files.unwritable(e);
    }
  }

  private int[] others(int fold) {
    var out = parts[fold];
    var others = new int[size - out.length];
    int next = 0;
    int count = 0;
    for (int document = 0; document < size; document++) {
      if (next < out.length && out[next] == document) {
        next++;
      } else {
        others[count++] = document;
      }
    }
    return others;
  }

  /** One of the documents to be ranked. */
  private record Row(int number, Document document) {}

  private Rankings rank(
      Scorer scorer, AlgorithmParameters member, int[] documents, ModelFiles foldFiles)
      throws IOException {
    var features = member.features();
    var rankings = new Rankings(documents.length);
    var space = features == null ? null : foldFiles.features(features);
    var vectors = features == null ? null : set.part(documents).vectors(features);
    BatchedWork.run(
        rows(features, documents),
        BatchedWork.DOCUMENTS,
        context.threads(),
        context.cancelled(),
        () -> new Object[] {new Scores(), new SparseVector()},
        (buffers, batch, rows) -> {
          var scores = (Scores) buffers[0];
          var vector = (SparseVector) buffers[1];
          for (var row : rows) {
            scores.clear();
            try (var query = new Query(row.document)) {
              if (vectors != null) {
                vectors.copy(row.number, vector);
                query.with(space, vector);
              }
              scorer.score(query, scores);
            }
            rankings.set(row.number, Rankings.best(scores));
          }
        });
    return rankings;
  }

  /** Text is read again only for those who have no vectors. */
  private Stream<Row> rows(TextFeatures features, int[] documents) {
    if (features != null) {
      return IntStream.range(0, documents.length).mapToObj(i -> new Row(i, null));
    }
    var number = new int[1];
    var examples = set.part(documents).documents();
    return examples.map((Example e) -> new Row(number[0]++, e.document())).onClose(examples::close);
  }
}
