package hu.mtmt.besorol.trainer.commands;

import hu.mtmt.besorol.report.Markup;
import java.nio.charset.StandardCharsets;

/** A small page for people: one file that needs no network and no script. */
final class Html {
  private static final String STYLE =
      """
      :root { color-scheme: light dark; --better: #0072b2; --worse: #d55e00; --unclear: #888; }
      body { font: 15px/1.45 system-ui, sans-serif; max-width: 78rem; margin: 2rem auto; padding: 0 1rem; }
      table { border-collapse: collapse; margin: .5rem 0 1.5rem; font-variant-numeric: tabular-nums; }
      th, td { padding: .15rem .7rem; text-align: right; border-bottom: 1px solid #8884; white-space: nowrap; }
      th:first-child, td:first-child { text-align: left; white-space: normal; }
      .better { color: var(--better); } .worse { color: var(--worse); } .unclear { color: var(--unclear); }
      svg { vertical-align: middle; overflow: visible; }
      svg line, svg path { stroke: currentColor; stroke-width: 2; fill: none; }
      svg .zero { stroke: #8888; stroke-width: 1; } svg .foretold { stroke-dasharray: 5 4; }
      svg circle { fill: currentColor; } svg text { fill: currentColor; font-size: 12px; }
      """;

  private final StringBuilder page = new StringBuilder();

  Html(String title) {
    page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append("<title>")
        .append(escape(title))
        .append("</title>\n")
        .append("<style>\n")
        .append(STYLE)
        .append("</style>\n</head>\n<body>\n");
    heading(1, title);
  }

  void heading(int level, String text) {
    page.append("<h%d>%s</h%d>\n".formatted(level, escape(text), level));
  }

  void paragraph(String text) {
    page.append("<p>").append(escape(text)).append("</p>\n");
  }

  /** What is HTML already. */
  void raw(String html) {
    page.append(html);
  }

  /** Begins a table. */
  void head(String... cells) {
    page.append("<table>\n");
    row("th", cells);
  }

  /**
   * A row of a table.
   *
   * @param cells HTML
   */
  void row(String... cells) {
    row("td", cells);
  }

  private void row(String element, String... cells) {
    page.append("<tr>");
    for (var cell : cells) {
      page.append('<').append(element).append('>').append(cell);
      page.append("</").append(element).append('>');
    }
    page.append("</tr>\n");
  }

  void endTable() {
    page.append("</table>\n");
  }

  /** The whole page in UTF-8. */
  byte[] write() {
    return (page + "</body>\n</html>\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Text as HTML. */
  static String escape(String text) {
    return new Markup().text(text).toString();
  }
}
