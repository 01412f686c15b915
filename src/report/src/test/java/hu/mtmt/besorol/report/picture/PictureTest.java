package hu.mtmt.besorol.report.picture;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.report.ReportInput;
import hu.mtmt.besorol.report.Samples;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

class PictureTest {
  @TempDir private Path directory;

  private static Picture picture(ReportInput input, String language) {
    return new Picture(input.target(), input.report(), input.grades(), language);
  }

  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 40, 3000})
  void svgHasACircleForEveryBubble(int subjects) throws Exception {
    var input = Samples.of(subjects);
    var svg = picture(input, "en").svg();
    var circles = parsed(svg).getElementsByTagName("circle");
    int bubbles = BubbleLayout.of(input.target(), input.report()).bubbles().size();
    int legend = GradeLook.values().length;
    int dotInPattern = 1;
    assertThat(circles.getLength()).isEqualTo(bubbles + legend + dotInPattern);
    assertThat(svg).isEqualTo(picture(Samples.of(subjects), "en").svg());
    assertThat(svg.length()).isLessThan(2_000_000);
  }

  @Test
  void labelsAreOfTheLanguage() {
    var input = Samples.of(40);
    var label = input.target().taxonomy().subject(0).label("hu");
    assertThat(picture(input, "hu").svg()).contains(label);
    assertThat(picture(input, "en").svg()).doesNotContain(label);
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 3000})
  void pngHasEveryGradeThatThereIs(int subjects) throws Exception {
    var input = Samples.of(subjects);
    var png = picture(input, "en").png(1200);
    var image = ImageIO.read(new ByteArrayInputStream(png.bytes()));
    assertThat(image.getWidth()).isEqualTo(1200);
    var pixels = image.getRGB(0, 0, 1200, image.getHeight(), null, 0, 1200);
    for (var look : GradeLook.values()) {
      int rgb = Integer.parseInt(look.fill().substring(1), 16);
      assertThat(Arrays.stream(pixels).filter(p -> (p & 0xffffff) == rgb).count())
          .as(look.id())
          .isGreaterThan(200);
    }
  }

  /** The whole program, so that a JVM that has not met a font yet is tried. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void pngIsDrawnWithoutLabelsWhereThereAreNoFonts() throws Exception {
    var empty = Files.writeString(directory.resolve("fonts.conf"), "<fontconfig></fontconfig>");
    var file = directory.resolve("picture.png");
    var program =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.awt.headless=true",
            "-Duser.home=" + directory, // Java remembers there which fonts it met
            "-cp",
            System.getProperty("java.class.path"),
            DrawSample.class.getName(),
            file.toString());
    program.environment().put("FONTCONFIG_FILE", empty.toString());
    program.environment().put("XDG_CACHE_HOME", directory.toString());
    program.redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile());
    var process = program.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(directory.resolve("log"))).isEqualTo("labelled: false\n");
    assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo(600);
  }

  /** Draws a picture in a process of its own. */
  static final class DrawSample {
    private DrawSample() {}

    public static void main(String... arguments) throws Exception {
      var png = picture(Samples.of(40), "en").png(600);
      Files.write(Path.of(arguments[0]), png.bytes());
      System.out.println("labelled: " + png.labelled());
    }
  }

  @ParameterizedTest
  @CsvSource({"a.svg, SVG", "a.PNG, PNG", "a.svg.gz,", "svg,", "a.jpeg,"})
  void theEndingOfAFileSaysWhatToDraw(Path file, Picture.Format format) {
    assertThat(Picture.Format.of(file).orElse(null)).isEqualTo(format);
  }
}
