package hu.mtmt.besorol.classifiers.ensemble;

import hu.mtmt.besorol.classifiers.BatchedWork;
import hu.mtmt.besorol.classifiers.Directories;
import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.classifiers.MemoryEstimate;
import hu.mtmt.besorol.classifiers.ModelFiles;
import hu.mtmt.besorol.classifiers.ModelTraining;
import hu.mtmt.besorol.classifiers.Query;
import hu.mtmt.besorol.classifiers.Ranking;
import hu.mtmt.besorol.classifiers.Scores;
import hu.mtmt.besorol.classifiers.TrainingContext;
import hu.mtmt.besorol.classifiers.TrainingContext.Listener;
import hu.mtmt.besorol.classifiers.TrainingSet;
import hu.mtmt.besorol.classifiers.ensemble.MemberSources.Source;
import hu.mtmt.besorol.contract.AlgorithmParameters;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.EnsembleParameters;
import hu.mtmt.besorol.contract.Progress.Stage;
import hu.mtmt.besorol.contract.TextFeatures;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** One training of an ensemble: members, their scores out of fold, and the combination. */
final class EnsembleTraining {
  /** Changes whenever members learn differently from the same data, or from other parts of it. */
  private static final long CACHED_FORMAT = 3;

  /** Share of the training that members take; the rest is the combination. */
  private static final double MEMBERS = 0.9;

  private final EnsembleParameters parameters;
  private final List<Source> sources;
  private final List<AlgorithmParameters> members;
  private final TrainingSet set;
  private final TrainingContext context;
  private final ModelFiles files;
  private final MemberCache cache;

  /** How text becomes vectors for some member; null if all read the text themselves. */
  private final TextFeatures features;

  EnsembleTraining(
      EnsembleParameters parameters,
      List<Source> sources,
      TrainingSet set,
      TrainingContext context,
      ModelFiles files) {
    this.parameters = parameters;
    this.sources = sources;
    this.members = sources.stream().map(Source::parameters).toList();
    this.set = set;
    this.context = context;
    this.files = files;
    this.cache = MemberCache.in(context.store() == null ? null : context.store().directory());
    this.features =
        members.stream()
            .map(AlgorithmParameters::features)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
  }

  void train() throws IOException {
    if (parameters.combination() == EnsembleParameters.Combination.NEURAL) {
      NeuralCombination.check(members.size(), set.labels().size());
    }
    switch (parameters.combination()) {
      case MEAN -> trainMean();
      case STACKED, NEURAL -> trainStacked();
    }
  }

  private void trainMean() throws IOException {
    var trained = sources.stream().filter(s -> s.earlier() == null).map(Source::parameters);
    var work = memberWork(trained.toList());
    work.forEach(member -> putMember(member, work.listener(member, 0, 1)));
    finishMembers();
    EnsembleFamily.write(mean(Members.load(members, files)), new MeanCombination(), files);
  }

  /** The mean that fits the validation documents best. */
  private Mixture mean(Members loaded) {
    record Ranked(Ranking[] rankings, int[] truth) {}
    var batches = new TreeMap<Integer, List<Ranked>>();
    BatchedWork.run(
        set.validation(),
        BatchedWork.DOCUMENTS,
        context.threads(),
        context.cancelled(),
        Scores::new,
        (scores, number, batch) -> {
          var ranked = new ArrayList<Ranked>();
          for (Example example : batch) {
            try (var query = new Query(example.document())) {
              ranked.add(new Ranked(loaded.rank(query, scores), example.labels()));
            }
          }
          synchronized (batches) {
            batches.put(number, ranked);
          }
        });
    var documents = batches.values().stream().flatMap(List::stream).toList();
    var rankings =
        IntStream.range(0, members.size())
            .mapToObj(m -> new Rankings(documents.size()))
            .toArray(Rankings[]::new);
    for (int d = 0; d < documents.size(); d++) {
      for (int m = 0; m < rankings.length; m++) {
        rankings[m].set(d, documents.get(d).rankings[m]);
      }
    }
    var truths = documents.stream().map(Ranked::truth).toArray(int[][]::new);
    return Mixture.fit(rankings, truths, set.labels().size());
  }

  private void trainStacked() throws IOException {
    var truths = truths();
    var folds = new OutOfFold(set, truths, parameters.folds(), context, files);
    var rankings = new Rankings[members.size()];
    double once = 1.0 / (1 + folds.folds());
    var work = memberWork(members);
    work.forEach(
        member -> {
          putMember(member, work.listener(member, 0, once));
          rankings[member] = rankings(member, folds, work.listener(member, once, 1 - once));
        });
    finishMembers();
    var examples = examples(folds.documents(), truths, rankings);
    var mixture = Mixture.fit(rankings, examples.truths(), set.labels().size());
    var combination = combination(examples, mixture);
    EnsembleFamily.write(mixture, combination, files);
  }

  /**
   * Work on all members.
   *
   * @param trained the members that are trained, once or more
   */
  private MemberWork memberWork(List<AlgorithmParameters> trained) {
    var needs = members.stream().mapToLong(m -> trained.contains(m) ? needs(m) : 0).toArray();
    long vectors =
        trained.stream()
            .map(AlgorithmParameters::features)
            .filter(Objects::nonNull)
            .distinct()
            .mapToLong(of -> MemoryEstimate.bytes(set.vectors(of)))
            .sum();
    return new MemberWork(needs, vectors, MEMBERS, context, files);
  }

  private long needs(AlgorithmParameters member) {
    var of = member.features();
    var vectors = of == null ? null : set.vectors(of);
    double pairs =
        of == null ? set.size() : Arrays.stream(vectors.frequencies(set.labels().size())).sum();
    var size = MemoryEstimate.Size.of(set.size(), set.labels(), pairs / set.size());
    return MemoryEstimate.beside(vectors, member, size, context.threads()).bytes();
  }

