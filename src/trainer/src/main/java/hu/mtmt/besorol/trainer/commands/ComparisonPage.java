package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.contract.ComparisonReport;
import hu.mtmt.besorol.contract.ComparisonReport.Difference;
import hu.mtmt.besorol.contract.ComparisonReport.Versus;
import hu.mtmt.besorol.report.Markup;
import hu.mtmt.besorol.taxonomy.Taxonomy;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A comparison as a page for people: tables, with every interval drawn as a whisker. One file that
 * needs no network and no script; the same comparison always gives the same bytes.
 *
 * @param report the comparison
 * @param taxonomy names the subjects
 */
record ComparisonPage(ComparisonReport report, Taxonomy taxonomy) {
  private static final int WIDTH = 160;
  private static final int HEIGHT = 14;

  /** Behind these the rest of the subjects is in the JSON only. */
  private static final int SUBJECTS = 1_000;

  /** The page in UTF-8. */
  byte[] write() {
    var page = new Html("Comparison with " + report.baseline());
    page.paragraph(
        "%d documents (%s), subjects %s. Intervals and p are of a paired bootstrap with %d draws, confidence %s %%; p of subjects is of an exact paired randomization test, q is corrected for false discoveries (Benjamini and Hochberg)."
            .formatted(
                report.judged(),
                report.documents().abbreviated(),
                report.taxonomy().abbreviated(),
                report.draws(),
                Confidence.percent(report.confidence())));
    if (report.contestants().size() > 2) {
      ranking(page);
    }
    report.comparisons().forEach(versus -> versus(page, versus));
    return page.write();
  }

  private void ranking(Html page) {
    page.heading(2, "Ranking by " + report.rankedBy().written());
    page.head("", "value", "rank", "ranks within the confidence", "best in");
    for (var contestant : ComparisonText.ranked(report)) {
      var place = contestant.place();
      page.row(
          contestant.name(),
          ComparisonText.share(contestant.metrics().get(report.rankedBy())),
          Integer.toString(place.rank()),
          place.best() + "–" + place.worst(),
          String.format(Locale.ROOT, "%.0f %%", 100 * place.first()));
    }
    page.endTable();
  }

  private void versus(Html page, Versus versus) {
    page.heading(2, versus.contestant());
    page.heading(3, "Overall");
    differences(
        page,
        versus.overall().differences().stream()
            .map(d -> new Row(d.metric().written(), report.judged(), d))
            .toList());
    var metric = ComparisonText.metricOfParts(report);
    page.heading(3, metric.written() + " by level and branch");
    differences(
        page,
        Stream.concat(
                versus.levels().stream()
                    .map(
                        p ->
                            new Row(
                                "level " + p.name(),
                                p.documents(),
                                ComparisonText.difference(p, metric))),
                versus.branches().stream()
                    .map(
                        p ->
                            new Row(
                                ComparisonText.name(taxonomy, p.name()),
                                p.documents(),
                                ComparisonText.difference(p, metric))))
            .toList());
    page.heading(3, "F1 by subject");
    page.paragraph(ComparisonText.summary(versus));
    subjects(page, versus);
  }

  /** A line of a table of differences. */
  private record Row(String name, int documents, Difference difference) {}

  private void differences(Html page, List<Row> rows) {
    var scale =
        scale(
            rows.stream().flatMap(r -> Stream.of(r.difference().lower(), r.difference().upper())));
    page.head("", "documents", "baseline", "value", "difference", "interval", "", "p");
    for (var row : rows) {
      var d = row.difference();
      page.row(
          row.name(),
          Integer.toString(row.documents()),
          ComparisonText.share(d.baseline()),
          ComparisonText.share(d.value()),
          ComparisonText.signed(d.difference()),
          ComparisonText.between(d.lower(), d.upper()),
          whisker(d.difference(), d.lower(), d.upper(), d.lower() > 0 || d.upper() < 0, scale),
          ComparisonText.probability(d.p()));
    }
    page.endTable();
  }

  private void subjects(Html page, Versus versus) {
    var tested = ComparisonText.clearest(versus).limit(SUBJECTS).toList();
    if (tested.isEmpty()) {
      return;
    }
    var scale = scale(tested.stream().flatMap(s -> Stream.of(s.lower(), s.upper())));
    page.head("", "documents", "baseline", "value", "difference", "interval", "", "p", "q");
    for (var s : tested) {
      page.row(
          ComparisonText.name(taxonomy, s.subject()),
          Integer.toString(s.documents()),
          ComparisonText.share(s.baseline()),
          ComparisonText.share(s.value()),
          ComparisonText.signed(s.difference()),
          ComparisonText.between(s.lower(), s.upper()),
          whisker(s.difference(), s.lower(), s.upper(), ComparisonText.isClear(s), scale),
          ComparisonText.probability(s.p()),
          ComparisonText.probability(s.q()));
    }
    page.endTable();
  }

  /** The largest distance from 0: half the width of a picture. */
  private static double scale(Stream<Double> ends) {
    return Math.max(1e-9, ends.mapToDouble(Math::abs).max().orElse(0));
  }

  /** An interval with its difference and 0; colour and shape both say whether it is clear. */
  private static Markup whisker(
      double difference, double lower, double upper, boolean clear, double scale) {
    var kind = !clear ? "unclear" : difference > 0 ? "better" : "worse";
    var width = Integer.toString(WIDTH);
    var height = Integer.toString(HEIGHT);
    var middle = Integer.toString(HEIGHT / 2);
    var zero = x(0, scale);
    return new Markup()
        .open(
            "svg",
            "class",
            kind,
            "width",
            width,
            "height",
            height,
            "role",
            "img",
            "aria-label",
            kind)
        .empty("line", "class", "zero", "x1", zero, "y1", "0", "x2", zero, "y2", height)
        .empty("line", "x1", x(lower, scale), "y1", middle, "x2", x(upper, scale), "y2", middle)
        .empty("circle", "cx", x(difference, scale), "cy", middle, "r", clear ? "4" : "2")
        .close();
  }

  private static String x(double value, double scale) {
    return String.format(Locale.ROOT, "%.1f", WIDTH / 2.0 * (1 + value / scale));
  }
}
