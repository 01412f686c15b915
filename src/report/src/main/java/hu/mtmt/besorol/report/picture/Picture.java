package hu.mtmt.besorol.report.picture;

import hu.mtmt.besorol.contract.EvaluationReport;
import hu.mtmt.besorol.contract.Grades;
import hu.mtmt.besorol.contract.Grades.Grade;
import hu.mtmt.besorol.taxonomy.TargetLevel;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The picture without a browser.
 *
 * @param target names of the subjects
 * @param report what they are graded by
 * @param grades meaning of the grades
 * @param language language of the labels, as far as subjects have one in it
 */
public record Picture(TargetLevel target, EvaluationReport report, Grades grades, String language) {
  /** Height of the picture with its legend; the width is {@link BubbleLayout#SIDE}. */
  static final double HEIGHT = BubbleLayout.SIDE + 60;

  /** Text below this size cannot be read. */
  private static final double SMALLEST_TEXT = 5;

  private static final double LARGEST_TEXT = 18;

  /** As an SVG document, UTF-8 when written: the same for the same report. */
  public String svg() {
    var canvas = new SvgCanvas(title());
    draw(canvas);
    return canvas.finish();
  }

  /**
   * As a PNG.
   *
   * @param width in pixels
   * @return its bytes; without labels where the machine has no fonts
   */
  public Png png(int width) {
    var canvas = new PixelCanvas(width);
    draw(canvas);
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

  /** Whether a file's name asks for a kind of picture that can be drawn. */
  public static boolean canBe(Path file) {
    return isSvg(file) || isPng(file);
  }

  public static boolean isSvg(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".svg");
  }

  private static boolean isPng(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".png");
  }

  private String title() {
    return "%d subjects: %s"
        .formatted(
            report.subjects().size(),
            String.join(
                ", ",
                List.of(Grade.values()).stream()
                    .map(g -> counts().getOrDefault(g, 0) + " " + GradeLook.of(g).id())
                    .toList()));
  }

  private Map<Grade, Integer> counts() {
    var counts = new EnumMap<Grade, Integer>(Grade.class);
    report.subjects().forEach(s -> counts.merge(s.grade(), 1, Integer::sum));
    return counts;
  }

  private void draw(Canvas canvas) {
    var bubbles = BubbleLayout.of(target, report);
    for (var bubble : bubbles) {
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
    for (var bubble : bubbles) {
      if (bubble.group()) {
        along(canvas, bubble.circle(), label(bubble));
      } else {
        within(canvas, bubble.circle(), label(bubble), GradeLook.of(bubble.grade()));
      }
    }
    legend(canvas);
  }

  private String label(Bubble bubble) {
    return target.taxonomy().subject(bubble.subject()).label(language);
  }

  private static void within(Canvas canvas, Circle circle, String text, GradeLook look) {
    Label.within(circle.r(), text, SMALLEST_TEXT, LARGEST_TEXT)
        .ifPresent(
            label -> canvas.text(circle.x(), circle.y(), label.lines(), label.size(), look.text()));
  }

  private static void along(Canvas canvas, Circle circle, String text) {
    double size = Math.clamp(circle.r() / 9, 7, 17);
    var cut = Label.cut(text, 2.3 * circle.r() / size);
    if (circle.r() > 24 && !cut.isEmpty()) {
      canvas.arc(circle, cut, size);
    }
  }

  private void legend(Canvas canvas) {
    double step = BubbleLayout.SIDE / Grade.values().length;
    for (var grade : Grade.values()) {
      var look = GradeLook.of(grade);
      double x = step * grade.ordinal() + step / 2;
      canvas.subject(new Circle(x, BubbleLayout.SIDE + 18, 11), look, look.id());
      var meaning =
          "%s: %d · %s".formatted(look.id(), counts().getOrDefault(grade, 0), look.meaning(grades));
      canvas.text(x, BubbleLayout.SIDE + 44, List.of(meaning), 13, "#333333");
    }
  }
}
