package hu.mtmt.besorol.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hu.mtmt.besorol.contract.Grades.Grade;
import hu.mtmt.besorol.report.picture.GradeLook;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The report as people see and use it; needs a Chromium on the PATH. */
class ReportInBrowserTest {
  private static final int WIDTH = 1400;
  private static final int HEIGHT = 1400;

  // The browser may write into its profile until the very end.
  @TempDir(cleanup = CleanupMode.NEVER)
  private static Path directory;

  private static Browser browser;

  @BeforeAll
  static void start() throws IOException {
    var executable = Browser.executable();
    assumeTrue(executable.isPresent(), "no chromium is on the PATH");
    browser = Browser.start(executable.get(), directory.resolve("profile"));
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  private static ReportInput open(int subjects) throws IOException {
    var input = Samples.of(subjects);
    browser.open(
        Files.write(directory.resolve(subjects + ".html"), HtmlReport.write(input)), WIDTH, HEIGHT);
    return input;
  }

  /** The page while the mouse rests on nothing that would look otherwise for that. */
  private static BufferedImage seen() throws IOException {
    browser.mouse("mouseMoved", 0, 0, 0);
    browser.settle();
    return ImageIO.read(new ByteArrayInputStream(browser.screenshot()));
  }

  /** Middle of the view and its scale. */
  private static double[] view() {
    return Arrays.stream(
            browser
                .evaluate("document.getElementById('bubbles').dataset.view")
                .textValue()
                .split(" "))
        .mapToDouble(Double::parseDouble)
        .toArray();
  }

  private static double[] middleOfPicture() {
    var box =
        browser.evaluate(
            "(b => [b.x + b.width / 2, b.y + b.height /"
                + " 2])(document.getElementById('bubbles').getBoundingClientRect())");
    return new double[] {box.get(0).doubleValue(), box.get(1).doubleValue()};
  }

  private static long pixels(BufferedImage image, String colour) {
    int rgb = Integer.parseInt(colour.substring(1), 16);
    return Arrays.stream(
            image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
        .filter(pixel -> (pixel & 0xffffff) == rgb)
        .count();
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 3000})
  void showsThePictureAndLoadsNothing(int subjects) throws IOException {
    var input = open(subjects);
    var picture = seen();
    for (var grade : Grade.values()) {
      boolean has = input.report().subjects().stream().anyMatch(s -> s.grade() == grade);
      if (has) {
        assertThat(pixels(picture, GradeLook.of(grade).fill())).as(grade.name()).isGreaterThan(500);
      }
    }
    assertThat(browser.evaluate("+document.getElementById('bubbles').dataset.drawn").intValue())
        .isGreaterThanOrEqualTo(subjects);
    assertThat(browser.text("#shown")).contains(subjects + " subjects");
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.requests())
        .allSatisfy(
            request -> assertThat(request).matches("(file://.*" + subjects + "[.]html|data:.*)"));
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 3000})
  void zoomsByWheelClickAndKey(int subjects) throws IOException {
    open(subjects);
    var whole = view();
    var before = seen();
    var middle = middleOfPicture();
    browser.mouse("mouseWheel", middle[0], middle[1], -400);
    browser.settle();
    var turned = view();
    assertThat(turned[2]).isGreaterThan(whole[2] * 1.5);
    assertThat(difference(before, seen())).isGreaterThan(1000);

    browser.click("#whole");
    assertThat(view()).containsExactly(whole);
    assertThat(difference(before, seen())).isZero();

    browser.evaluate("document.getElementById('bubbles').focus()");
    browser.key("ArrowRight");
    var first = view();
    assertThat(first[2]).isGreaterThan(whole[2]);
    assertThat(browser.evaluate("document.querySelectorAll('#path li').length").intValue())
        .isEqualTo(2);
    browser.key("ArrowRight");
    assertThat(view()).isNotEqualTo(first);
    browser.key("Escape");
    assertThat(view()).containsExactly(whole);

    var spot = placeOfFirstBubble();
    browser.click(spot[0], spot[1]);
    assertThat(view()[2]).isGreaterThan(whole[2]);
    assertThat(browser.text("#details h3")).isNotEqualTo("All subjects");
    assertThat(browser.complaints()).isEmpty();
  }

  /** Where the middle of the first bubble is on the page while the whole picture is shown. */
  private static double[] placeOfFirstBubble() {
    var at =
        browser.evaluate(
            """
            (() => {
              const canvas = document.getElementById("bubbles");
              const box = canvas.getBoundingClientRect();
              const [x, y, k] = canvas.dataset.view.split(" ").map(Number);
              const bubble = JSON.parse(document.getElementById("data").textContent).bubbles[0];
              return [
                box.x + box.width / 2 + (bubble[2] - x) * k,
                box.y + box.height / 2 + (bubble[3] - y) * k];
            })()
            """);
    return new double[] {at.get(0).doubleValue(), at.get(1).doubleValue()};
  }

  /**
   * How many pixels differ; not those of rounded corners, whose last bit is not always the same.
   */
  private static long difference(BufferedImage a, BufferedImage b) {
    long different = 0;
    for (int y = 0; y < a.getHeight(); y++) {
      for (int x = 0; x < a.getWidth(); x++) {
        var one = new Color(a.getRGB(x, y));
        var other = new Color(b.getRGB(x, y));
        different +=
            Math.abs(one.getRed() - other.getRed()) > 2
                    || Math.abs(one.getGreen() - other.getGreen()) > 2
                    || Math.abs(one.getBlue() - other.getBlue()) > 2
                ? 1
                : 0;
      }
    }
    return different;
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 3000})
  void searchesWithoutRegardToCaseAndAccents(int subjects) throws IOException {
    var input = open(subjects);
    var whole = view();
    var before = seen();
    long matching =
        input.target().taxonomy().subjects().stream()
            .filter(s -> s.labels().get("hu").startsWith("Környezeti"))
            .count();
    assertThat(matching).isPositive();
    browser.evaluate("document.getElementById('search').focus()");
    browser.type("KORNYEZETI");
    assertThat(browser.evaluate("+document.getElementById('bubbles').dataset.found").longValue())
        .isEqualTo(matching);
    assertThat(difference(before, seen())).as("others are faint").isGreaterThan(1000);
    var best = browser.text("#matches li[aria-selected=true]");
    browser.key("Enter");
    assertThat(view()).isNotEqualTo(whole);
    assertThat(best).endsWith(browser.text("#details h3"));
    assertThat(browser.text("#status")).isNotBlank();
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void showsLabelsInTheChosenLanguage() throws IOException {
    open(40);
    assertThat(browser.text("#subject-table a.subject")).doesNotContain("tudomány");
    browser.evaluate(
        """
        (s => { s.value = "hu"; s.dispatchEvent(new Event("change", {bubbles: true})); })(document.getElementById("language"))
        """);
    browser.settle();
    var hungarian = Samples.taxonomy(40).subject(0).label("hu");
    assertThat(browser.text("#subject-table a.subject")).isEqualTo(hungarian);
    assertThat(browser.text("#tables a.subject")).isEqualTo(hungarian);
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void sortsAndFiltersSubjects() throws IOException {
    var input = open(3000);
    assertThat(
            browser
                .evaluate("document.querySelectorAll('#subject-table tbody tr').length")
                .intValue())
        .isEqualTo(100);
    var f1 = "#subject-table thead th:last-child";
    browser.click(f1 + " button");
    assertThat(browser.evaluate("document.querySelector('" + f1 + "').ariaSort").textValue())
        .isEqualTo("descending");
    assertThat(browser.text("#subject-table tbody td:last-child")).isEqualTo("1.000");
    browser.evaluate(
        """
        (s => { s.value = "2"; s.dispatchEvent(new Event("input")); })(document.getElementById("filter-grade"))
        """);
    long red = input.report().subjects().stream().filter(s -> s.grade() == Grade.RED).count();
    assertThat(browser.text("#shown")).isEqualTo("100 of %d subjects".formatted(red));
    browser.click("#more");
    assertThat(browser.text("#shown")).startsWith("200 of");
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void isDarkOnRequest() throws IOException {
    open(40);
    long light = pixels(seen(), "#ffffff");
    browser.click("#theme");
    assertThat(pixels(seen(), "#ffffff")).isLessThan(light / 50);
    assertThat(browser.complaints()).isEmpty();
  }
}
