package hu.mtmt.besorol.datacheck;

import static hu.mtmt.besorol.datacheck.CheckedCorpus.finding;

import hu.mtmt.besorol.contract.DuplicatePolicy;
import hu.mtmt.besorol.corpus.TextGroups;
import hu.mtmt.besorol.datacheck.DataReport.Finding;
import hu.mtmt.besorol.datacheck.DataReport.Role;
import hu.mtmt.besorol.datacheck.DataReport.Severity;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What is found by comparing the texts of documents. */
final class TextFindings {
  private final CheckedCorpus corpus;
  private final TextGroups groups;
  private final DataCheck check;
  private final Examples judged;
  private final Examples almostJudged;
  private final Examples validated;
  private final Examples contradictions;
  private final Examples repeated;
  private long exactlyRepeated;

  TextFindings(CheckedCorpus corpus, TextGroups groups, DataCheck check) {
    this.corpus = corpus;
    this.groups = groups;
    this.check = check;
    this.judged = new Examples(check.examples());
    this.almostJudged = new Examples(check.examples());
    this.validated = new Examples(check.examples());
    this.contradictions = new Examples(check.examples());
    this.repeated = new Examples(check.examples());
    groups.groups().forEach(this::look);
  }

  private void look(int[] group) {
    for (int document : group) {
      compare(group, document);
      contradicts(document);
    }
  }

  /** Each document counts once, for the worst that can be said of it. */
  private void compare(int[] group, int document) {
    var role = corpus.role(document);
    if (role != Role.HOLDOUT) {
      int same = sameText(group, document, Role.HOLDOUT);
      if (same >= 0) {
        judged.add(() -> pair(document, "is", same));
        return;
      }
      int almost = any(group, Role.HOLDOUT);
      if (almost >= 0) {
        almostJudged.add(() -> pair(document, "is almost", almost));
        return;
      }
    }
    if (role == Role.VALIDATION) {
      int learnt = any(group, Role.TRAINING);
      if (learnt >= 0) {
        validated.add(() -> pair(document, almost(document, learnt), learnt));
        return;
      }
    }
    int first = any(group, role);
    if (first < document) {
      if (sameText(document, first)) {
        exactlyRepeated++;
      }
      repeated.add(() -> pair(document, almost(document, first), first));
    }
  }

  private String almost(int document, int other) {
    return sameText(document, other) ? "is" : "is almost";
  }

  private String pair(int document, String is, int other) {
    return "%s %s %s".formatted(corpus.place(document), is, corpus.place(other));
  }

  /** The first document of the group with that role, or -1. */
  private int any(int[] group, Role role) {
    return Arrays.stream(group).filter(d -> corpus.role(d) == role).findFirst().orElse(-1);
  }

  /** The first document of the group with that role and the same text, or -1. */
  private int sameText(int[] group, int document, Role role) {
    return Arrays.stream(group)
        .filter(d -> corpus.role(d) == role && sameText(document, d))
        .findFirst()
        .orElse(-1);
  }

  private boolean sameText(int a, int b) {
    return firstOfText(a) == firstOfText(b);
  }

  private int firstOfText(int document) {
    return groups.similarity(document) == 1 ? groups.twin(document) : document;
  }

  private void contradicts(int document) {
    int first = firstOfText(document);
    if (first != document
        && corpus.entry(document).used()
        && corpus.entry(first).used()
        && !Arrays.equals(corpus.entry(document).subjects(), corpus.entry(first).subjects())) {
      contradictions.add(
          () ->
              "%s, but of %s: %s"
                  .formatted(pair(document, "is", first), subjects(document), subjects(first)));
    }
  }

  private String subjects(int document) {
    return String.join(
        ", ",
        Arrays.stream(corpus.entry(document).subjects())
            .mapToObj(subject -> check.target().taxonomy().subject(subject).id())
            .toList());
  }

  List<Finding> findings() {
    boolean refused = check.duplicates() == DuplicatePolicy.REFUSE;
    return List.of(
        finding(
            Check.LEARNT_AND_JUDGED,
            refused ? Severity.REFUSED : Severity.WARNING,
            judged,
            "%s the text of one of test, which would prove nothing"
                .formatted(CheckedCorpus.have(judged)),
            refused
                ? "Remove them from one of the two, or train with --duplicates Drop, which leaves"
                    + " them out."
                : "Training leaves them out."),
        finding(
            Check.ALMOST_LEARNT_AND_JUDGED,
            Severity.WARNING,
            almostJudged,
            "%s almost the text of one of test: what is measured there is too good"
                .formatted(CheckedCorpus.have(almostJudged)),
            "Remove them from one of the two, or split anew with besorol data split."),
        finding(
            Check.LEARNT_AND_VALIDATED,
            Severity.WARNING,
            validated,
            "%s the same or almost the same text as one of train: thresholds are chosen on what is known by heart"
                .formatted(CheckedCorpus.have(validated)),
            "Remove them from one of the two, or split anew with besorol data split."),
        finding(
            Check.CONTRADICTIONS,
            Severity.WARNING,
            contradictions,
            "%s other subjects than one of the same text"
                .formatted(CheckedCorpus.have(contradictions)),
            "Have somebody decide which ones are right."),
        finding(
            Check.REPEATED_TEXTS,
            Severity.WARNING,
            repeated,
            String.format(
                Locale.ROOT,
                "%s the text of one before it in the same part: %,d exactly, %,d almost",
                CheckedCorpus.have(repeated),
                exactlyRepeated,
                repeated.count() - exactlyRepeated),
            "Remove all but one: they count more than others do."));
  }
}
