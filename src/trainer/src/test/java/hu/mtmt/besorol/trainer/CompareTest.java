package hu.mtmt.besorol.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.contract.ComparisonReport;
import hu.mtmt.besorol.contract.ComparisonReport.Difference;
import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.Metric;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

/** {@code besorol compare}. */
class CompareTest {
  @TempDir private static Path directory;
  private static String test;
  private static String good;
  private static String poor;
  private static String suggestions;

  @BeforeAll
  static void train() throws IOException {
    var corpus = TinyCorpus.in(directory.resolve("data"), 6);
    test = corpus.file("test.jsonl").toString();
    good = trained(corpus, "good");
    // Of the same taxonomy, but it learns three subjects from three documents each.
    var lines =
        corpus.lines("train.jsonl").stream().filter(l -> l.matches(".*train\\d\".*")).toList();
    corpus.write("train.jsonl", lines);
    poor = trained(corpus, "poor");
    suggestions = directory.resolve("suggestions.jsonl").toString();
    Files.writeString(Path.of(suggestions), run("suggest", good, test).out());
  }

  private static String trained(TinyCorpus corpus, String name) {
    var output = directory.resolve(name).toString();
    var run = run("train", "--data", corpus.directory().toString(), "--output", output, "--quiet");
    assertThat(run.code()).as(run.err()).isZero();
    return output;
  }

  private static CommandRun run(String... arguments) {
    return CommandRun.of(arguments);
  }

  private static void assertFailed(CommandRun run, int code, String... parts) {
    run.assertFailed(code, parts);
  }

  private static Difference difference(ComparisonReport report, int versus, Metric metric) {
    return report.comparisons().get(versus).overall().differences().stream()
        .filter(d -> d.metric() == metric)
        .findFirst()
        .orElseThrow();
  }

  private static String answers(String... lines) throws IOException {
    return Files.write(Files.createTempFile(directory, "answers", ".jsonl"), List.of(lines))
        .toString();
  }

  @Test
  void saysWhatIsBetterAndWhere() throws Exception {
    var json = directory.resolve("compared.json");
    var html = directory.resolve("compared.html");
    var run =
        run(
            "compare",
            poor,
            good,
            "--answers",
            "again=" + suggestions,
            "--data",
            test,
            "--json",
            json.toString(),
            "--html",
            html.toString());

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("48 documents of " + test, "Ranking", good + " against " + poor)
        .containsPattern("StrictF1 +0[.]\\d{4} +0[.]\\d{4} +[+]0[.]\\d{4} .* 0[.]0010 +better\n")
        .containsPattern("level 2 +0[.]\\d{4} +0[.]\\d{4} +[+]0[.]\\d{4}")
        .containsPattern("First \\(A\\) +0[.]\\d{4}")
        .containsPattern("Subject \\d \\([AB][.]\\d\\) +\\d+ +0[.]\\d{4}")
        .doesNotContain("\u001b");
    var report = ContractJson.read(json, ComparisonReport.class);
    assertThat(report.baseline()).isEqualTo(poor);
    assertThat(report.contestants()).extracting(c -> c.place().rank()).containsExactly(3, 1, 1);
    // The answers are those of the package, so all that does not rest on a ranking is the same.
    assertThat(difference(report, 1, Metric.STRICT_F1))
        .isEqualTo(difference(report, 0, Metric.STRICT_F1));
    assertThat(report.comparisons().getFirst().subjects()).hasSize(6);
    assertThat(run.err()).contains("again ranks nothing");

    var page = Files.readString(html);
    assertThat(page).contains("<svg", "again").doesNotContain("http:", "https:", "<script");
    wellFormed(page);
    var again = directory.resolve("again.html");
    run(
        "compare",
        poor,
        good,
        "--answers",
        "again=" + suggestions,
        "--data",
        test,
        "--html",
        again.toString(),
        "--threads",
        "1");
    assertThat(again).hasSameBinaryContentAs(html);
  }

  /** As XML, once what only HTML knows is out of the way: nothing is left open or unescaped. */
  private static void wellFormed(String page) throws Exception {
    var xml = page.replace("<!DOCTYPE html>", "").replaceAll("<meta [^>]*>", "");
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }

  @Test
  void comparesAnswersAlone() throws IOException {
    var none = directory.resolve("none.jsonl");
    Files.write(
        none,
        Files.readAllLines(Path.of(test)).stream()
            .map(l -> l.replaceFirst(".*\"id\":\"(\\w+)\".*", "{\"id\":\"$1\",\"subjects\":[]}"))
            .toList());
    var taxonomy = directory.resolve("data/taxonomy.jsonl").toString();
    var run =
        run(
            "compare",
            "--answers",
            "some=" + suggestions,
            "--answers",
            "none=" + none,
            "--data",
            test,
            "--taxonomy",
            taxonomy,
            "--level",
            "1",
            "--baseline",
            "none");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("some against none").containsPattern("StrictF1 +0[.]0000 +0");
    assertFailed(
        run("compare", "--answers", "a=" + none, "--answers", "b=" + none, "--data", test),
        2,
        "add --taxonomy FILE");
  }

