package hu.mtmt.besorol.trainer.data;

import hu.mtmt.besorol.classifiers.CancelledException;
import hu.mtmt.besorol.classifiers.text.Languages;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.DuplicatePolicy;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.corpus.DocumentFile;
import hu.mtmt.besorol.corpus.Duplicates;
import hu.mtmt.besorol.corpus.Fingerprint;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Reads files of documents and checks every document of them:
 *
 * <ul>
 *   <li>unknown subjects and languages are refused, all of a file at once with their lines;
 *   <li>documents without subjects are left out everywhere and counted: which ones they have is not
 *       known;
 *   <li>documents without text are left out of what is learnt from and counted; in a holdout they
 *       stay, because the database will send such ones too;
 *   <li>documents to learn from that are in the holdout too are refused or dropped and counted.
 * </ul>
 *
 * @param target the subjects that are told apart
 * @param cancelled whether to stop with a {@link CancelledException}
 */
public record PartReader(TargetLevel target, BooleanSupplier cancelled) {

  /**
   * What differs between documents to learn from and documents to judge on.
   *
   * @param withText whether documents without text are left out
   * @param holdout documents that must not be among them, or null
   * @param policy what happens to those that are
   */
  private record Checks(boolean withText, Duplicates holdout, DuplicatePolicy policy) {
    boolean isDuplicate(Document document) {
      return holdout != null && holdout.contains(document);
    }
  }

  /**
   * Reads documents to judge on.
   *
   * @throws BesorolException with all places if there is something wrong with them
   */
  public Part holdout(DocumentFile file) {
    return notEmpty(read(file, new Checks(false, null, null), new TreeMap<>()).build(file));
  }

  /**
   * Reads documents to learn from.
   *
   * @param holdout the documents that must not be learnt, or null
   * @param policy what happens to those that are
   * @param fraction share of the documents that is split off for validation, 0 for none
   * @param seed of that choice
   * @param languages gets, for each language, how many documents are in it
   * @throws BesorolException with all places if there is something wrong with them
   */
  Part learning(
      DocumentFile file,
      Duplicates holdout,
      DuplicatePolicy policy,
      double fraction,
      long seed,
      Map<String, Integer> languages) {
    var part = read(file, new Checks(true, holdout, policy), languages);
    return notEmpty(fraction == 0 ? part.build(file) : part.build(file, fraction, seed));
  }

  private Part.Builder read(DocumentFile file, Checks checks, Map<String, Integer> languages) {
    var part = new Part.Builder();
    var problems = file.problems();
    boolean duplicates = false;
    try (var lines = file.lines()) {
      for (var iterator = lines.iterator(); iterator.hasNext(); ) {
        if (cancelled.getAsBoolean()) {
          throw new CancelledException();
        }
        var line = iterator.next();
        var document = line.document();
        var problem = problem(document);
        if (problem != null) {
          problems.add(line.line(), problem);
        } else if (document.subjects().isEmpty()) {
          part.leaveOutWithoutSubjects();
        } else if (checks.withText() && document.withoutText()) {
          part.leaveOutWithoutText();
        } else if (checks.isDuplicate(document)) {
          duplicates = true;
          part.leaveOutDuplicate();
        } else {
          if (document.language() != null) {
            languages.merge(document.language(), 1, Integer::sum);
          }
          part.use(line.line(), target.rollUp(document.subjects()), Fingerprint.identity(document));
        }
      }
    }
    problems.throwIfAny();
    if (duplicates) {
      checks.holdout().check(file, checks.policy());
    }
    return part;
  }

  /** What is wrong with the subjects of a document, or null. */
  static String unknownSubjects(TargetLevel target, Document document) {
    var unknown =
        document.subjects().stream()
            .filter(id -> target.taxonomy().indexOf(id) < 0)
            .map(id -> "'" + id + "'")
            .toList();
    return unknown.isEmpty()
        ? null
        : "the taxonomy has no subject %s: add it there or correct the document"
            .formatted(String.join(" and no ", unknown));
  }

  private String problem(Document document) {
    var unknown = unknownSubjects(target, document);
    if (unknown != null) {
      return unknown;
    }
    return document.language() == null || Languages.isKnown(document.language())
        ? null
        : "'%s' is no language of ISO 639-1: write two letters such as hu, or leave it out"
            .formatted(document.language());
  }

  private static Part notEmpty(Part part) {
    if (part.size() == 0) {
      var leftOut = part.counts().leftOut();
      throw BesorolException.data(
          leftOut.isEmpty()
              ? "%s has no documents: write one JSON object a line, with title, abstract and subjects."
                  .formatted(part.name())
              : "%s has no document that can be used (left out: %s): documents need text and subjects."
                  .formatted(part.name(), leftOut));
    }
    return part;
  }
}
