package hu.mtmt.besorol.report.picture;

import hu.mtmt.besorol.report.Markup;
import java.util.List;
import java.util.Locale;

/** Draws SVG. */
final class SvgCanvas implements Canvas {
  private static final String STYLE =
      """
      text{font-family:"Source Sans 3","Noto Sans","DejaVu Sans",Arial,sans-serif;text-anchor:middle;dominant-baseline:central}
      .group{fill:#1f2d3d;fill-opacity:.06;stroke:#5b6b7b;stroke-opacity:.6}
      .halo,.arc{paint-order:stroke;stroke-width:.28em;stroke-linejoin:round}
      .arc{dominant-baseline:auto;fill:#26323e;font-weight:600;stroke:#fff}
      """;

  private final Markup markup = new Markup();
  private int arcs;

  SvgCanvas(Rectangle frame, String title) {
    markup.open(
        "svg",
        "xmlns",
        "http://www.w3.org/2000/svg",
        "viewBox",
        "%s %s %s %s"
            .formatted(
                number(frame.x()),
                number(frame.y()),
                number(frame.width()),
                number(frame.height())),
        "role",
        "img");
    markup.element("title", title);
    markup.element("style", STYLE);
    markup.open("defs");
    for (var look : GradeLook.values()) {
      pattern(look);
    }
    markup.close();
    markup.empty(
        "rect",
        "x",
        number(frame.x()),
        "y",
        number(frame.y()),
        "width",
        number(frame.width()),
        "height",
        number(frame.height()),
        "fill",
        "#ffffff");
  }

  private void pattern(GradeLook look) {
    markup.open(
        "pattern", "id", look.id(), "width", "6", "height", "6", "patternUnits", "userSpaceOnUse");
    markup.empty("rect", "width", "6", "height", "6", "fill", look.fill());
    var rising = "M-1 1L1-1M0 6L6 0M5 7L7 5";
    var falling = "M-1 5L1 7M0 0L6 6M5-1L7 1";
    switch (look.hatching()) {
      case NONE -> {}
      case STRIPES -> lines(rising, look);
      case CROSSES -> lines(rising + falling, look);
      case DOTS -> markup.empty("circle", "cx", "3", "cy", "3", "r", ".8", "fill", look.ink());
    }
    markup.close();
  }

  private void lines(String path, GradeLook look) {
    markup.empty(
        "path", "d", path, "stroke", look.ink(), "stroke-width", ".7", "stroke-opacity", ".55");
  }

  @Override
  public void group(Bubble bubble, String title) {
    circle(bubble.circle(), title, "class", "group", "stroke-width", ".8");
  }

  @Override
  public void subject(Circle circle, GradeLook look, String title) {
    var width = number(Math.min(1.4, circle.r() * 0.12));
    circle(
        circle,
        title,
        "fill",
        "url(#" + look.id() + ")",
        "stroke",
        look.ink(),
        "stroke-width",
        width);
  }

  private void circle(Circle circle, String title, String... attributes) {
    var all = new String[6 + attributes.length];
    all[0] = "cx";
    all[1] = number(circle.x());
    all[2] = "cy";
    all[3] = number(circle.y());
    all[4] = "r";
    all[5] = number(circle.r());
    System.arraycopy(attributes, 0, all, 6, attributes.length);
    markup.open("circle", all).element("title", title).close();
  }

  @Override
  public void text(
      double x, double y, List<String> lines, double size, String colour, String halo) {
    markup.open(
        "text",
        "class",
        halo == null ? null : "halo",
        "font-size",
        number(size),
        "fill",
        colour,
        "stroke",
        halo);
    for (int i = 0; i < lines.size(); i++) {
      double line = y + (i - (lines.size() - 1) / 2.0) * Label.LINE * size;
      markup.element("tspan", lines.get(i), "x", number(x), "y", number(line));
    }
    markup.close();
  }

  @Override
  public void arc(Circle circle, String text, double size) {
    var id = "arc" + arcs++;
    double r = circle.r() - size * 0.3;
    markup.empty(
        "path",
        "id",
        id,
        "fill",
        "none",
        "d",
        "M%s %sA%s %s 0 0 1 %s %s"
            .formatted(
                number(circle.x() - r),
                number(circle.y()),
                number(r),
                number(r),
                number(circle.x() + r),
                number(circle.y())));
    markup.open("text", "class", "arc", "font-size", number(size));
    markup.element("textPath", text, "href", "#" + id, "startOffset", "50%");
    markup.close();
  }

  String finish() {
    return markup.close().toString();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