  @Test
  void refusesAnswersThatAreNoneWithTheirLines() throws IOException {
    var wrong =
        answers(
            "{\"id\":\"test0\",\"subjects\":[\"A.0\",\"X\"]}",
            "{\"id\":\"test0\",\"subjects\":[\"A.0\"]}",
            "{\"id\":\"other\",\"subjects\":[]}",
            "{\"subjects\":[]}",
            "{\"id\":\"test1\"}",
            "{\"id\":\"test2\",\"subjects\":[\"A.0\"],\"ranked\":[{\"subject\":\"A.2\",\"score\":1}]}",
            "{\"id\":\"test3\",\"subjects\":[],\"ranked\":[{\"subject\":\"A.0\",\"score\":0.1},{\"subject\":\"A.2\",\"score\":0.2}]}",
            "{\"id\":\"test4\",\"subjects\":\"A.0\"}",
            "{\"id\":\"test5\",\"subjects\":[}",
            "{\"id\":\"test6\",\"subjects\":[],\"ranked\":[{\"subject\":\"A.0\"}]}");
    assertFailed(
        run("compare", good, "--answers", "x=" + wrong, "--data", test),
        3,
        "has 10 problems",
        wrong + ":1: the taxonomy has no subject 'X'",
        wrong + ":3: " + test + " has no document 'other'",
        wrong + ":4: id is missing",
        wrong + ":5: subjects is missing",
        wrong + ":6: subjects has 'A.0', which ranked lacks",
        wrong + ":7: 'A.2' is ranked behind a subject with a smaller score",
        wrong + ":8: at subjects not an answer",
        wrong + ":9: not JSON",
        wrong + ":10: every ranked subject needs a score");
    assertFailed(
        run("compare", good, "--answers", "x=" + suggestions + "x", "--data", test),
        3,
        "does not exist");
    var one = answers("{\"id\":\"test0\",\"subjects\":[\"A.0\"]}");
    assertFailed(
        run("compare", good, "--answers", "x=" + one, "--data", test),
        3,
        test + ":2: " + one + " has no answer to 'test1'");
    var twice = answers("{\"id\":\"test0\",\"subjects\":[]}", "{\"id\":\"test0\",\"subjects\":[]}");
    assertFailed(
        run("compare", good, "--answers", "x=" + twice, "--data", test),
        3,
        twice + ":2: document 'test0' was answered in line 1 already");
  }

  @Test
  void refusesDocumentsThatAnswersCannotBeFoundFor() throws IOException {
    var data = Files.createTempFile(directory, "unnamed", ".jsonl");
    Files.write(
        data,
        List.of(
            "{\"id\":\"a\",\"title\":\"x\",\"subjects\":[\"A.0\"]}",
            "{\"title\":\"y\",\"subjects\":[\"A.0\"]}",
            "{\"id\":\"a\",\"title\":\"z\",\"subjects\":[\"A.0\"]}"));
    assertFailed(
        run("compare", good, "--answers", "x=" + suggestions, "--data", data.toString()),
        3,
        data + ":2: answers are found by id, but the document has none",
        data + ":3: answers are found by id, but 'a' is that of line 1 too");
  }

  @Test
  void refusesWhatIsNoComparison() {
    assertFailed(run("compare", good, "--data", test), 2, "A comparison needs two");
    assertFailed(run("compare", good, good, "--data", test), 2, "is named twice");
    assertFailed(
        run("compare", good, poor, "--data", test, "--baseline", "other"),
        2,
        "--baseline must be one of");
    assertFailed(
        run("compare", good, poor, "--data", test, "--rank-by", "PackageMiB"), 2, "no function");
    assertFailed(run("compare", good, poor, "--data", test, "--rank-by", "F1"), 2, "not a metric");
    assertFailed(
        run("compare", good, poor, "--data", test, "--confidence", "95"), 2, "such as 0.95");
    assertFailed(run("compare", good, poor, "--data", test, "--level", "1"), 2, "leave --taxonomy");
    var roots = directory.resolve("roots").toString();
    run("train", "--data", directory.resolve("data").toString(), "--level", "1", "--output", roots);
    assertFailed(run("compare", good, roots, "--data", test), 3, "another level");
  }
}
