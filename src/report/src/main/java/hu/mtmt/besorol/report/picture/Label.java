package hu.mtmt.besorol.report.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Text broken into lines that fit into a circle.
 *
 * @param lines from top to bottom
 * @param size of the font, in the unit of the radius
 */
record Label(List<String> lines, double size) {
  /** From one line's middle to the next, in font sizes. */
  static final double LINE = 1.15;

  private static final int MOST_LINES = 5;

  /** How much of the radius text may fill. */
  private static final double FILLED = 0.92;

  /**
   * The breaking that allows the largest font.
   *
   * @param smallest font that can be read
   * @param largest font that is wanted
   * @return nothing if even the smallest does not fit
   */
  static Optional<Label> within(double radius, String text, double smallest, double largest) {
    Label best = null;
    for (int n = 1; n <= MOST_LINES; n++) {
      var lines = broken(text, n);
      double reach = 0;
      for (int i = 0; i < lines.size(); i++) {
        double y = Math.abs(i - (lines.size() - 1) / 2.0) * LINE + 0.5;
        double x = width(lines.get(i)) / 2;
        reach = Math.max(reach, Math.sqrt(x * x + y * y));
      }
      double size = Math.min(largest, FILLED * radius / reach);
      if (best == null || size > best.size) {
        best = new Label(lines, size);
      }
    }
    return best.size < smallest ? Optional.empty() : Optional.of(best);
  }

  /** At most {@code n} lines of about the same width, broken after spaces. */
  private static List<String> broken(String text, int n) {
    var words = text.strip().split("\\s+");
    double wanted = width(text) / n;
    var lines = new ArrayList<String>(n);
    var line = new StringBuilder();
    for (var word : words) {
      boolean full = !line.isEmpty() && width(line) + width(word) / 2 > wanted;
      if (full && lines.size() < n - 1) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  /**
   * About how wide text is in a sans-serif font, in font sizes: pictures come out the same whatever
   * fonts there are.
   */
  static double width(CharSequence text) {
    double width = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      width += "iljtfrI.,:;'|!()[] ".indexOf(c) >= 0 ? 0.36 : narrow(c) ? 0.6 : 0.8;
    }
    return width;
  }

  private static boolean narrow(char c) {
    return c < 0x2e80 && !Character.isUpperCase(c) && c != 'm' && c != 'w';
  }

  /** Text cut to a width in font sizes, with an ellipsis; empty if too little would be left. */
  static String cut(String text, double width) {
    if (width(text) <= width) {
      return text;
    }
    int length = text.length();
    while (length > 0 && width(text.substring(0, length)) + 1 > width) {
      length--;
    }
    return length < 4 ? "" : text.substring(0, length).strip() + "…";
  }
}
