package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.contract.ComparisonReport;
import hu.mtmt.besorol.contract.ComparisonReport.Difference;
import hu.mtmt.besorol.contract.ComparisonReport.Versus;
import hu.mtmt.besorol.taxonomy.Taxonomy;
import java.nio.charset.StandardCharsets;
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

  private static final String STYLE =
      """
      :root { color-scheme: light dark; --better: #0072b2; --worse: #d55e00; --unclear: #888; }
      body { font: 15px/1.45 system-ui, sans-serif; max-width: 78rem; margin: 2rem auto; padding: 0 1rem; }
      table { border-collapse: collapse; margin: .5rem 0 1.5rem; font-variant-numeric: tabular-nums; }
      th, td { padding: .15rem .7rem; text-align: right; border-bottom: 1px solid #8884; white-space: nowrap; }
      th:first-child, td:first-child { text-align: left; white-space: normal; }
      .better { color: var(--better); } .worse { color: var(--worse); } .unclear { color: var(--unclear); }
      svg { vertical-align: middle; overflow: visible; }
      svg line { stroke: currentColor; stroke-width: 2; } svg .zero { stroke: #8888; stroke-width: 1; }
      svg circle { fill: currentColor; }
      .note { color: #777; max-width: 60rem; }
      """;

  /** The page in UTF-8. */
  byte[] write() {
    var page = new StringBuilder();
    page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append("<title>Comparison with %s</title>\n".formatted(escape(report.baseline())))
        .append("<style>\n")
        .append(STYLE)
        .append("</style>\n</head>\n<body>\n")
        .append("<h1>Comparison with %s</h1>\n".formatted(escape(report.baseline())))
        .append(
            """
            <p>%d documents (%s), subjects %s. Intervals and p are of a paired bootstrap with %,d draws, \
            confidence %s %%; p of subjects is of an exact paired randomization test, q is corrected for \
            false discoveries (Benjamini and Hochberg).</p>
            """
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
    return page.append("</body>\n</html>\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private void ranking(StringBuilder page) {
    page.append("<h2>Ranking by %s</h2>\n".formatted(report.rankedBy().written()));
    head(page, "", "value", "rank", "ranks within the confidence", "best in");
    for (var contestant : ComparisonText.ranked(report)) {
      var place = contestant.place();
      row(
          page,
          escape(contestant.name()),
          ComparisonText.share(contestant.metrics().get(report.rankedBy())),
          Integer.toString(place.rank()),
          place.best() + "–" + place.worst(),
          String.format(Locale.ROOT, "%.0f %%", 100 * place.first()));
    }
    page.append("</table>\n");
  }

  private void versus(StringBuilder page, Versus versus) {
    page.append("<h2>%s</h2>\n<h3>Overall</h3>\n".formatted(escape(versus.contestant())));
    differences(
        page,
        versus.overall().differences().stream()
            .map(d -> new Row(d.metric().written(), report.judged(), d))
            .toList());
    var metric = ComparisonText.metricOfParts(report);
    page.append("<h3>%s by level and branch</h3>\n".formatted(metric.written()));
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
    page.append("<h3>F1 by subject</h3>\n<p>%s</p>\n".formatted(ComparisonText.summary(versus)));
    subjects(page, versus);
  }

  /** A line of a table of differences. */
  private record Row(String name, int documents, Difference difference) {}

  private void differences(StringBuilder page, List<Row> rows) {
    var scale =
        scale(
            rows.stream().flatMap(r -> Stream.of(r.difference().lower(), r.difference().upper())));
    head(page, "", "documents", "baseline", "value", "difference", "interval", "", "p");
    for (var row : rows) {
      var d = row.difference();
      row(
          page,
          escape(row.name()),
          Integer.toString(row.documents()),
          ComparisonText.share(d.baseline()),
          ComparisonText.share(d.value()),
          ComparisonText.signed(d.difference()),
          ComparisonText.between(d.lower(), d.upper()),
          whisker(d.difference(), d.lower(), d.upper(), d.lower() > 0 || d.upper() < 0, scale),
          ComparisonText.probability(d.p()));
    }
    page.append("</table>\n");
  }

  private void subjects(StringBuilder page, Versus versus) {
    var tested = ComparisonText.clearest(versus).toList();
    if (tested.isEmpty()) {
      return;
    }
    var scale = scale(tested.stream().flatMap(s -> Stream.of(s.lower(), s.upper())));
    head(page, "", "documents", "baseline", "value", "difference", "interval", "", "p", "q");
    for (var s : tested) {
      row(
          page,
          escape(ComparisonText.name(taxonomy, s.subject())),
          Integer.toString(s.documents()),
          ComparisonText.share(s.baseline()),
          ComparisonText.share(s.value()),
          ComparisonText.signed(s.difference()),
          ComparisonText.between(s.lower(), s.upper()),
          whisker(s.difference(), s.lower(), s.upper(), ComparisonText.isClear(s), scale),
          ComparisonText.probability(s.p()),
          ComparisonText.probability(s.q()));
    }
    page.append("</table>\n");
  }

  private static void head(StringBuilder page, String... cells) {
    page.append("<table>\n<tr>");
    for (var cell : cells) {
      page.append("<th>").append(cell).append("</th>");
    }
    page.append("</tr>\n");
  }

  private static void row(StringBuilder page, String... cells) {
    page.append("<tr>");
    for (var cell : cells) {
      page.append("<td>").append(cell).append("</td>");
    }
    page.append("</tr>\n");
  }

  /** The largest distance from 0: half the width of a picture. */
  private static double scale(Stream<Double> ends) {
    return Math.max(1e-9, ends.mapToDouble(Math::abs).max().orElse(0));
  }

  /** An interval with its difference and 0; colour and shape both say whether it is clear. */
  private static String whisker(
      double difference, double lower, double upper, boolean clear, double scale) {
    var kind = !clear ? "unclear" : difference > 0 ? "better" : "worse";
    return """
    <svg class="%s" width="%d" height="%d" role="img" aria-label="%s">\
    <line class="zero" x1="%s" y1="0" x2="%s" y2="%d"/>\
    <line x1="%s" y1="%d" x2="%s" y2="%d"/>\
    <circle cx="%s" cy="%d" r="%s"/></svg>\
    """
        .formatted(
            kind,
            WIDTH,
            HEIGHT,
            kind,
            x(0, scale),
            x(0, scale),
            HEIGHT,
            x(lower, scale),
            HEIGHT / 2,
            x(upper, scale),
            HEIGHT / 2,
            x(difference, scale),
            HEIGHT / 2,
            clear ? "4" : "2");
  }

  private static String x(double value, double scale) {
    return String.format(Locale.ROOT, "%.1f", WIDTH / 2.0 * (1 + value / scale));
  }

  /** Text as HTML. */
  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
