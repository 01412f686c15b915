package hu.mtmt.besorol.datacheck;

import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.corpus.DocumentFile;
import hu.mtmt.besorol.datacheck.DataReport.Distribution;
import hu.mtmt.besorol.datacheck.DataReport.FileFacts;
import hu.mtmt.besorol.datacheck.DataReport.Finding;
import hu.mtmt.besorol.datacheck.DataReport.Role;
import hu.mtmt.besorol.datacheck.DataReport.Severity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * What is kept of the documents of all files, numbered from 0 in their order, and what can be said
 * of them one by one.
 */
final class CheckedCorpus {
  /** As many characters of a document as the inference service takes by default. */
  private static final int LONG = 200_000;

  /** Before printing with movable type, there is nothing to sort. */
  private static final int EARLIEST_YEAR = 1450;

  private final DataCheck check;
  private final List<DataCheck.Input> inputs = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, Integer> firstOfId = new HashMap<>();
  private final Map<String, Integer> unknownSubjects = new TreeMap<>();
  private final Map<String, Integer> deprecatedSubjects = new TreeMap<>();
  private final Examples unreadable;
  private final Examples withUnknownSubjects;
  private final Examples withUnknownLanguage;
  private final Examples withDeprecatedSubjects;
  private final Examples withoutText;
  private final Examples withoutSubjects;
  private final Examples longTexts;
  private final Examples implausibleYears;

  CheckedCorpus(DataCheck check) {
    this.check = check;
    this.unreadable = new Examples(check.examples());
    this.withUnknownSubjects = new Examples(check.examples());
    this.withUnknownLanguage = new Examples(check.examples());
    this.withDeprecatedSubjects = new Examples(check.examples());
    this.withoutText = new Examples(check.examples());
    this.withoutSubjects = new Examples(check.examples());
    this.longTexts = new Examples(check.examples());
    this.implausibleYears = new Examples(check.examples());
  }

  /**
   * A document.
   *
   * @param input number of its file
   * @param line of the file, from 1
   * @param id or null
   * @param sameId an earlier document with that id, or -1
   * @param subjects those that are known, rolled up, ascending
   * @param used whether training or judging uses it
   * @param language or null
   * @param year or null
   * @param characters how much text it has
   */
  record Entry(
      int input,
      long line,
      String id,
      int sameId,
      int[] subjects,
      boolean used,
      String language,
      Integer year,
      int characters) {}

  /** From now on documents are of this file. */
  void begin(DataCheck.Input input) {
    inputs.add(input);
  }

  void unreadable(BesorolException problem) {
    unreadable.add(problem::getMessage);
  }

  int size() {
    return entries.size();
  }

  Entry entry(int document) {
    return entries.get(document);
  }

  List<Entry> entries() {
    return entries;
  }

  Role role(int document) {
    return role(entries.get(document));
  }

  Role role(Entry entry) {
    return inputs.get(entry.input()).role();
  }

  /** Where a document stands, and its id. */
  String place(int document) {
    return place(entries.get(document));
  }

  private String place(Entry entry) {
    return "%s:%d%s"
        .formatted(
            inputs.get(entry.input()).file().name(),
            entry.line(),
            entry.id() == null ? "" : " (" + entry.id() + ")");
  }

  void add(DocumentFile.Line line) {
    var document = line.document();
    var unknown = new ArrayList<String>();
    var deprecated = new ArrayList<String>();
    var known = new ArrayList<String>();
    var taxonomy = check.target().taxonomy();
    for (var id : document.subjects()) {
      int subject = taxonomy.indexOf(id);
      (subject < 0 ? unknown : known).add(id);
      if (subject >= 0 && taxonomy.subject(subject).deprecated()) {
        deprecated.add(id);
      }
    }
    boolean languageKnown =
        document.language() == null || check.languages().contains(document.language());
    boolean learnt = inputs.getLast().role() != Role.HOLDOUT;
    boolean empty = document.withoutText();
    int number = entries.size();
    Integer sameId = document.id() == null ? null : firstOfId.putIfAbsent(document.id(), number);
    var entry =
        new Entry(
            inputs.size() - 1,
            line.line(),
            document.id(),
            sameId == null ? -1 : sameId,
            check.target().rollUp(known),
            unknown.isEmpty() && languageKnown && !known.isEmpty() && !(learnt && empty),
            languageKnown && document.language() != null ? document.language().intern() : null,
            document.year(),
            characters(document));
    entries.add(entry);

    if (!unknown.isEmpty()) {
      unknown.forEach(id -> unknownSubjects.merge(id, 1, Integer::sum));
      withUnknownSubjects.add(() -> place(entry) + ": " + String.join(", ", unknown));
    }
    if (!deprecated.isEmpty()) {
      deprecated.forEach(id -> deprecatedSubjects.merge(id, 1, Integer::sum));
      withDeprecatedSubjects.add(() -> place(entry) + ": " + String.join(", ", deprecated));
    }
    if (!languageKnown) {
      withUnknownLanguage.add(() -> place(entry) + ": " + document.language());
    }
    if (empty) {
      withoutText.add(() -> place(entry));
    }
    if (document.subjects().isEmpty()) {
      withoutSubjects.add(() -> place(entry));
    }
    if (entry.characters() > LONG) {
      longTexts.add(() -> "%s: %,d characters".formatted(place(entry), entry.characters()));
    }
    if (entry.year() != null
        && (entry.year() < EARLIEST_YEAR || entry.year() > check.latestYear())) {
      implausibleYears.add(() -> place(entry) + ": " + entry.year());
    }
  }

