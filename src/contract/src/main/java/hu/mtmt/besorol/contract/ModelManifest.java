package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a package is: its {@value #FILE}. It names every other file with its digest, so the digest
 * of this document is the digest of the package, its version. It holds nothing that differs between
 * two runs of the same plan: no times, no names of machines.
 *
 * @param algorithm what learnt, with every parameter written out
 * @param taxonomy the subjects
 * @param training what it learnt from
 * @param validation what its thresholds and calibration were chosen on
 * @param holdout what it was judged on, or null if it was not
 * @param seed of everything random
 * @param codeVersion version of the program that wrote the package
 * @param defaultLanguage language that documents without one are analysed in: the commonest of the
 *     training documents
 * @param subjects how many subjects it can answer; {@code labels.txt} lists them in the order of
 *     the weights
 * @param decision how ranked subjects become an answer
 * @param figures reproducible metrics on the holdout; empty if it was not judged
 * @param files every other file of the package
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelManifest(
    @Required Algorithm algorithm,
    @Required TaxonomyReference taxonomy,
    @Required DataReference training,
    @Required DataReference validation,
    DataReference holdout,
    @Required Integer seed,
    @Required String codeVersion,
    @Required String defaultLanguage,
    @Required Integer subjects,
    @Required Decision decision,
    Map<Metric, Double> figures,
    @Required List<PackageFile> files)
    implements ContractDocument {

  /** The manifest's name in a package. */
  public static final String FILE = "model.json";

  public ModelManifest {
    figures = figures == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(figures));
    files = files == null ? List.of() : List.copyOf(files);
  }

  /**
   * The subjects.
   *
   * @param digest of the file that they were read from
   * @param level subjects below this level count as their ancestor on it, or null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record TaxonomyReference(@Required Digest digest, Integer level) {}

  /**
   * A set of documents.
   *
   * @param digest of the file that they were read from
   * @param documents how many of them were used
   */
  public record DataReference(@Required Digest digest, @Required Integer documents) {}

  /**
   * How ranked subjects become an answer: the best ones whose score reaches the threshold, but at
   * least {@code minimumSubjects} and at most {@code maximumSubjects}. Chosen on the validation
   * part for the best strict F1.
   *
   * @param threshold smallest score, 0 to 1
   * @param minimumSubjects smallest answer
   * @param maximumSubjects largest answer
   */
  public record Decision(
      @Required @Min(0) @Max(1) Double threshold,
      @Required @Min(0) Integer minimumSubjects,
      @Required @Min(1) Integer maximumSubjects)
      implements CrossChecked {

    @Override
    public List<String> brokenRules() {
      return minimumSubjects <= maximumSubjects
          ? List.of()
          : List.of("minimumSubjects must not be larger than maximumSubjects");
    }
  }

  /**
   * A file of the package.
   *
   * @param path relative to the package, with forward slashes
   * @param bytes its size
   * @param digest of its bytes
   */
  public record PackageFile(@Required String path, @Required Long bytes, @Required Digest digest) {}
}
