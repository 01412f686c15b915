package hu.mtmt.besorol.classifiers.labelmatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hu.mtmt.besorol.classifiers.ClassifierFamilies;
import hu.mtmt.besorol.classifiers.Example;
import hu.mtmt.besorol.classifiers.Labels;
import hu.mtmt.besorol.classifiers.Query;
import hu.mtmt.besorol.classifiers.Scorer;
import hu.mtmt.besorol.classifiers.Scores;
import hu.mtmt.besorol.classifiers.ToyCorpus;
import hu.mtmt.besorol.classifiers.Trainings;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.LabelMatchParameters;
import hu.mtmt.besorol.contract.Reason;
import hu.mtmt.besorol.corpus.Document;
import hu.mtmt.besorol.taxonomy.Subject;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import hu.mtmt.besorol.taxonomy.Taxonomy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelMatchFamilyTest {
  private static final LabelMatchParameters DEFAULTS =
      Trainings.parameters(LabelMatchParameters.class, "{}");

  private static final Taxonomy SCIENCES =
      Taxonomy.of(
          List.of(
              new Subject("physics", null, "Physics"),
              new Subject("optics", "physics", "Optics"),
              new Subject("quantum", "physics", "Quantum Optics"),
              subject("forests", Map.of("en", "Forestry", "hu", "Erdészeti tudományok")),
              new Subject(
                  "ai",
                  null,
                  Map.of("en", "Artificial Intelligence"),
                  Map.of("en", List.of("Machine Learning")),
                  Map.of("en", "Neural networks, planning, and reasoning under uncertainty."),
                  false),
              new Subject("school", null, "Learning"),
              new Subject("sets", null, "Statistics, Probability")));

  @TempDir Path scratch;

  private static Subject subject(String id, Map<String, String> labels) {
    return new Subject(id, null, labels, null, null, false);
  }

  private static ToyCorpus corpus(Taxonomy taxonomy, Integer level, List<Example> learnt) {
    var target = new TargetLevel(taxonomy, level);
    var subjects = IntStream.range(0, taxonomy.size()).filter(target::contains).toArray();
    return new ToyCorpus(new Labels(target, subjects), learnt, List.of(), List.of());
  }

  private Scorer trained(LabelMatchParameters parameters, ToyCorpus corpus) {
    var trainings = new Trainings<>(parameters, corpus, scratch);
    return trainings.load(trainings.train(Trainings.context(2)));
  }

  private Scorer untrained(Taxonomy taxonomy) {
    return trained(DEFAULTS, corpus(taxonomy, null, List.of()));
  }

  private static Document document(String title, String language) {
    return new Document("d", title, null, List.of(), null, language, null, List.of());
  }

  private static Map<String, Float> scores(Scorer scorer, Taxonomy taxonomy, Document document) {
    var scores = new Scores();
    try (var query = new Query(document)) {
      scorer.score(query, scores);
    }
    var byId = new TreeMap<String, Float>();
    for (int i = 0; i < scores.size(); i++) {
      byId.put(taxonomy.subject(scores.label(i)).id(), scores.value(i));
    }
    return byId;
  }

  private static Map<String, Float> english(Scorer scorer, String title) {
    return scores(scorer, SCIENCES, document(title, "en"));
  }

  @Test
  void proposesSubjectsThatNoTrainingDocumentHas() {
    assertThat(ClassifierFamilies.proposesUnlearnt(DEFAULTS)).isTrue();
    var learnt = new ArrayList<Example>();
    for (int i = 0; i < 30; i++) {
      learnt.add(new Example(document("A study of optics and lenses " + i, "en"), new int[] {1}));
      learnt.add(new Example(document("Artificial intelligence at " + i, "en"), new int[] {4}));
    }
    var scorer = trained(DEFAULTS, corpus(SCIENCES, null, learnt));

    var scores = english(scorer, "Quantum optics of cold atoms");
    assertThat(scores.get("quantum")).isGreaterThan(0).isGreaterThan(scores.get("optics"));
  }

  @Test
  void namesOfDeprecatedSubjectsSayNothing() {
    var labels = Map.of("en", "Alchemy");
    var taxonomy =
        Taxonomy.of(
            List.of(
                new Subject("chemistry", null, "Chemistry"),
                new Subject("alchemy", null, labels, null, null, true),
                new Subject("stone", "alchemy", "Philosopher's stone"),
                new Subject("old", "chemistry", Map.of("en", "Iatrochemistry"), null, null, true)));
    var text =
        document("From alchemy and iatrochemistry to chemistry: the philosopher's stone", "en");
    var learnt = List.of(new Example(text, new int[] {0}), new Example(text, new int[] {1}));

    var whole = trained(DEFAULTS, corpus(taxonomy, null, learnt));
    assertThat(scores(whole, taxonomy, text)).containsOnlyKeys("stone", "chemistry");
    // what is below a level speaks for the ancestor on it, unless that is deprecated
    var roots = trained(DEFAULTS, corpus(taxonomy, 1, List.of()));
    assertThat(scores(roots, taxonomy, document("Iatrochemistry", "en"))).containsKey("chemistry");
    assertThat(scores(roots, taxonomy, document("Philosopher's stone", "en"))).isEmpty();
  }

  @Test
  void matchesWithoutAnyTrainingDocument() {
    var scorer = untrained(SCIENCES);

    var scores = english(scorer, "On the artificial intelligence of machines");
    assertThat(scores).containsOnlyKeys("ai");
    assertThat(scores.get("ai")).isPositive();
    assertThat(english(scorer, "Nothing of that kind")).isEmpty();
    assertThat(english(scorer, "")).isEmpty();
  }

  @Test
  void wordsInAnotherOrderOrApartCountLess() {
    var scorer = untrained(SCIENCES);

    float together = english(scorer, "Experiments in quantum optics today").get("quantum");
    float turned = english(scorer, "Experiments in optics, quantum today").get("quantum");
    float apart =
        english(scorer, "Quantum experiments that were made today with optics").get("quantum");
    assertThat(together).isGreaterThan(turned);
    assertThat(turned).isGreaterThan(apart);
  }

  @Test
  void aWordWithinALongerNameDoesNotOccur() {
    var scorer = untrained(SCIENCES);

    float within = english(scorer, "Machine learning").get("school");
    float alone = english(scorer, "Machines learning").get("school");
    float itself = english(scorer, "Learning").get("school");
    assertThat(within).isEqualTo(alone).isLessThan(itself); // machines are stemmed to machine
  }

  @Test
  void inflectedFormsAreFoundInTheLanguageOfTheDocument() {
    var scorer = untrained(SCIENCES);
    var hungarian = document("Az erdészeti tudományokról és az optics szóról", "hu");

    assertThat(scores(scorer, SCIENCES, hungarian)).containsKeys("forests", "optics");
    assertThat(scores(scorer, SCIENCES, document("Az erdészeti tudományokról", "en"))).isEmpty();
    assertThat(scores(scorer, SCIENCES, document("Forestry", "hu"))).isEmpty();
    assertThat(scores(scorer, SCIENCES, document("Optics", "pl"))).containsKey("optics");
  }

  @Test
  void otherNamesPartsAndDescriptionsSpeakForASubject() {
    var scorer = untrained(SCIENCES);

    assertThat(english(scorer, "Machine learning")).containsKey("ai");
    assertThat(english(scorer, "Probability")).containsKey("sets");
    assertThat(english(scorer, "Reasoning and planning")).containsKey("ai");
    var without = Trainings.parameters(LabelMatchParameters.class, "{\"descriptions\": false}");
    var undescribed = trained(without, corpus(SCIENCES, null, List.of()));
    assertThat(english(undescribed, "Reasoning and planning")).isEmpty();
  }

  @Test
  void narrowerSubjectsSpeakForTheirAncestorOnTheLevel() {
    var scorer = trained(DEFAULTS, corpus(SCIENCES, 1, List.of()));
    var scores = new Scores();
    try (var query = new Query(document("Quantum optics", "en"))) {
      scorer.score(query, scores);
      assertThat(scores.size()).isEqualTo(1);
      assertThat(scores.label(0)).isZero();
      assertThat(scorer.explain(query, 0, 5).getFirst().text()).isEqualTo("Quantum Optics");
    }
  }

  @Test
  void namesTheLabelThatDecided() {
    var scorer = untrained(SCIENCES);
    try (var query = new Query(document("Machine learning, artificial minds", "en"))) {
      var reasons = scorer.explain(query, SCIENCES.indexOf("ai"), 5);

      assertThat(reasons.getFirst().kind()).isEqualTo(Reason.Kind.LABEL);
      assertThat(reasons).extracting(Reason::text).startsWith("Machine Learning");
      assertThat(reasons.getFirst().weight()).isPositive();
      assertThat(scorer.explain(query, SCIENCES.indexOf("physics"), 5)).isEmpty();
    }
  }

  @Test
  void aNameOfVeryManySubjectsSaysNothing() {
    var subjects = new ArrayList<Subject>();
    for (int i = 0; i <= LabelIndexBuilder.MOST_SUBJECTS; i++) {
      subjects.add(new Subject("s" + i, null, "Other"));
    }
    subjects.add(new Subject("music", null, "Music"));

    var scorer = untrained(Taxonomy.of(subjects));
    assertThat(scores(scorer, Taxonomy.of(subjects), document("Other music", "en")))
        .containsOnlyKeys("music");
  }

  @Test
  void occurrencesAreThoseOfANaiveSearch() throws IOException {
    var random = new SplittableRandom(3);
    var names = new ArrayList<String>();
    var subjects = new ArrayList<Subject>();
    while (names.size() < 60) {
      var name = words(random, random.nextInt(1, 5));
      if (!names.contains(name)) {
        subjects.add(new Subject("s" + names.size(), null, name));
        names.add(name);
      }
    }
    var file = scratch.resolve("index");
    LabelIndexBuilder.write(
        file, new TargetLevel(Taxonomy.of(subjects), null), true, List.of(), "en");
    var index = LabelIndex.map(file);
    var matcher = new Matcher(index, "en");
    for (int round = 0; round < 50; round++) {
      var text = words(random, 40);
      matcher.match(document(text, "en"), null);

      assertThat(occurrences(index, matcher)).isEqualTo(naiveOccurrences(names, text));
    }
  }

  private static String words(SplittableRandom random, int length) {
    return String.join(
        " ", random.ints(length, 0, 6).mapToObj(w -> "w" + (char) ('a' + w)).toList());
  }

  private static Map<String, Integer> occurrences(LabelIndex index, Matcher matcher) {
    var occurrences = new TreeMap<String, Integer>();
    for (int i = 0; i < matcher.found(); i++) {
      int phrase = matcher.phrase(i);
      if (matcher.occurrences(phrase) > 0) {
        occurrences.put(index.text(index.firstName(phrase)), matcher.occurrences(phrase));
      }
    }
    return occurrences;
  }

  private static Map<String, Integer> naiveOccurrences(List<String> names, String text) {
    var occurrences = new TreeMap<String, Integer>();
    int covered = 0;
    for (int start = 0; start < text.length(); start += 3) {
      String longest = "";
      for (var name : names) {
        if ((text + " ").startsWith(name + " ", start) && name.length() > longest.length()) {
          longest = name;
        }
      }
      if (!longest.isEmpty() && start + longest.length() > covered) {
        covered = start + longest.length();
        occurrences.merge(longest, 1, Integer::sum);
      }
    }
    return occurrences;
  }

  /** Every subject is named in some of its documents. */
  private static ToyCorpus named() {
    var random = new SplittableRandom(9);
    var subjects = new ArrayList<Subject>();
    var learnt = new ArrayList<Example>();
    for (int s = 0; s < 26; s++) {
      subjects.add(new Subject("s" + s, null, "x" + (char) ('a' + s) + " y" + (char) ('a' + s)));
    }
    for (int d = 0; d < 900; d++) {
      int named = random.nextInt(26);
      var text = subjects.get(named).label("en") + " " + words(random, 9);
      int right = named % 2 == 0 ? named : random.nextInt(26);
      learnt.add(new Example(document(text, "en"), new int[] {right}));
    }
    return corpus(Taxonomy.of(subjects), null, learnt);
  }

  @Test
  void learnsWhichNamesCanBeTrusted() {
    var corpus = named();
    var scorer = trained(DEFAULTS, corpus);
    var taxonomy = corpus.labels().target().taxonomy();

    var trusted = scores(scorer, taxonomy, document("xc yc", "en"));
    var untrusted = scores(scorer, taxonomy, document("xd yd", "en"));
    assertThat(trusted.get("s2")).isGreaterThan(1);
    assertThat(untrusted.get("s3")).isLessThan(-1);
  }

  @Test
  void threadsDoNotMatter() {
    new Trainings<>(DEFAULTS, named(), scratch).threadsDoNotMatter();
  }

  @Test
  void stoppingDoesNotMatter() {
    new Trainings<>(DEFAULTS, named(), scratch).stoppingDoesNotMatter();
  }

  @Test
  void refusesFilesThatAreNotItsOwn() throws IOException {
    var trainings = new Trainings<>(DEFAULTS, corpus(SCIENCES, null, List.of()), scratch);
    var directory = trainings.train(Trainings.context(1));
    var file = directory.resolve(LabelIndex.FILE);
    var bytes = Files.readAllBytes(file);

    Files.write(file, Arrays.copyOf(bytes, 40));
    assertThatThrownBy(() -> trainings.load(directory))
        .isInstanceOf(BesorolException.class)
        .hasMessageContaining("labels.bin is cut off");
    bytes[0]++;
    Files.write(file, bytes);
    assertThatThrownBy(() -> trainings.load(directory))
        .isInstanceOf(BesorolException.class)
        .hasMessageContaining("labels.bin is not a file of this format");
  }
}
