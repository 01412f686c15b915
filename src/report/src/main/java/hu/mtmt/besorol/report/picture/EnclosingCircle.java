package hu.mtmt.besorol.report.picture;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The smallest circle around circles: Welzl's algorithm (1991) as an iteration with Matoušek,
 * Sharir and Welzl's basis of at most three circles.
 */
final class EnclosingCircle {
  private static final double TOLERANCE = 1e-9;

  private EnclosingCircle() {}

  /** The smallest circle that all of these lie within; a point at the origin if there are none. */
  static Circle of(List<Circle> circles) {
    // The order decides only how long it takes: any random one makes that linear on average.
    var shuffled = new ArrayList<>(circles);
    Collections.shuffle(shuffled, new Random(1));
    var basis = List.<Circle>of();
    var around = new Circle(0, 0, 0);
    int i = 0;
    while (i < shuffled.size()) {
      var next = shuffled.get(i);
      if (!basis.isEmpty() && within(around, next)) {
        i++;
        continue;
      }
      basis = extended(basis, next);
      if (basis == null) {
        return roughly(circles);
      }
      around = around(basis);
      i = 0;
    }
    return around;
  }

  /**
   * The circles that the smallest one around a basis and another circle touches; null if rounding
   * hides it.
   */
  private static List<Circle> extended(List<Circle> basis, Circle added) {
    if (within(added, basis)) {
      return List.of(added);
    }
    for (var b : basis) {
      if (outside(added, b) && within(around(b, added), basis)) {
        return List.of(b, added);
      }
    }
    for (int i = 0; i < basis.size() - 1; i++) {
      for (int j = i + 1; j < basis.size(); j++) {
        var a = basis.get(i);
        var b = basis.get(j);
        if (outside(around(a, b), added)
            && outside(around(a, added), b)
            && outside(around(b, added), a)
            && within(around(a, b, added), basis)) {
          return List.of(a, b, added);
        }
      }
    }
    return null;
  }

  /** A circle around all that may be a little too large. */
  private static Circle roughly(List<Circle> circles) {
    double x = circles.stream().mapToDouble(c -> c.x() * c.r()).sum();
    double y = circles.stream().mapToDouble(c -> c.y() * c.r()).sum();
    double weight = circles.stream().mapToDouble(Circle::r).sum();
    double cx = x / weight;
    double cy = y / weight;
    double r =
        circles.stream()
            .mapToDouble(c -> Math.sqrt(square(c.x() - cx) + square(c.y() - cy)) + c.r())
            .max()
            .orElse(0);
    return new Circle(cx, cy, r);
  }

  private static boolean within(Circle around, List<Circle> circles) {
    return circles.stream().allMatch(c -> within(around, c));
  }

  private static boolean within(Circle around, Circle c) {
    double room = around.r() - c.r() + Math.max(around.r(), c.r()) * TOLERANCE;
    return room > 0 && room * room > square(c.x() - around.x()) + square(c.y() - around.y());
  }

  private static boolean outside(Circle around, Circle c) {
    double room = around.r() - c.r();
    return room < 0 || room * room < square(c.x() - around.x()) + square(c.y() - around.y());
  }

  private static Circle around(List<Circle> basis) {
    return switch (basis.size()) {
      case 1 -> basis.getFirst();
      case 2 -> around(basis.get(0), basis.get(1));
      default -> around(basis.get(0), basis.get(1), basis.get(2));
    };
  }

  /** The smallest circle around two of which neither lies within the other. */
  private static Circle around(Circle a, Circle b) {
    double dx = b.x() - a.x();
    double dy = b.y() - a.y();
    double dr = b.r() - a.r();
    double distance = Math.sqrt(dx * dx + dy * dy);
    return new Circle(
        (a.x() + b.x() + dx / distance * dr) / 2,
        (a.y() + b.y() + dy / distance * dr) / 2,
        (distance + a.r() + b.r()) / 2);
  }

  /** The circle that three touch from within (problem of Apollonius). */
  private static Circle around(Circle a, Circle b, Circle c) {
    double ax = a.x() - b.x();
    double bx = a.x() - c.x();
    double ay = a.y() - b.y();
    double by = a.y() - c.y();
    double ar = b.r() - a.r();
    double br = c.r() - a.r();
    double d = square(a.x()) + square(a.y()) - square(a.r());
    double da = d - square(b.x()) - square(b.y()) + square(b.r());
    double db = d - square(c.x()) - square(c.y()) + square(c.r());
    double cross = bx * ay - ax * by;
    // The centre as a linear function of the radius: (x0 + x1 r, y0 + y1 r) beside a.
    double x0 = (ay * db - by * da) / (2 * cross) - a.x();
    double x1 = (by * ar - ay * br) / cross;
    double y0 = (bx * da - ax * db) / (2 * cross) - a.y();
    double y1 = (ax * br - bx * ar) / cross;
    double p = x1 * x1 + y1 * y1 - 1;
    double q = 2 * (a.r() + x0 * x1 + y0 * y1);
    double s = x0 * x0 + y0 * y0 - a.r() * a.r();
    double r = -(Math.abs(p) > 1e-6 ? (q + Math.sqrt(q * q - 4 * p * s)) / (2 * p) : s / q);
    return new Circle(a.x() + x0 + x1 * r, a.y() + y0 + y1 * r, r);
  }

  private static double square(double x) {
    return x * x;
  }
}
