package hu.mtmt.besorol.classifiers.ensemble;

import hu.mtmt.besorol.classifiers.ClassifierFamilies;
import hu.mtmt.besorol.classifiers.ModelFiles;
import hu.mtmt.besorol.classifiers.Query;
import hu.mtmt.besorol.classifiers.Ranking;
import hu.mtmt.besorol.classifiers.Scorer;
import hu.mtmt.besorol.classifiers.Scores;
import hu.mtmt.besorol.classifiers.text.FeatureSpace;
import hu.mtmt.besorol.contract.AlgorithmParameters;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/**
 * The classifiers of an ensemble, loaded. Thread-safe.
 *
 * @param scorers what scores
 * @param space where documents have vectors whose length says how much text there is; null if no
 *     member uses any
 */
record Members(List<Scorer> scorers, FeatureSpace space) {

  /** The directory of a member in a package. */
  static String directory(int member) {
    return "member-" + member;
  }

  /** Loads members from the directories of a package. */
  static Members load(List<AlgorithmParameters> parameters, ModelFiles files) throws IOException {
    var scorers = new Scorer[parameters.size()];
    for (int m = 0; m < scorers.length; m++) {
      scorers[m] = load(parameters.get(m), files.member(files.path(directory(m))));
    }
    var first =
        parameters.stream().map(AlgorithmParameters::features).filter(Objects::nonNull).findFirst();
    FeatureSpace space = null;
    for (int m = 0; m < scorers.length && space == null; m++) {
      if (first.isPresent() && first.get().equals(parameters.get(m).features())) {
        space = files.member(files.path(directory(m))).features(first.get());
      }
    }
    return new Members(List.of(scorers), space);
  }

  private static <P extends AlgorithmParameters> Scorer load(P parameters, ModelFiles files) {
    return ClassifierFamilies.of(parameters).load(parameters, files);
  }

  /** How each member ranks a document's labels. */
  Ranking[] rank(Query query, Scores scores) {
    var rankings = new Ranking[scorers.size()];
    for (int m = 0; m < rankings.length; m++) {
      scores.clear();
      scorers.get(m).score(query, scores);
      rankings[m] = Rankings.best(scores);
    }
    scores.clear();
    return rankings;
  }

  /** How many features a document has. */
  int length(Query query) {
    return space == null ? 0 : query.vector(space).size();
  }
}
