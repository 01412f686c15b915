package hu.mtmt.besorol.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data of shapes that nobody had in mind: they are learnt, or refused with a reason. */
class UnusualDataTest {
  private final ObjectMapper mapper = new ObjectMapper();

  @TempDir private Path directory;
  private TinyCorpus corpus;

  @BeforeEach
  void writeCorpus() {
    corpus = TinyCorpus.in(directory.resolve("data"), 6);
  }

  private String output() {
    return directory.resolve("model").toString();
  }

  private CommandRun train(String... more) {
    var arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--algorithm",
                "Linear",
                "--data",
                corpus.directory().toString(),
                "--output",
                output(),
                "--quiet"));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray(String[]::new));
  }

  private List<String> subjects(String document, String... options) throws IOException {
    var arguments = new ArrayList<>(List.of("suggest", output()));
    arguments.addAll(List.of(options));
    var run = CommandRun.with(document + "\n", null, arguments.toArray(String[]::new));
    assertThat(run.code()).as(run.err()).isZero();
    var subjects = new ArrayList<String>();
    mapper
        .readTree(run.out())
        .get("suggestions")
        .forEach(s -> subjects.add(s.get("subject").textValue()));
    return subjects;
  }

  private void delete(String file) throws IOException {
    Files.delete(corpus.file(file));
  }

  /** Where a share is split off, the only document of a subject is never in it. */
  @Test
  void learnsASubjectOfOneDocument() throws IOException {
    delete("validation.jsonl");
    var lines = corpus.lines("train.jsonl");
    lines.add(TinyCorpus.document(ofAll(), "A"));
    corpus.write("train.jsonl", lines);
    for (int seed = 1; seed <= 3; seed++) {
      var run = train("--seed", Integer.toString(seed), "--validation-fraction", "0.3");
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.out()).contains("7 of 8 in the taxonomy");
      assertThat(subjects(TinyCorpus.document(ofAll()), "--limit", "7")).hasSize(7).contains("A");
      try (var files = Files.walk(Path.of(output()))) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static String ofAll() {
    return IntStream.range(0, 6)
        .mapToObj(subject -> TinyCorpus.word(subject, subject))
        .collect(Collectors.joining(" "));
  }

  @Test
  void answersWhatAllDocumentsHave() throws IOException {
    for (var part : List.of("train", "validation", "test")) {
      corpus.write(
          part + ".jsonl",
          corpus.lines(part + ".jsonl").stream()
              .map(line -> line.replaceFirst("\"subjects\":.*", "\"subjects\":[\"A.0\",\"B.1\"]}"))
              .toList());
    }
    var run = train();
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(subjects(TinyCorpus.document("%s %s".formatted(TinyCorpus.word(2, 1), "x"))))
        .containsExactlyInAnyOrder("A.0", "B.1");
    assertThat(run.out()).containsPattern("StrictF1 +1[.]0000");
  }

  /** The commonest shape of a large thesaurus: many subjects, hardly any documents of each. */
  @Test
  void learnsManySubjectsOfTwoDocumentsEach() throws IOException {
    int subjects = 1_000;
    var taxonomy = new ArrayList<String>();
    var documents = new ArrayList<String>();
    for (int s = 0; s < subjects; s++) {
      taxonomy.add("{\"id\":\"s%d\",\"label\":\"Subject %d\"}".formatted(s, s));
      for (int d = 0; d < 2; d++) {
        documents.add(
            TinyCorpus.document("term%d thing%d common part%d".formatted(s, s, d), "s" + s));
      }
    }
    delete("validation.jsonl");
    delete("test.jsonl");
    corpus.write("taxonomy.jsonl", taxonomy).write("train.jsonl", documents);
    var run = train();
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(subjects("{\"title\":\"thing777 and term777\"}", "--limit", "1"))
        .containsExactly("s777");
  }

  /** Six levels and 3,000 subjects, of which 60 have documents, on every level some. */
  @Test
  void learnsTheFewSubjectsOfADeepTaxonomyThatHaveDocuments() throws IOException {
    var taxonomy = new ArrayList<String>();
    var random = new Random(1);
    var level = new int[3_000];
    for (int s = 0; s < level.length; s++) {
      int parent = -1;
      if (s >= 6) {
        do {
          parent = random.nextInt(s);
        } while (level[parent] == 6);
      }
      level[s] = parent < 0 ? 1 : level[parent] + 1;
      taxonomy.add(
          "{\"id\":\"s%d\",\"label\":\"Subject %d\"%s}"
              .formatted(s, s, parent < 0 ? "" : ",\"parent\":\"s%d\"".formatted(parent)));
    }
    var documents = new ArrayList<String>();
    var holdout = new ArrayList<String>();
    for (int s = 0; s < level.length; s += 50) {
      for (int d = 0; d < 6; d++) {
        documents.add(TinyCorpus.document("term%d thing%d part%d".formatted(s, s, d), "s" + s));
      }
      holdout.add(TinyCorpus.document("term%d is a thing%d".formatted(s, s), "s" + s));
    }
    delete("validation.jsonl");
    corpus
        .write("taxonomy.jsonl", taxonomy)
        .write("train.jsonl", documents)
        .write("test.jsonl", holdout);
    var run = train();
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("60 of 3000 in the taxonomy", "level 6");
    assertThat(CommandRun.of("evaluate", output(), "--data", corpus.file("test.jsonl").toString()))
        .satisfies(r -> assertThat(r.code()).as(r.err()).isZero())
        .satisfies(r -> assertThat(r.out()).contains("on 60 documents", "StrictF1"));
  }

  /** A whole book, and every n-gram of 3 to 5 characters of them. */
  @Test
  void learnsTextsOfAMegabyteByCharacters() throws IOException {
    var lines = new ArrayList<>(corpus.lines("train.jsonl").subList(0, 24));
    lines.set(0, TinyCorpus.document(book(0), "A.0"));
    corpus.write("train.jsonl", lines);
    var printed =
        (ObjectNode)
            mapper.readTree(
                CommandRun.of(
                        "train",
                        "--algorithm",
                        "Linear",
                        "--data",
                        corpus.directory().toString(),
                        "--print-plan")
                    .out());
    var features = (ObjectNode) printed.at("/algorithm/linear/features");
    features.putObject("characters").put("minimum", 3).put("maximum", 5);
    var plan = Files.writeString(directory.resolve("plan.json"), printed.toString());
    var run = CommandRun.of("train", "--plan", plan.toString(), "--output", output(), "--quiet");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(subjects("{\"title\":\"%s\"}".formatted(book(0)), "--limit", "1"))
        .containsExactly("A.0");
  }

  private static String book(int subject) {
    var random = new Random(subject);
    var text = new StringBuilder();
    while (text.length() < 1_000_000) {
      text.append(
          random.nextInt(3) == 0
              ? TinyCorpus.word(subject, random.nextInt(6))
              : Integer.toString(random.nextInt(10_000_000), 36));
      text.append(' ');
    }
    return text.toString();
  }

  @Test
  void aCheckpointOfAnotherPlanIsNotUsed() throws IOException {
    var checkpoints = directory.resolve("checkpoints").toString();
    assertThat(train("--checkpoints", checkpoints, "--seed", "1").code()).isZero();
    var first = Files.readString(Path.of(output(), "model.json"));
    for (var change : List.of(List.of("--seed", "2"), List.of("--level", "1", "--seed", "1"))) {
      var other = directory.resolve("other" + change.hashCode());
      var alone = directory.resolve("alone" + change.hashCode());
      var options = new ArrayList<>(change);
      options.addAll(List.of("--checkpoints", checkpoints));
      assertThat(trainTo(other, options).code()).isZero();
      assertThat(trainTo(alone, change).code()).isZero();
      assertThat(Files.readString(other.resolve("model.json")))
          .isNotEqualTo(first)
          .isEqualTo(Files.readString(alone.resolve("model.json")));
    }
  }

  private CommandRun trainTo(Path output, List<String> options) {
    var arguments =
        new ArrayList<>(
            List.of(
                "train",
                "--algorithm",
                "Linear",
                "--data",
                corpus.directory().toString(),
                "--quiet",
                "--output",
                output.toString()));
    arguments.addAll(options);
    return CommandRun.of(arguments.toArray(String[]::new));
  }
}
