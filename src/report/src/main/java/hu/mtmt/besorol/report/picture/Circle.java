package hu.mtmt.besorol.report.picture;

/** A circle in the plane; y grows downwards. */
public record Circle(double x, double y, double r) {
  Circle movedBy(double dx, double dy) {
    return new Circle(x + dx, y + dy, r);
  }

  Circle scaled(double factor) {
    return new Circle(x * factor, y * factor, r * factor);
  }
}
