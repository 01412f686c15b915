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

  private final Markup page = new Markup();

  Html(String title) {
    page.open("html", "lang", "en")
        .open("head")
        .empty("meta", "charset", "utf-8")
        .empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
        .element("title", title)
        .element("style", STYLE)
        .close()
        .open("body");
    heading(1, title);
  }

  void heading(int level, String text) {
    page.element("h" + level, text).text("\n");
  }

  void paragraph(String text) {
    page.element("p", text).text("\n");
  }

  void picture(Markup svg) {
    page.raw(svg).text("\n");
  }

  /** Begins a table. */
  void head(String... cells) {
    page.open("table").text("\n");
    row("th", (Object[]) cells);
  }

  /**
   * A row of a table.
   *
   * @param cells pictures as {@link Markup}; anything else is text
   */
  void row(Object... cells) {
    row("td", cells);
  }

  private void row(String element, Object... cells) {
    page.open("tr");
    for (var cell : cells) {
      page.open(element);
      switch (cell) {
        case Markup markup -> page.raw(markup);
        default -> page.text(cell.toString());
      }
      page.close();
    }
    page.close().text("\n");
  }

  void endTable() {
    page.close().text("\n");
  }

  /** The whole page in UTF-8. */
  byte[] write() {
    page.close().close();
    return ("<!DOCTYPE html>\n" + page + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
