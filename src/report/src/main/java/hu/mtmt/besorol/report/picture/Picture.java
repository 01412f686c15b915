package hu.mtmt.besorol.report.picture;

import hu.mtmt.besorol.contract.EvaluationReport;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.Grades.Grade;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The picture without a browser.
 *
 * @param target names of the subjects
 * @param report what they are graded by
 * @param grades meaning of the grades
 * @param language language of the labels, as far as subjects have one in it
 */
public record Picture(TargetLevel target, EvaluationReport report, Grades grades, String language) {
  /** Space around the bubbles, which the labels along the outer ones need. */
  private static final double BORDER = 16;

  private static final double LEGEND = 60;

  /** Text below this size cannot be read. */
  private static final double SMALLEST_TEXT = 5;

  private static final double LARGEST_TEXT = 18;

  /** As an SVG document, UTF-8 when written: the same for the same report. */
  public String svg() {
    var layout = BubbleLayout.of(target, report);
    var canvas = new SvgCanvas(frame(layout), title(layout));
    draw(layout, canvas);
    return canvas.finish();
  }

  /**
   * As a PNG.
   *
   * @param width in pixels
   * @return its bytes; without labels where the machine has no fonts
   */
  public Png png(int width) {
    var layout = BubbleLayout.of(target, report);
    var canvas = new PixelCanvas(frame(layout), width);
    draw(layout, canvas);
    return canvas.finish();
  }

  /**
   * A finished picture.
   *
   * @param bytes of the file
   * @param labelled whether there was a font to write labels in
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Png(byte[] bytes, boolean labelled) {}

  /** A kind of file. */
  public enum Format {
    SVG,
    PNG;

    /** What the name of a file asks for by its ending, if it can be drawn. */
    public static Optional<Format> of(Path file) {
      var name = file.toString().toLowerCase(Locale.ROOT);
      return Arrays.stream(values())
          .filter(format -> name.endsWith("." + format.name().toLowerCase(Locale.ROOT)))
          .findFirst();
    }
  }

  private static String title(BubbleLayout layout) {
    var counts = counts(layout);
    return Arrays.stream(Grade.values())
        .map(g -> counts.getOrDefault(g, 0L) + " " + GradeLook.of(g).id())
        .collect(Collectors.joining(", ", "Subjects: ", ""));
  }

  /** How many bubbles have each grade. */
  private static Map<Grade, Long> counts(BubbleLayout layout) {
    return layout.bubbles().stream()
        .filter(b -> !b.group())
        .collect(Collectors.groupingBy(Bubble::grade, Collectors.counting()));
  }

  /** The rectangle that is seen: the bubbles, wide enough for the legend that is below them. */
  private static Rectangle frame(BubbleLayout layout) {
    double width = Math.max(layout.width(), BubbleLayout.SIDE * 0.9) + 2 * BORDER;
    return new Rectangle(
        (layout.width() - width) / 2, -BORDER, width, layout.height() + 2 * BORDER + LEGEND);
  }

  private void draw(BubbleLayout layout, Canvas canvas) {
    for (var bubble : layout.bubbles()) {
      var label = label(bubble);
      if (bubble.group()) {
        canvas.group(bubble, label);
      } else {
        var look = GradeLook.of(bubble.grade());
        canvas.subject(
            bubble.circle(),
            look,
            "%s: %s, %d documents".formatted(label, look.id(), bubble.frequency()));
      }
    }
    for (var bubble : layout.bubbles()) {
      if (bubble.group()) {
        along(canvas, bubble.circle(), label(bubble));
      } else {
        within(canvas, bubble.circle(), label(bubble), GradeLook.of(bubble.grade()));
      }
    }
    legend(layout, canvas);
  }

  private String label(Bubble bubble) {
    return target.taxonomy().subject(bubble.subject()).label(language);
  }

  private static void within(Canvas canvas, Circle circle, String text, GradeLook look) {
    Label.within(circle.r(), text, SMALLEST_TEXT, LARGEST_TEXT)
        .ifPresent(
            label ->
                canvas.text(
                    circle.x(), circle.y(), label.lines(), label.size(), look.text(), look.fill()));
  }

  private static void along(Canvas canvas, Circle circle, String text) {
    double size = Math.clamp(circle.r() / 9, 6, 17);
    double room = 2.3 * circle.r() / size;
    // In a small circle a piece of a label says less than none.
    var label = circle.r() > 60 || Label.width(text) <= room ? Label.cut(text, room) : "";
    if (!label.isEmpty()) {
      canvas.arc(circle, label, size);
    }
  }

  private void legend(BubbleLayout layout, Canvas canvas) {
    var counts = counts(layout);
    var frame = frame(layout);
    double step = frame.width() / Grade.values().length;
    double y = frame.y() + frame.height() - LEGEND;
    for (var grade : Grade.values()) {
      var look = GradeLook.of(grade);
      double x = frame.x() + step * grade.ordinal() + step / 2;
      canvas.subject(new Circle(x, y + 14, 11), look, look.id());
      var meaning =
          "%s: %d · %s".formatted(look.id(), counts.getOrDefault(grade, 0L), look.meaning(grades));
      canvas.text(x, y + 40, List.of(meaning), 13, "#333333", null);
    }
  }
}
