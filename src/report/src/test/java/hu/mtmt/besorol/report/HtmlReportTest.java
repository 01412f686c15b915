package hu.mtmt.besorol.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hu.mtmt.besorol.taxonomy.Subject;
import hu.mtmt.besorol.taxonomy.Taxonomy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
  private static String html(ReportInput input) {
    return new String(HtmlReport.write(input), StandardCharsets.UTF_8);
  }

  private static JsonNode data(String html) throws IOException {
    var matcher =
        Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>")
            .matcher(html);
    assertThat(matcher.find()).isTrue();
    return new ObjectMapper().readTree(matcher.group(1));
  }

  @Test
  void theSameInputGivesTheSameBytes() {
    assertThat(HtmlReport.write(Samples.of(40))).isEqualTo(HtmlReport.write(Samples.of(40)));
  }

  @Test
  void threeThousandSubjectsAreSmallerThanTwoMegabytes() {
    assertThat(HtmlReport.write(Samples.of(3000)).length).isLessThan(2_000_000);
  }

  @Test
  void asksForNothingOutsideOfTheFile() {
    var html = html(Samples.of(40));
    assertThat(html)
        .contains("default-src 'none'")
        .doesNotContainPattern("(src|href)=\"(?!#|data:)")
        .doesNotContain("@import", "url(", "fetch(", "http://", "https://");
  }

  @Test
  void textOfDocumentsAndSubjectsIsNeverMarkup() throws IOException {
    var evil = "</script><script>alert(1)</script>&\"<b>";
    var input =
        Samples.of(
            Taxonomy.of(
                List.of(
                    new Subject("<i>", null, Map.of("en", evil), null, null, false),
                    new Subject("b", null, Map.of("en", "B"), null, null, false))),
            20,
            null);
    var html = html(input);
    assertThat(html).doesNotContain(evil, "<i>", "<b>&").doesNotContain("<script>alert");
    assertThat(data(html).at("/subjects/0/7").textValue()).isEqualTo(evil);
  }

  @Test
  void showsWhatIsAskedFor() {
    var html = html(Samples.of(40));
    assertThat(html)
        .contains("<title>Made-up &lt;model&gt; &amp; its answers</title>", "Linear")
        .contains("By level of the taxonomy", "By branch", "By language", "By year")
        .contains("Precision over recall. The answers have precision", "Share of right answers")
        .contains("siblings</td>", "What decided for ", "quantum +1.25", "survey -0.25")
        .contains("documents name no year");
  }

  @Test
  void beginsWithTheLanguageAskedForOrEnglish() throws IOException {
    var taxonomy = Samples.taxonomy(12);
    assertThat(data(html(Samples.of(taxonomy, 20, null))).get("languages").toString())
        .isEqualTo("[\"en\",\"hu\"]");
    var hungarian = html(Samples.of(taxonomy, 20, "hu"));
    assertThat(data(hungarian).get("languages").toString()).isEqualTo("[\"hu\",\"en\"]");
    assertThat(data(hungarian).at("/subjects/0/7").textValue())
        .isEqualTo(taxonomy.subject(0).label("hu"));
    assertThat(hungarian).contains(">Hungarian</option>");
  }

  @Test
  void taxonomiesOfOneLanguageHaveNoSwitch() throws IOException {
    var html =
        html(
            Samples.of(
                Taxonomy.of(List.of(new Subject("a", null, "A"), new Subject("b", null, "B"))),
                20,
                null));
    assertThat(html).doesNotContain("id=\"language\"");
    assertThat(data(html).get("languages").toString()).isEqualTo("[\"und\"]");
  }

  @Test
  void aTaxonomyWithoutLevelsHasATableOfItsLargestBranches() {
    var flat =
        Taxonomy.of(
            IntStream.range(0, 1000).mapToObj(s -> new Subject("s" + s, null, "S" + s)).toList());
    assertThat(html(Samples.of(flat, 500, null)))
        .contains("The 200 of 1000 branches that most documents have");
    assertThat(html(Samples.of(40))).doesNotContain("branches that most documents have");
  }

  @Test
  void saysSoWhereThereIsNothingToShow() {
    var html = html(Samples.of(Samples.taxonomy(12), 0, null));
    assertThat(html)
        .contains(
            "No two subjects were confused more than once.",
            "No answer was wrong.",
            "Nothing was answered, so there is no curve.");
  }
}
