package hu.mtmt.besorol.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import hu.mtmt.besorol.corpus.DocumentFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCommandTest {
  @TempDir private Path directory;
  private TinyCorpus corpus;

  @BeforeEach
  void writeCorpus() {
    corpus = TinyCorpus.in(directory.resolve("data"), 6);
  }

  private String data() {
    return corpus.directory().toString();
  }

  @Test
  void helpTeaches() {
    assertThat(CommandRun.of("data", "--help").out()).startsWith("Usage: besorol data ");
    assertThat(CommandRun.of("data", "check", "--help").out())
        .startsWith("Usage: besorol data check")
        .contains("besorol data check --data corpus");
    CommandRun.of("data").assertFailed(2, "Say what to do: one of check, split");
    CommandRun.of("data", "chek").assertFailed(2, "check");
  }

  @Test
  void findsNothingWrongWithGoodData() {
    var run = CommandRun.of("data", "check", "--data", data(), "--no-noise");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .containsPattern("train[.]jsonl +120 +120 +1/1/2 ")
        .containsPattern("level 2 +6 +6 +0 +0 ")
        .contains("✓ Lines can all be read.", "Nothing is wrong with these data.")
        .doesNotContain("✗", "! ");
    assertThat(CommandRun.of("data", "check", "--data", data(), "--quiet").err()).isEmpty();
  }

  /** The check refuses exactly what training refuses. */
  @Test
  void refusesWhatTrainingRefuses() {
    corpus.replace("train.jsonl", 3, TinyCorpus.document("one of many", "A.0", "Z.9"));
    corpus.replace("train.jsonl", 5, corpus.lines("test.jsonl").getFirst());
    var run = CommandRun.of("data", "check", "--data", data(), "--limit", "1");
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out())
        .contains("✗ 1 document has subjects that the taxonomy lacks: Z.9 (1).")
        .contains("train.jsonl:3: Z.9")
        .contains("✗ 1 document has the text of one of test")
        .contains("Training would refuse these data: see each ✗.");
    CommandRun.of(
            "train", "--data", data(), "--quiet", "--output", directory.resolve("m").toString())
        .assertFailed(3, "train.jsonl:3: the taxonomy has no subject 'Z.9'");

    corpus.replace("train.jsonl", 3, TinyCorpus.document("one of many", "A.0"));
    assertThat(CommandRun.of("data", "check", "--data", data()).code()).isEqualTo(3);
    assertThat(
            CommandRun.of("data", "check", "--data", data(), "--duplicates", "Drop", "--no-noise"))
        .satisfies(r -> assertThat(r.code()).isZero())
        .satisfies(
            r -> assertThat(r.out()).contains("Training takes these data, with 2 warnings."));
  }

  @Test
  void checksFilesByThemselvesAndWritesTheReport() throws IOException {
    var json = directory.resolve("report.json");
    var run =
        CommandRun.of(
            "data",
            "check",
            "--taxonomy",
            corpus.file("taxonomy.jsonl").toString(),
            corpus.file("train.jsonl").toString(),
            corpus.file("test.jsonl").toString(),
            "--no-noise",
            "--json",
            json.toString());
    assertThat(run.code()).as(run.err()).isZero();
    var report = new ObjectMapper().readTree(Files.readAllBytes(json));
    assertThat(report.get("verdict").textValue()).isEqualTo("Passed");
    assertThat(report.at("/files/1/role").textValue()).isEqualTo("Training");
    assertThat(report.at("/files/1/documents").intValue()).isEqualTo(48);
    assertThat(report.at("/subjects/2/training").intValue()).isGreaterThanOrEqualTo(28);
    assertThat(report.get("findings")).allMatch(f -> f.get("count").longValue() == 0);
  }

  @Test
  void saysWhatIsMissing() {
    CommandRun.of("data", "check").assertFailed(2, "give --data DIR");
    CommandRun.of("data", "check", corpus.file("train.jsonl").toString())
        .assertFailed(2, "give --taxonomy FILE");
    CommandRun.of("data", "check", "--data", data(), "x.jsonl").assertFailed(2, "not both");
    CommandRun.of("data", "check", "--data", data(), "--limit", "-1")
        .assertFailed(2, "--limit must be at least 0");
    CommandRun.of("data", "check", "--data", data(), "--level", "0")
        .assertFailed(2, "--level must be at least 1");
    CommandRun.of("data", "check", "--data", directory.resolve("none").toString())
        .assertFailed(3, "is not a directory");
  }

  /** A subject that another is written for is found, with what should be there. */
  @Test
  void findsWrongSubjects() throws IOException {
    var lines = new ArrayList<String>();
    for (int i = 0; i < 120; i++) {
      int subject = i % 6;
      lines.add(
          TinyCorpus.document(
              "%s %s number%d"
                  .formatted(TinyCorpus.word(subject, i / 6 % 5), TinyCorpus.word(subject, 5), i),
              TinyCorpus.id(i == 7 ? 4 : subject)));
    }
    corpus.write("train.jsonl", lines);
    var run = CommandRun.of("data", "check", "--data", data(), "--threads", "2");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("! 1 document of train may have wrong subjects")
        .containsPattern("train[.]jsonl:8: hardly A[.]4 [(]0[.]0\\d\\d[)]");
    assertThat(run.err()).contains("  training");

    lines.set(7, TinyCorpus.document("said to be of a subject that is not there", "Z.9"));
    corpus.write("train.jsonl", lines);
    assertThat(CommandRun.of("data", "check", "--data", data(), "--noise").out())
        .contains("✗ 1 document has subjects that the taxonomy lacks")
        .doesNotContain("wrong subjects");
  }

  private CommandRun split(String output, String... more) {
    var arguments =
        Stream.of(
            "data",
            "split",
            "--input",
            corpus.file("train.jsonl").toString(),
            corpus.file("test.jsonl").toString(),
            "--taxonomy",
            corpus.file("taxonomy.jsonl").toString(),
            "--output",
            directory.resolve(output).toString());
    return CommandRun.of(Stream.concat(arguments, Stream.of(more)).toArray(String[]::new));
  }

  @Test
  void splitsIntoWhatTrainTakes() throws IOException {
    // what is not known to the program is kept, and so are documents without subjects
    var odd = "{ \"title\": \"odd\",  \"doi\": \"10.1/x\" }";
    corpus.replace("train.jsonl", 1, odd);
    var run = split("corpus", "--seed", "7");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("168 documents are split into")
        .containsPattern("train[.]jsonl +80[.]00 % +13\\d +")
        .containsPattern("level 2 +6 +[0-9.]+ % ");

    var lines = new ArrayList<String>();
    for (var part : List.of("train", "validation", "test")) {
      lines.addAll(Files.readAllLines(directory.resolve("corpus/" + part + ".jsonl")));
    }
    assertThat(lines)
        .contains(odd)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of("train.jsonl", "test.jsonl").flatMap(f -> corpus.lines(f).stream()).toList());
    var checked = CommandRun.of("data", "check", "--data", directory.resolve("corpus").toString());
    assertThat(checked.code()).as(checked.out()).isZero();

    split("again", "--seed", "7", "--compress");
    split("other", "--seed", "8");
    assertThat(directory.resolve("again/validation.jsonl.zst")).exists();
    assertThat(lines("again/validation.jsonl.zst")).isEqualTo(lines("corpus/validation.jsonl"));
    assertThat(lines("other/validation.jsonl")).isNotEqualTo(lines("corpus/validation.jsonl"));
    try (var left = Files.list(directory)) {
      assertThat(left.map(p -> p.getFileName().toString())).noneMatch(n -> n.startsWith("."));
    }
  }

  private List<String> lines(String file) {
    try (var lines = DocumentFile.open(directory.resolve(file), null).lines()) {
      return lines.map(line -> line.document().toString()).toList();
    }
  }

  @Test
  void keepsAlmostTheSameTextsTogether() throws IOException {
    var text =
        "the same long text about one and the same thing with a few more words in it, number";
    var lines = new ArrayList<String>();
    for (int i = 0; i < 10; i++) {
      lines.add(TinyCorpus.document(text + " " + "x".repeat(i + 1), TinyCorpus.id(i % 6)));
    }
    lines.addAll(corpus.lines("train.jsonl"));
    corpus.write("train.jsonl", lines);
    assertThat(split("corpus", "--shares", "0.5,0,0.5").out()).contains("stay together: 1 groups.");
    var train = Files.readString(directory.resolve("corpus/train.jsonl"));
    var test = Files.readString(directory.resolve("corpus/test.jsonl"));
    assertThat(train.contains(text)).isNotEqualTo(test.contains(text));
    assertThat(directory.resolve("corpus/validation.jsonl")).doesNotExist();
  }

  @Test
  void splitsNothingThatIsWrong() {
    for (var shares : List.of("0.8,0.1", "0.8,0.1,0.2", "1.1,0,-0.1", "0,0.5,0.5", "a,b,c", "")) {
      split("corpus", "--shares", shares).assertFailed(2, "--shares must be three numbers");
    }
    assertThat(directory.resolve("corpus")).doesNotExist();
    split("data").assertFailed(2, "exists already");
    corpus.replace("test.jsonl", 2, TinyCorpus.document("t", "Z.9"));
    split("corpus", "--quiet").assertFailed(3, "test.jsonl:2: the taxonomy has no subject 'Z.9'");
    assertThat(directory.resolve("corpus")).doesNotExist();
  }
}
