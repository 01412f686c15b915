package hu.mtmt.besorol.datacheck;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import hu.mtmt.besorol.contract.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What there is in files of documents, and what is wrong with them.
 *
 * @param verdict the worst of the findings
 * @param files each file by itself
 * @param findings one for each check that was made, the worst first
 * @param levels how the training documents are spread over each level, the roots first
 * @param subjects every subject that is told apart, in the taxonomy's order
 */
public record DataReport(
    Severity verdict,
    List<FileFacts> files,
    List<Finding> findings,
    List<LevelFacts> levels,
    List<SubjectFacts> subjects) {

  public DataReport {
    files = List.copyOf(files);
    findings = List.copyOf(findings);
    levels = List.copyOf(levels);
    subjects = List.copyOf(subjects);
  }

  /** A report with at least one finding, in any order. */
  static DataReport of(
      List<FileFacts> files,
      List<Finding> findings,
      List<LevelFacts> levels,
      List<SubjectFacts> subjects) {
    var worstFirst =
        findings.stream()
            .sorted(Comparator.comparing(Finding::severity).thenComparing(Finding::check))
            .toList();
    return new DataReport(worstFirst.getFirst().severity(), files, worstFirst, levels, subjects);
  }

  /** The same with one finding more. */
  public DataReport with(Finding finding) {
    var all = new ArrayList<>(findings);
    all.add(finding);
    return of(files, all, levels, subjects);
  }

  /** How bad it is, the worst first. */
  public enum Severity {
    /** Training refuses the data. */
    @JsonProperty("Refused")
    REFUSED,
    /** Training takes the data, but what comes out is worse, or seems better, than it could. */
    @JsonProperty("Warning")
    WARNING,
    /** Nothing was found. */
    @JsonProperty("Passed")
    PASSED
  }

  /**
   * What a check found.
   *
   * @param check which
   * @param severity how bad it is
   * @param count of what was found, in the unit that {@code problem} names
   * @param problem a sentence with what is wrong
   * @param remedy a sentence with what to do, or null if nothing was found
   * @param examples the first ones
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Finding(
      Check check,
      Severity severity,
      long count,
      String problem,
      String remedy,
      List<String> examples) {
    public Finding {
      examples = List.copyOf(examples);
    }

    /**
     * Documents whose subjects may be wrong.
     *
     * @param count how many
     * @param examples the most doubtful ones
     */
    public static Finding doubtful(long count, List<String> examples) {
      return count == 0
          ? passed(Check.DOUBTFUL_SUBJECTS)
          : new Finding(
              Check.DOUBTFUL_SUBJECTS,
              Severity.WARNING,
              count,
              String.format(
                  Locale.ROOT,
                  "%,d %s of train may have wrong subjects, say classifiers that have not seen"
                      + " them.",
                  count,
                  count == 1 ? "document" : "documents"),
              "Have somebody look at the first ones: the further down, the less doubtful.",
              examples);
    }

    static Finding passed(Check check) {
      var clause = check.passed();
      return new Finding(
          check,
          Severity.PASSED,
          0,
          Character.toUpperCase(clause.charAt(0)) + clause.substring(1) + ".",
          null,
          List.of());
    }
  }

  /**
   * A file.
   *
   * @param file its name
   * @param digest of its bytes
   * @param role what it is for
   * @param documents how many it has
   * @param used how many of them training or judging uses
   * @param subjectsPerDocument of the used documents, rolled up to the level; null if there are
   *     none
   * @param characters of text of a document; null if there are no documents
   * @param years of those that have one; null if none has
   * @param languages how many documents name each language
   * @param withoutLanguage how many name none
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record FileFacts(
      String file,
      Digest digest,
      Role role,
      int documents,
      int used,
      Distribution subjectsPerDocument,
      Distribution characters,
      Distribution years,
      Map<String, Integer> languages,
      int withoutLanguage) {}

  /** What a file is for. */
  public enum Role {
    /** To learn from. */
    @JsonProperty("Training")
    TRAINING,
    /** To choose thresholds on. */
    @JsonProperty("Validation")
    VALIDATION,
    /** To judge on. */
    @JsonProperty("Holdout")
    HOLDOUT
  }

  /** Some numbers: the smallest, their median (the lower one of two), mean, and the largest. */
  public record Distribution(int minimum, int median, double mean, int maximum) {
    /** Of at least one number; null if there is none. */
    static Distribution of(int[] numbers) {
      if (numbers.length == 0) {
        return null;
      }
      var sorted = numbers.clone();
      Arrays.sort(sorted);
      return new Distribution(
          sorted[0],
          sorted[(sorted.length - 1) / 2],
          Arrays.stream(sorted).average().orElseThrow(),
          sorted[sorted.length - 1]);
    }
  }

  /**
   * A level of the taxonomy.
   *
   * @param level 1 for the roots
   * @param subjects how many it has
   * @param withDocuments how many of them have training documents
   * @param withOne how many have one
   * @param withTwo how many have two
   * @param documents training documents of a subject, among those that have some; null if none has
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record LevelFacts(
      int level,
      int subjects,
      int withDocuments,
      int withOne,
      int withTwo,
      Distribution documents) {}

  /** How many used documents a subject has for each role. */
  public record SubjectFacts(
      String subject, int level, int training, int validation, int holdout) {}
}
