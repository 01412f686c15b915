package hu.mtmt.besorol.report.picture;

import java.util.List;

/** What a picture is drawn on: SVG or pixels. Lengths are those of {@link BubbleLayout}. */
interface Canvas {
  /** A circle that others lie in. */
  void group(Bubble bubble, String title);

  /** A subject's circle. */
  void subject(Circle circle, GradeLook look, String title);

  /**
   * Lines around a point, each centred.
   *
   * @param halo colour around the letters, so that hatching does not run through them, or null
   */
  void text(double x, double y, List<String> lines, double size, String colour, String halo);

  /** A line along the top of a circle, on its border. */
  void arc(Circle circle, String text, double size);
}
