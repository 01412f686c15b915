package hu.mtmt.besorol.inference.rest;

import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.Digest;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.contract.ModelManifest;
import hu.mtmt.besorol.contract.ModelManifest.DataReference;
import hu.mtmt.besorol.contract.ModelManifest.Decision;
import hu.mtmt.besorol.inference.Model;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What is served.
 *
 * @param version digest of the package
 * @param algorithm what learnt
 * @param taxonomy the subjects
 * @param training what it learnt from
 * @param holdout what it was judged on; null if it was not
 * @param defaultLanguage language that documents without one are analysed in
 * @param decision how ranked subjects become an answer
 * @param figures metrics on the holdout
 * @param codeVersion version of the program that trained it
 * @param bytes size of the package
 */
public record ModelDescription(
    Digest version,
    Algorithm algorithm,
    Subjects taxonomy,
    DataReference training,
    DataReference holdout,
    String defaultLanguage,
    Decision decision,
    Map<Metric, Double> figures,
    String codeVersion,
    long bytes) {

  /**
   * The subjects.
   *
   * @param digest of the taxonomy's file
   * @param level subjects below it count as their ancestor on it; null for all
   * @param subjects how many can be answered
   * @param languages in which subjects have labels
   */
  public record Subjects(Digest digest, Integer level, int subjects, SortedSet<String> languages) {}

  static ModelDescription of(Model model) {
    ModelManifest manifest = model.modelPackage().manifest();
    var taxonomy = model.modelPackage().target().taxonomy();
    var languages = new TreeSet<String>();
    taxonomy.subjects().forEach(s -> languages.addAll(s.labels().keySet()));
    return new ModelDescription(
        model.version(),
        manifest.algorithm(),
        new Subjects(
            manifest.taxonomy().digest(),
            manifest.taxonomy().level(),
            manifest.subjects(),
            languages),
        manifest.training(),
        manifest.holdout(),
        manifest.defaultLanguage(),
        manifest.decision(),
        manifest.figures(),
        manifest.codeVersion(),
        model.modelPackage().bytes());
  }
}
