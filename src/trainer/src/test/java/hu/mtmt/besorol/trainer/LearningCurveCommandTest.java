package hu.mtmt.besorol.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.contract.ContractJson;
import hu.mtmt.besorol.contract.LearningCurveReport;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

/** {@code besorol learning-curve}. */
class LearningCurveCommandTest {
  @TempDir private Path directory;
  private TinyCorpus corpus;

  @BeforeEach
  void write() {
    corpus = TinyCorpus.in(directory.resolve("data"), 6, 30);
  }

  private CommandRun run(String... arguments) {
    var all = new ArrayList<>(List.of("learning-curve", "--data", corpus.directory().toString()));
    all.addAll(List.of(arguments));
    return CommandRun.of(all.toArray(String[]::new));
  }

  private LearningCurveReport report(Path file) {
    return ContractJson.read(file, LearningCurveReport.class);
  }

  @Test
  void saysHowItGrowsAndWhereLabellingPays() throws Exception {
    var output = directory.resolve("curve");
    var run = run("--output", output.toString(), "--shares", "1.0,.2,0.50", "--repeats", "2");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("Linear on growing samples of", "judged on 48 documents")
        .containsPattern("0[.]2 +\\d\\d +\\d+ +0[.]\\d{4}")
        .containsPattern("1 +180 +\\d+ +0[.]\\d{4}")
        .containsPattern("StrictF1 +0[.]\\d{4} +0[.]\\d{4} +\\[[+]0[.]\\d{4}")
        .containsPattern("Of 6 subjects in the judged documents 6 have a curve; \\d of them")
        .containsPattern("Subject \\d \\([AB][.]\\d\\) +\\d+ +[01][.]\\d{4} +[+]0[.]\\d{4}");
    assertThat(run.err()).contains(" %  training");
    var report = report(output.resolve("learning-curve.json"));
    assertThat(report.points())
        .extracting(p -> p.share() + "-" + p.repeat())
        .containsExactly("0.2-1", "0.2-2", "0.5-1", "0.5-2", "1-1");
    assertThat(report.points().get(0).version()).isNotEqualTo(report.points().get(1).version());
    assertThat(report.subjects()).hasSize(6);
    assertThat(report.subjects().getFirst().measured()).hasSize(3);
    assertThat(output.resolve("samples")).isEmptyDirectory();

    var page = Files.readString(output.resolve("learning-curve.html"));
    assertThat(page)
        .contains("<svg", "foretold")
        .doesNotContain("http:", "https:", "<script", "NaN");
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(
            new InputSource(
                new StringReader(
                    page.replace("<!DOCTYPE html>", "").replaceAll("<meta [^>]*>", ""))));
  }

  @Test
  void trainsOnlyWhatIsNotFinished() throws IOException {
    var output = directory.resolve("curve");
    var arguments =
        new String[] {"--output", output.toString(), "--shares", "0.3,0.6,1", "--quiet"};
    assertThat(run(arguments).code()).isZero();
    var first = Files.readAllBytes(output.resolve("learning-curve.json"));
    var package1 =
        output.resolve(
            "packages/sha256-"
                + report(output.resolve("learning-curve.json"))
                    .points()
                    .getFirst()
                    .version()
                    .hex());
    var written = Files.getLastModifiedTime(package1.resolve("model.json"));

    var again = run(arguments);

    assertThat(again.err()).contains("finished this plan");
    assertThat(output.resolve("learning-curve.json")).hasBinaryContent(first);
    assertThat(Files.getLastModifiedTime(package1.resolve("model.json"))).isEqualTo(written);

    // Of other data nothing is used again.
    corpus.replace("train.jsonl", 1, TinyCorpus.document("quite another title", "A.0"));
    assertThat(run(arguments).err()).doesNotContain("finished this plan");
    assertThat(report(output.resolve("learning-curve.json")).training())
        .isEqualTo(corpus.source("train.jsonl").digest());
  }

  @Test
  void keepsNothingIfNotAsked() throws IOException {
    var json = directory.resolve("curve.json");
    var html = directory.resolve("curve.html");

    assertThat(
            run("--shares", "0.3,0.6,1", "--json", json.toString(), "--html", html.toString())
                .code())
        .isZero();

    assertThat(report(json).points()).hasSize(3);
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactlyInAnyOrder(json, html, directory.resolve("data"));
    }
  }

  @Test
  void refusesWhatGivesNoCurve() throws IOException {
    run("--shares", "0.5,1").assertFailed(2, "at least 3 different shares");
    run("--shares", "0.1,0.5,2").assertFailed(2, "--shares must be numbers above 0", "not 2");
    run("--shares", "0.0,0.5,1").assertFailed(2, "--shares must be above 0");
    run("--repeats", "0").assertFailed(2, "--repeats must be from 1 to 100");
    run("--confidence", "2").assertFailed(2, "such as 0.95");
    Files.delete(corpus.file("test.jsonl"));
    run().assertFailed(3, "add test.jsonl");
  }
}
