package hu.mtmt.besorol.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import hu.mtmt.besorol.contract.Algorithm;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.EvaluationReport;
import hu.mtmt.besorol.contract.ModelManifest;
import hu.mtmt.besorol.contract.TrainingPlan;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BesorolTest {
  @TempDir private static Path directory;
  private static TinyCorpus corpus;
  private static String model;

  private final ObjectMapper mapper = new ObjectMapper();

  @BeforeAll
  static void train() {
    corpus = TinyCorpus.in(directory.resolve("data"), 6);
    model = directory.resolve("model").toString();
    var run = run("train", "--data", corpus.directory().toString(), "--output", model);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("Version     sha256:", "Training    120 documents", "StrictF1", "level 2")
        .contains("LatencyP95Millis", "Trained in ");
    assertThat(run.err()).contains("  training, epoch ", "  evaluating");
  }

  private static CommandRun run(String... arguments) {
    return CommandRun.of(arguments);
  }

  private static CommandRun runWith(String input, OutputStream stdout, String... arguments) {
    return CommandRun.with(input, stdout, arguments);
  }

  private static void assertFailed(CommandRun run, int code, String... parts) {
    run.assertFailed(code, parts);
  }

  private static String document(String id, int subject) {
    var words = TinyCorpus.word(subject, 0) + " " + TinyCorpus.word(subject, 1);
    return "{\"id\":\"%s\",\"title\":\"%s\",\"abstract\":\"%s\"}\n".formatted(id, words, words);
  }

  @Test
  void helpTeaches() {
    assertThat(run("--help").out())
        .contains("besorol train --data DIR --output model", "75 interrupted");
    for (var command :
        List.of(
            "train",
            "evaluate",
            "compare",
            "suggest",
            "inspect",
            "serve",
            "local",
            "completion",
            "job")) {
      var help = run(command, "--help");
      assertThat(help.code()).isZero();
      assertThat(help.out()).startsWith("Usage: besorol " + command);
    }
    assertThat(run("--version").out()).matches("besorol \\d+[.]\\d+[.]\\d+(-SNAPSHOT)?\\R");
  }

  @Test
  void wrongCommandLinesEndWithTwoAndAHint() {
    assertFailed(run(), 2, "Say what to do: one of train, evaluate");
    assertFailed(run("trian"), 2, "trian", "besorol train");
    assertFailed(run("train"), 2, "--data DIR");
    assertFailed(run("train", "--data", "x", "--frobnicate"), 2, "--frobnicate");
    assertFailed(run("evaluate", model), 2, "--data", "'besorol evaluate --help' explains it");
    assertFailed(
        run("train", "--data", corpus.directory().toString(), "--output", model),
        2,
        "exists already");
    assertFailed(run("train", "--data", corpus.directory().toString()), 2, "Give --output PACKAGE");
    assertFailed(
        run("train", "--data", corpus.directory().toString(), "--output", "x", "--threads", "0"),
        2,
        "--threads must be from 1");
    assertFailed(
        run("train", "--data", corpus.directory().toString(), "--output", "x", "--level", "99"),
        2,
        "level must be at most 32");
    assertFailed(run("suggest", model, "--threshold", "NaN"), 2, "--threshold must be from 0 to 1");
    assertFailed(run("suggest", model, "--limit", "0"), 2, "--limit must be at least 1");
  }

  @Test
  void wrongDataEndsWithThree() {
    assertFailed(
        run("train", "--data", directory.resolve("none").toString()), 3, "is not a directory");
    assertFailed(run("inspect", directory.toString()), 3, "is not a model package");
    assertFailed(
        run("evaluate", model, "--data", directory + "/none.jsonl"),
        3,
        "none.jsonl does not exist");
  }

  @Test
  void stackTracesAreShownOnRequest() {
    assertThat(run("inspect", directory.toString(), "--stacktrace").err()).contains("\tat hu.mtmt");
    assertThat(run("--stacktrace", "inspect", directory.toString()).err()).contains("\tat hu.mtmt");
  }

  @Test
  void printsAWholePlanThatTrainsTheSamePackage() throws IOException {
    var data = corpus.directory().toString();
    var printed = run("train", "--data", data, "--seed", "7", "--level", "2", "--print-plan").out();
    var plan =
        ContractJson.read(printed.getBytes(StandardCharsets.UTF_8), TrainingPlan.class, "plan");
    assertThat(plan.seed()).isEqualTo(7);
    assertThat(plan.level()).isEqualTo(2);
    assertThat(plan.algorithm().linear().features().maximumFeatures()).isPositive();

    var file = Files.writeString(directory.resolve("plan.json"), printed).toString();
    var first = directory.resolve("first").toString();
    var second = directory.resolve("second").toString();
    assertThat(
            run("train", "--data", data, "--seed", "7", "--level", "2", "--output", first).code())
        .isZero();
    assertThat(run("train", "--plan", file, "--quiet", "--output", second))
        .satisfies(r -> assertThat(r.err()).isEmpty());
    assertThat(Files.readAllBytes(Path.of(first, "model.json")))
        .isEqualTo(Files.readAllBytes(Path.of(second, "model.json")));
    assertFailed(run("train", "--plan", file, "--algorithm", "Linear"), 2, "leave --algorithm out");
  }

  @Test
  void refusesNotANumberInAPlan() throws IOException {
    var printed = run("train", "--data", corpus.directory().toString(), "--print-plan").out();
    var file =
        Files.writeString(
            directory.resolve("nan.json"),
            printed.replaceFirst("\"tolerance\" : \"[^\"]*\"", "\"tolerance\" : \"NaN\""));
    assertFailed(
        run("train", "--plan", file.toString(), "--output", "x"),
        2,
        "nan.json",
        "algorithm.linear.tolerance",
        "NaN");
  }

  @Test
  void suggestsInTheOrderOfTheDocuments() throws IOException {
    var input = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      input.append(document("d" + i, i % 6));
    }
    input.append("{\"id\":\"empty\"}\n");
    var run = runWith(input.toString(), null, "suggest", model);
    assertThat(run.code()).as(run.err()).isZero();
    var lines = run.out().lines().toList();
    assertThat(lines).hasSize(301);
    for (int i = 0; i < 300; i++) {
      var answer = mapper.readTree(lines.get(i));
      assertThat(answer.get("id").textValue()).isEqualTo("d" + i);
      assertThat(answer.at("/suggestions/0/subject").textValue()).isEqualTo(TinyCorpus.id(i % 6));
      assertThat(answer.at("/suggestions/0/score").doubleValue()).isBetween(0.3, 1.0);
    }
    assertThat(lines.get(300)).isEqualTo("{\"id\":\"empty\",\"suggestions\":[]}");
  }

  @Test
  void ranksOnRequest() throws IOException {
    var file = Files.writeString(directory.resolve("one.jsonl"), document("x", 2)).toString();
    var three = mapper.readTree(run("suggest", model, file, "--limit", "3").out());
    assertThat(three.get("suggestions")).hasSize(3);
    var all = mapper.readTree(run("suggest", model, "--limit", "100", file).out());
    assertThat(all.get("suggestions")).hasSize(6);
    var sure = mapper.readTree(run("suggest", model, "--threshold", "0.5", file).out());
    assertThat(sure.get("suggestions"))
        .isNotEmpty()
        .allMatch(s -> s.get("score").doubleValue() >= 0.5);
  }

  @Test
  void answersWhatIsBeforeAWrongLineAndNamesIt() {
    var run =
        runWith(
            document("a", 1) + "\n" + document("b", 2) + "nonsense\n" + document("c", 3),
            null,
            "suggest",
            model);
    assertFailed(run, 3, "standard input:4:", "not JSON");
    assertThat(run.out().lines()).hasSize(2);

    var unknown = runWith("{\"title\":\"x\",\"language\":\"xx\"}\n", null, "suggest", model);
    assertFailed(unknown, 3, "standard input:1: 'xx' is no language");
    var untyped = runWith("{\"title\":[\"x\"]}\n", null, "suggest", model);
    assertFailed(untyped, 3, "standard input:1: title must be text in quotes, not a list");
  }

  @Test
  void endsQuietlyWhenItsReaderHasEndedAndSaysWhenTheDiskIsFull() {
    var broken = runWith(document("a", 1), failing("Broken pipe"), "suggest", model);
    assertThat(broken).isEqualTo(new CommandRun(141, "", ""));
    var full = runWith(document("a", 1), failing("No space left on device"), "suggest", model);
    assertFailed(full, 1, "Standard output cannot be written (No space left on device)");
  }

  private static OutputStream failing(String message) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException(message);
      }
    };
  }

  @Test
  void evaluatesComparesAndWritesTheReport() throws IOException {
    var weak = directory.resolve("weak");
    var few = TinyCorpus.in(directory.resolve("few"), 6, 2);
    assertThat(
            run("train", "--data", few.directory().toString(), "--output", weak.toString()).code())
        .isZero();
    var json = directory.resolve("report.json");
    var run =
        run(
            "evaluate",
            model,
            "--data",
            corpus.file("test.jsonl").toString(),
            "--baseline",
            weak.toString(),
            "--json",
            json.toString(),
            "--subjects",
            "2");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("on 48 documents", "StrictF1", "The best 2 of 6 subjects", "The worst 2")
        .containsPattern("LenientF1 +[+]0[.]\\d{4}  \\[[+]0[.]\\d{4}, [+]0[.]\\d{4}\\] +better")
        .containsPattern("Subject \\d \\([AB][.]\\d\\) +green");
    var report = ContractJson.read(json, EvaluationReport.class);
    assertThat(report.overall().documents()).isEqualTo(48);
    assertThat(report.subjects()).hasSize(8);
  }

  @Test
  void writesAReportAndPictures() throws IOException {
    var html = directory.resolve("report.html");
    var svg = directory.resolve("subjects.svg");
    var png = directory.resolve("subjects.png");
    var data = corpus.file("test.jsonl").toString();
    var run =
        run(
            "evaluate",
            model,
            "--data",
            data,
            "--report",
            html.toString(),
            "--picture",
            svg.toString());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(html).content().contains("Linear on 48 documents", "What decided for ");
    assertThat(svg).content().startsWith("<svg").contains(">Subject 1: green, ");
    // The same documents were judged in training: the package has the same report.
    assertThat(Path.of(model, "report.html")).hasSameBinaryContentAs(html);

    assertThat(run("evaluate", model, "--data", data, "--picture", png.toString()).code()).isZero();
    assertThat(ImageIO.read(png.toFile()).getWidth()).isEqualTo(2400);
  }

  @Test
  void refusesPicturesAndLanguagesThatThereAreNot() {
    var data = corpus.file("test.jsonl").toString();
    assertFailed(
        run("evaluate", model, "--data", data, "--picture", "subjects.pdf"),
        2,
        "must end in .svg or .png, not subjects.pdf");
    assertFailed(
        run("evaluate", model, "--data", data, "--language", "xx"), 2, "no subject has a label");
  }

  @Test
  void saysHowToGetTheReportOfAPackageThatWasNotJudged() throws IOException {
    var data = TinyCorpus.in(directory.resolve("unjudged"), 6, 2);
    Files.delete(data.file("test.jsonl"));
    var unjudged = directory.resolve("unjudged-model").toString();
    var command = "besorol evaluate " + unjudged + " --data FILE --report report.html";
    assertThat(run("train", "--data", data.directory().toString(), "--output", unjudged).out())
        .contains("has no report", command);
    assertThat(run("inspect", unjudged).out()).contains("without a holdout", command);
    assertThat(Path.of(unjudged, "report.html")).doesNotExist();
  }

  @Test
  void printsTheOutOfBagErrorOfAForest() {
    var forest = directory.resolve("forest").toString();
    var data = corpus.directory().toString();
    var printed = run("train", "--data", data, "--algorithm", "DecisionTree", "--output", forest);
    assertThat(printed.out())
        .containsPattern(
            "Out of bag  the best subject of 0[.]\\d{4} of 120 training documents is wrong");
    assertThat(run("inspect", model).out()).doesNotContain("Out of bag");
  }

  @Test
  void printsTheOutOfBagErrorOfAForestInAnEnsemble() throws IOException {
    var json =
        """
        {"type": "Ensemble", "ensemble": {"members": [
            {"type": "Linear", "linear": {}},
            {"type": "DecisionTree", "decisionTree": {"trees": 10}}]}}\
        """;
    var algorithm =
        ContractJson.readPart(json.getBytes(StandardCharsets.UTF_8), Algorithm.class, "algorithm");
    var plan = directory.resolve("ensemble-plan.json");
    Files.write(plan, ContractJson.write(Plans.withAlgorithm(corpus.plan(), algorithm)));
    var ensemble = directory.resolve("ensemble").toString();

    var data = corpus.directory().toString();
    assertThat(run("train", "--data", data, "--plan", plan.toString(), "--output", ensemble).out())
        .containsPattern(
            "Member +Linear\\RMember +DecisionTree: out of bag the best subject of"
                + " 0[.]\\d{4} of \\d+ training documents is wrong");
  }

  @Test
  void doesNotCompareWhatCannotBeCompared() {
    var roots = directory.resolve("roots").toString();
    run("train", "--data", corpus.directory().toString(), "--level", "1", "--output", roots);
    assertFailed(
        run("evaluate", model, "--data", corpus.file("test.jsonl").toString(), "--baseline", roots),
        3,
        "cannot be compared",
        "another level");
  }

  @Test
  void inspectsAPackage() {
    var run = run("inspect", model, "--self-test");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains(
            "Algorithm   Linear",
            "6 of 8 in the taxonomy",
            "The self-test gives the expected answers.");
    var manifest =
        ContractJson.read(
            run("inspect", model, "--json").out().getBytes(StandardCharsets.UTF_8),
            ModelManifest.class,
            "model.json");
    assertThat(manifest.subjects()).isEqualTo(6);
  }

  @Test
  void completesInBothShells() {
    assertThat(run("completion", "bash").out())
        .contains("complete -F _complete_besorol", "--print-plan");
    assertThat(run("completion", "zsh").out())
        .startsWith("autoload")
        .contains("bashcompinit", "--print-plan");
    assertFailed(run("completion", "fish"), 2, "fish");
  }

  @Test
  void saysThatOtherProgramsNeedACheckout() {
    assertFailed(run("serve", model), 2, "src/trainer/target/besorol");
    assertFailed(run("local", "up", "--once"), 2, "src/trainer/target/besorol");
    assertFailed(run("serve", directory + "/none"), 3, "is not a package");
  }
}
