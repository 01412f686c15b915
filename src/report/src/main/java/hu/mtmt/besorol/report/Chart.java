package hu.mtmt.besorol.report;

import hu.mtmt.besorol.evaluation.Calibration;
import hu.mtmt.besorol.evaluation.PrecisionRecall;
import java.util.List;
import java.util.Locale;

/** Curves in a unit square, as inline SVG whose colours are those of the page. */
final class Chart {
  private static final double SIZE = 320;
  private static final double LEFT = 44;
  private static final double TOP = 12;

  private final Markup svg = new Markup();

  private Chart(String description, String across, String up) {
    svg.open(
        "svg",
        "viewBox",
        "0 0 %s %s".formatted(number(LEFT + SIZE + 16), number(TOP + SIZE + 44)),
        "class",
        "chart",
        "role",
        "img",
        "aria-label",
        description);
    for (int i = 0; i <= 10; i++) {
      double at = i / 10.0;
      var line = i % 10 == 0 ? "axis" : "grid";
      svg.empty("path", "class", line, "d", "M" + point(at, 0) + "L" + point(at, 1));
      svg.empty("path", "class", line, "d", "M" + point(0, at) + "L" + point(1, at));
      if (i % 2 == 0) {
        text("tick", x(at), y(0) + 16, "middle", number(at));
        text("tick", x(0) - 7, y(at) + 4, "end", number(at));
      }
    }
    text("label", x(0.5), y(0) + 36, "middle", across);
    svg.element(
        "text",
        up,
        "class",
        "label",
        "text-anchor",
        "middle",
        "transform",
        "translate(11 %s) rotate(-90)".formatted(number(y(0.5))));
  }

  /** Precision over recall, and where the answers stand on it. */
  static Markup precisionRecall(
      List<PrecisionRecall.Point> curve, double precision, double recall) {
    var best = PrecisionRecall.best(curve);
    var chart =
        new Chart(
            "Precision over recall. The answers have precision %s at recall %s; the best F1 of one threshold is %s."
                .formatted(share(precision), share(recall), share(best.f1())),
            "Recall",
            "Precision");
    for (int f = 2; f <= 8; f += 2) {
      chart.sameF1(f / 10.0);
    }
    var path = new StringBuilder("M").append(point(0, curve.getFirst().precision()));
    for (var p : curve) {
      path.append('L').append(point(p.recall(), p.precision()));
    }
    var area = path + "L" + point(curve.getLast().recall(), 0) + "L" + point(0, 0) + "Z";
    chart.svg.empty("path", "class", "area", "d", area);
    chart.svg.empty("path", "class", "curve", "d", path.toString());
    chart.mark(
        "best",
        best.recall(),
        best.precision(),
        "Best single threshold %s: F1 %s".formatted(share(best.threshold()), share(best.f1())));
    chart.mark(
        "answer",
        recall,
        precision,
        "The answers: precision %s, recall %s".formatted(share(precision), share(recall)));
    return chart.finish();
  }

  /** Where precision and recall have one harmonic mean. */
  private void sameF1(double f1) {
    double end = f1 / (2 - f1); // where the other one is 1
    var path = new StringBuilder();
    for (int i = 0; i <= 40; i++) {
      double recall = end + (1 - end) * i / 40;
      double precision = f1 * recall / (2 * recall - f1);
      path.append(path.isEmpty() ? 'M' : 'L').append(point(recall, precision));
    }
    svg.empty("path", "class", "guide", "d", path.toString());
    text("tick", x(1) - 3, y(end) + 13, "end", "F1 " + number(f1));
  }

  /** The share of right answers over their score. */
  static Markup reliability(List<Calibration.Bin> bins) {
    var chart =
        new Chart(
            "Share of right answers over their score. On the diagonal, a score is the chance to be"
                + " right.",
            "Score",
            "Share that is right");
    chart.svg.empty("path", "class", "guide", "d", "M" + point(0, 0) + "L" + point(1, 1));
    long most = bins.stream().mapToLong(Calibration.Bin::answered).max().orElse(1);
    for (var bin : bins) {
      double height = 0.25 * bin.answered() / most;
      chart.svg.empty(
          "rect",
          "class",
          "area",
          "x",
          number(x(bin.score()) - 7),
          "y",
          number(y(height)),
          "width",
          "14",
          "height",
          number(SIZE * height));
    }
    var path = new StringBuilder();
    for (var bin : bins) {
      path.append(path.isEmpty() ? 'M' : 'L').append(point(bin.score(), bin.right()));
    }
    chart.svg.empty("path", "class", "curve", "d", path.toString());
    for (var bin : bins) {
      chart.mark(
          "dot",
          bin.score(),
          bin.right(),
          "Score %s: %s of %d answers are right"
              .formatted(share(bin.score()), percent(bin.right()), bin.answered()));
    }
    return chart.finish();
  }

  private void mark(String kind, double across, double up, String title) {
    double x = x(across);
    double y = y(up);
    svg.open("g", "class", "mark " + kind).element("title", title);
    switch (kind) {
      case "answer" ->
          svg.empty("path", "d", "M%s %sl7 7l-7 7l-7 -7Z".formatted(number(x), number(y - 7)));
      default -> svg.empty("circle", "cx", number(x), "cy", number(y), "r", "4.5");
    }
    svg.close();
  }

  private void text(String kind, double x, double y, String anchor, String text) {
    svg.element("text", text, "class", kind, "text-anchor", anchor, "x", number(x), "y", number(y));
  }

  private Markup finish() {
    svg.close();
    return svg;
  }

  private static double x(double share) {
    return LEFT + share * SIZE;
  }

  private static double y(double share) {
    return TOP + (1 - share) * SIZE;
  }

  private static String point(double across, double up) {
    return number(x(across)) + " " + number(y(up));
  }

  private static String number(double value) {
    var text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  static String share(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  static String percent(double value) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * value);
  }
}
