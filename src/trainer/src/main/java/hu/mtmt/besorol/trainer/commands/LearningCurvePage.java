package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.contract.LearningCurveReport;
import hu.mtmt.besorol.contract.LearningCurveReport.MetricCurve;
import hu.mtmt.besorol.contract.LearningCurveReport.SubjectCurve;
import hu.mtmt.besorol.contract.Metric;
import hu.mtmt.besorol.report.Markup;
import hu.mtmt.besorol.taxonomy.Taxonomy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/**
 * A learning curve as a page for people: the curves as pictures, dashed where they foretell, and
 * tables. One file that needs no network and no script; the same curve always gives the same bytes.
 *
 * @param report the curve
 * @param taxonomy names the subjects
 */
record LearningCurvePage(LearningCurveReport report, Taxonomy taxonomy) {
  /** Behind these the rest of the subjects is in the JSON only. */
  private static final int SUBJECTS = 1_000;

  private static final int STEPS = 40;

  /** The page in UTF-8. */
  byte[] write() {
    var page = new Html("Learning curve of " + report.algorithm().type().written());
    page.paragraph(
        "Trained on growing samples of the training documents (%s), judged on %d documents (%s). Curves are limit − factor · n^(−exponent) (Figueroa et al. 2012); intervals are of a bootstrap over the judged documents with %d draws, confidence %s %%."
            .formatted(
                report.training().abbreviated(),
                report.judged(),
                report.documents().abbreviated(),
                report.draws(),
                Confidence.percent(report.confidence())));
    page.heading(2, "How it grows");
    for (var metric : List.of(Metric.STRICT_F1, Metric.LENIENT_F1, Metric.MACRO_F1)) {
      report.metrics().stream()
          .filter(c -> c.metric() == metric)
          .forEach(c -> page.picture(large(c)));
    }
    metrics(page);
    points(page);
    page.heading(2, "Where labelling pays");
    page.paragraph(LearningCurveText.summary(report));
    subjects(page);
    return page.write();
  }

  private void metrics(Html page) {
    page.head(
        "metric", "now", "with twice the documents", "interval of the gain", "limit", "exponent");
    for (var curve : report.metrics()) {
      page.row((Object[]) LearningCurveText.cells(curve));
    }
    page.endTable();
  }

  private void points(Html page) {
    var head = new ArrayList<>(List.of("share", "training documents", "seconds"));
    LearningCurveText.SHOWN.forEach(metric -> head.add(metric.written()));
    page.head(head.toArray(String[]::new));
    for (var point : report.points()) {
      page.row((Object[]) LearningCurveText.cells(point));
    }
    page.endTable();
  }

  private void subjects(Html page) {
    page.head(
        "subject",
        "",
        "learnt",
        "F1",
        "gain from %d more".formatted(report.furtherDocuments()),
        "interval",
        "judged on");
    report.subjects().stream()
        .filter(s -> s.gain() != null)
        .limit(SUBJECTS)
        .forEach(
            s ->
                page.row(
                    ComparisonText.name(taxonomy, s.subject()),
                    small(s),
                    LearningCurveText.learnt(s),
                    ComparisonText.share(s.measured().getLast().f1()),
                    ComparisonText.signed(s.gain()),
                    ComparisonText.between(s.lower(), s.upper()),
                    Integer.toString(s.documents())));
    page.endTable();
  }

  /** The curve of a metric up to twice the documents, with its points and axes. */
  private Markup large(MetricCurve curve) {
    int all = report.points().getLast().trainingDocuments();
    var plot = new Plot(360, 220, 2.0 * all, "better", curve.metric().written());
    for (double y = 0; y <= 1; y += 0.25) {
      plot.line(y);
      plot.text(-6, y, "end", String.format(Locale.ROOT, "%.2f", y));
    }
    plot.text(plot.x(all), -0.08, "middle", Integer.toString(all));
    plot.text(plot.x(2.0 * all), -0.08, "middle", Integer.toString(2 * all));
    plot.text(8, 1.06, "start", curve.metric().written());
    DoubleUnaryOperator law = n -> curve.limit() - curve.factor() * Math.pow(n, -curve.exponent());
    plot.path(law, report.points().getFirst().trainingDocuments(), all, null);
    plot.path(law, all, 2.0 * all, "foretold");
    for (var point : report.points()) {
      plot.circle(point.trainingDocuments(), point.metrics().get(curve.metric()), 3.5);
    }
    return plot.finish();
  }

  /** The curve of a subject up to the further documents. */
  private Markup small(SubjectCurve curve) {
    double all = curve.measured().getLast().trainingDocuments();
    double end = all + report.furtherDocuments();
    var plot = new Plot(110, 26, end, curve.clear() ? "better" : "unclear", "F1 by documents");
    DoubleUnaryOperator law =
        n -> curve.limit() - curve.factor() * Math.pow(n, -report.subjectExponent());
    var learnt = curve.measured().stream().filter(m -> m.trainingDocuments() >= 1).toList();
    plot.path(law, learnt.getFirst().trainingDocuments(), all, null);
    plot.path(law, all, end, "foretold");
    learnt.forEach(m -> plot.circle(m.trainingDocuments(), m.f1(), 2));
    return plot.finish();
  }

  /** A picture of shares over numbers of documents, from 0 on. */
  private static final class Plot {
    private final Markup svg = new Markup();
    private final int width;
    private final int height;
    private final double largest;

    /**
     * @param width in pixels
     * @param height in pixels
     * @param largest number of documents
     * @param kind what its colour says
     * @param label what it shows
     */
    Plot(int width, int height, double largest, String kind, String label) {
      this.width = width;
      this.height = height;
      this.largest = largest;
      int margin = height > 100 ? 40 : 2; // for the numbers at the axes
      int outerWidth = width + 2 * margin;
      int outerHeight = height + 2 * margin;
      svg.open(
          "svg",
          "class",
          kind,
          "width",
          Integer.toString(outerWidth),
          "height",
          Integer.toString(outerHeight),
          "viewBox",
          "%d %d %d %d".formatted(-margin, -margin, outerWidth, outerHeight),
          "role",
          "img",
          "aria-label",
          label);
    }

    double x(double documents) {
      return width * documents / largest;
    }

    private double y(double share) {
      return height * (1 - share);
    }

    /** A line right across at a share. */
    void line(double share) {
      var y = number(y(share));
      svg.empty("line", "class", "zero", "x1", "0", "y1", y, "x2", number(width), "y2", y);
    }

    void text(double x, double share, String anchor, String text) {
      svg.element("text", text, "x", number(x), "y", number(y(share) + 4), "text-anchor", anchor);
    }

    void circle(double documents, double share, double radius) {
      svg.empty("circle", "cx", number(x(documents)), "cy", number(y(share)), "r", number(radius));
    }

    void path(DoubleUnaryOperator law, double from, double to, String kind) {
      var path = new StringBuilder();
      for (int i = 0; i <= STEPS; i++) {
        double documents = from + i * (to - from) / STEPS;
        path.append(i == 0 ? "M" : "L")
            .append(number(x(documents)))
            .append(' ')
            .append(number(y(Math.clamp(law.applyAsDouble(documents), 0, 1))));
      }
      svg.empty("path", "class", kind, "d", path.toString());
    }

    Markup finish() {
      return svg.close();
    }

    private static String number(double value) {
      return String.format(Locale.ROOT, "%.1f", value);
    }
  }
}