  private static int characters(Document document) {
    return length(document.title())
        + length(document.abstractText())
        + length(document.journal())
        + document.keywords().stream().mapToInt(String::length).sum();
  }

  private static int length(String text) {
    return text == null ? 0 : text.length();
  }

  /** Each file by itself. */
  List<FileFacts> files() {
    var byInput =
        entries.stream().collect(Collectors.groupingBy(Entry::input, Collectors.toList()));
    var files = new ArrayList<FileFacts>();
    for (int i = 0; i < inputs.size(); i++) {
      files.add(facts(inputs.get(i), byInput.getOrDefault(i, List.of())));
    }
    return files;
  }

  private static FileFacts facts(DataCheck.Input input, List<Entry> documents) {
    var used = documents.stream().filter(Entry::used).toList();
    var languages = new TreeMap<String, Integer>();
    for (var document : documents) {
      if (document.language() != null) {
        languages.merge(document.language(), 1, Integer::sum);
      }
    }
    return new FileFacts(
        input.file().name(),
        input.file().digest(),
        input.role(),
        documents.size(),
        used.size(),
        distribution(used, document -> document.subjects().length),
        distribution(documents, Entry::characters),
        distribution(
            documents.stream().filter(document -> document.year() != null).toList(), Entry::year),
        languages,
        (int) documents.stream().filter(document -> document.language() == null).count());
  }

  private static Distribution distribution(List<Entry> documents, ToIntFunction<Entry> number) {
    return Distribution.of(documents.stream().mapToInt(number).toArray());
  }

  /** What can be said of documents one by one. */
  List<Finding> findings() {
    return List.of(
        finding(
            Check.UNREADABLE_LINES,
            Severity.REFUSED,
            unreadable,
            "%s no document".formatted(are(unreadable, "line")),
            "Write one JSON object a line, as docs/data.md has it."),
        finding(
            Check.UNKNOWN_SUBJECTS,
            Severity.REFUSED,
            withUnknownSubjects,
            "%s subjects that the taxonomy lacks: %s"
                .formatted(have(withUnknownSubjects), counted(unknownSubjects)),
            "Add them to the taxonomy, or correct the documents."),
        finding(
            Check.UNKNOWN_LANGUAGES,
            Severity.REFUSED,
            withUnknownLanguage,
            "%s a language that is not of ISO 639-1".formatted(have(withUnknownLanguage)),
            "Write two letters such as hu, or leave it out."),
        finding(
            Check.DEPRECATED_SUBJECTS,
            Severity.WARNING,
            withDeprecatedSubjects,
            "%s deprecated subjects: %s"
                .formatted(have(withDeprecatedSubjects), counted(deprecatedSubjects)),
            "Give these documents the subjects that replace them, or they will be suggested."),
        finding(
            Check.WITHOUT_TEXT,
            Severity.WARNING,
            withoutText,
            "%s no text".formatted(have(withoutText)),
            "Training leaves them out, and judging counts them as answered with nothing: add their"
                + " titles."),
        finding(
            Check.WITHOUT_SUBJECTS,
            Severity.WARNING,
            withoutSubjects,
            "%s no subjects".formatted(have(withoutSubjects)),
            "They are left out, because it is not known which ones they have: add them."),
        finding(
            Check.LONG_TEXTS,
            Severity.WARNING,
            longTexts,
            "%s more than %,d characters of text".formatted(have(longTexts), LONG),
            "Give abstracts, not full texts: the service takes no more than that by default."),
        repeatedIds(),
        finding(
            Check.IMPLAUSIBLE_YEARS,
            Severity.WARNING,
            implausibleYears,
            "%s a year before %d or after %d"
                .formatted(have(implausibleYears), EARLIEST_YEAR, check.latestYear()),
            "Correct the years: figures by year will be wrong."));
  }

  private Finding repeatedIds() {
    var repeated = new Examples(check.examples());
    for (var entry : entries) {
      if (entry.sameId() >= 0) {
        repeated.add(() -> "%s has the id of %s".formatted(place(entry), place(entry.sameId())));
      }
    }
    return finding(
        Check.REPEATED_IDS,
        Severity.WARNING,
        repeated,
        "%s the id of another".formatted(have(repeated)),
        "Give each document an id of its own: reports name documents by it.");
  }

  /** What was found, or that nothing was. */
  static Finding finding(
      Check check, Severity severity, Examples examples, String clause, String remedy) {
    return examples.isEmpty()
        ? Finding.passed(check)
        : new Finding(check, severity, examples.count(), clause + ".", remedy, examples.first());
  }

  private static String are(Examples examples, String noun) {
    return examples.count() == 1
        ? "1 " + noun + " is"
        : String.format(Locale.ROOT, "%,d %ss are", examples.count(), noun);
  }

  /** "3 documents have". */
  static String have(Examples examples) {
    return examples.count() == 1
        ? "1 document has"
        : String.format(Locale.ROOT, "%,d documents have", examples.count());
  }

  /** The most frequent ones with their counts. */
  private String counted(Map<String, Integer> counts) {
    var named =
        counts.entrySet().stream()
            .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
            .limit(check.examples())
            .map(e -> "%s (%d)".formatted(e.getKey(), e.getValue()))
            .collect(Collectors.joining(", "));
    return counts.size() > check.examples() ? named + ", …" : named;
  }
}