  private Rankings rankings(int member, OutOfFold folds, Listener listener) throws IOException {
    var key = key(member, folds.folds());
    var directory = files.path(".rankings-" + member);
    Directories.delete(directory);
    Files.createDirectory(directory);
    try {
      var file = directory.resolve("rankings.bin");
      if (key != null && cache.restore(key, directory)) {
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
          return Rankings.read(in);
        }
      }
      var rankings =
          folds.rank(Members.directory(member), members.get(member), fingerprint(member), listener);
      if (key != null) {
        try (var out =
            new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
          rankings.write(out);
        }
        cache.keep(key, directory);
      }
      return rankings;
    } finally {
      Directories.delete(directory);
    }
  }

  private Combination combination(StackedExamples examples, Mixture mixture) {
    Combination.Progress progress =
        (share, step, loss) ->
            context.listener().at(Stage.TRAINING, MEMBERS + (1 - MEMBERS) * share, step, loss);
    return parameters.combination() == EnsembleParameters.Combination.NEURAL
        ? NeuralCombination.learn(examples, mixture, set.labels(), context, progress)
        : StackedCombination.learn(examples, mixture, set.labels(), context, progress);
  }

  private StackedExamples examples(int[] documents, int[][] truths, Rankings[] rankings) {
    var asked = new boolean[truths.length];
    for (int document : documents) {
      asked[document] = true;
    }
    var lengths = new int[documents.length];
    if (features != null) {
      var vectors = set.vectors(features);
      for (int i = 0; i < lengths.length; i++) {
        var starts = vectors.blockOf(documents[i]).starts();
        int row = vectors.rowOf(documents[i]);
        lengths[i] = starts[row + 1] - starts[row];
      }
    }
    return new StackedExamples(
        rankings,
        Arrays.stream(documents).mapToObj(d -> truths[d]).toArray(int[][]::new),
        lengths,
        IntStream.range(0, truths.length)
            .filter(d -> !asked[d])
            .mapToObj(d -> truths[d])
            .toArray(int[][]::new));
  }

  /** The labels of every training document. */
  private int[][] truths() {
    if (features != null) {
      var vectors = set.vectors(features);
      return IntStream.range(0, vectors.size()).mapToObj(vectors::labels).toArray(int[][]::new);
    }
    try (var documents = set.documents()) {
      return documents.map(Example::labels).toArray(int[][]::new);
    }
  }

  /** A number that other documents would hardly have too. */
  private long fingerprint(int member) {
    var of = members.get(member).features();
    return of != null
        ? set.vectors(of).checksum()
        : features != null ? set.vectors(features).checksum() : Arrays.deepHashCode(truths());
  }

  /** Puts a member into its directory. */
  private void putMember(int member, Listener listener) throws IOException {
    var directory = files.path(Members.directory(member));
    Files.createDirectory(directory);
    var earlier = sources.get(member).earlier();
    if (earlier == null) {
      trainMember(member, directory, listener);
    } else {
      earlier.copyModel(directory);
    }
    listener.at(Stage.TRAINING, 1, null, null);
  }

  private void trainMember(int member, Path directory, Listener listener) throws IOException {
    var key = key(member, 0);
    if (key != null && cache.restore(key, directory)) {
      return;
    }
    ModelTraining.train(
        members.get(member),
        set,
        context.part(Members.directory(member), context.threads(), listener),
        new ModelFiles(directory, files.labels(), files.defaultLanguage()));
    if (key != null) {
      cache.keep(key, directory);
    }
  }

  /** In the order of members, whichever was ready first: it decides which vocabulary is shared. */
  private void finishMembers() throws IOException {
    for (int m = 0; m < members.size(); m++) {
      EnsembleFamily.note(members.get(m), m, files);
      shareVocabularies(files.path(Members.directory(m)));
    }
  }

  /**
   * What a member, or its rankings out of fold, follow from.
   *
   * @param folds 0 for the member itself
   * @return null if it follows from more than vectors and is not kept
   */
  private Digest key(int member, int folds) {
    var of = members.get(member).features();
    if (of == null) {
      return null;
    }
    var sha = Digest.sha256();
    sha.update(ContractJson.writeLine((Record) members.get(member)));
    var taxonomy = set.labels().target().taxonomy();
    for (int label = 0; label < set.labels().size(); label++) {
      var path = String.join("/", taxonomy.pathIds(set.labels().subject(label))) + "\n";
      sha.update(path.getBytes(StandardCharsets.UTF_8));
    }
    sha.update(files.defaultLanguage().getBytes(StandardCharsets.UTF_8));
    var numbers = new long[] {CACHED_FORMAT, context.seed(), set.vectors(of).checksum(), folds};
    var bytes = ByteBuffer.allocate(Long.BYTES * numbers.length);
    bytes.asLongBuffer().put(numbers);
    sha.update(bytes);
    return Digest.of(sha);
  }

  /**
   * Moves a member's vocabularies to the ensemble, where all members share them; if the ensemble
   * has another one for the same features already, the member keeps its own.
   */
  private void shareVocabularies(Path directory) throws IOException {
    try (var list = Files.list(directory)) {
      Predicate<Path> vocabulary = f -> f.getFileName().toString().startsWith("vocabulary-");
      for (var own : list.filter(vocabulary).sorted().toList()) {
        var shared = files.path(own.getFileName().toString());
        if (!Files.exists(shared)) {
          Files.move(own, shared);
        } else if (Files.mismatch(own, shared) < 0) {
          Files.delete(own);
        }
      }
    }
  }
}
