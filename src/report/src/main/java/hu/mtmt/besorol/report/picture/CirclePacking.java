package hu.mtmt.besorol.report.picture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Packs circles closely around a point: the front chain of Wang, Wang, Dai and Wang, "Visualization
 * of large hierarchical data by circle packing", CHI 2006, in the form that Mike Bostock gave it in
 * d3-hierarchy (every next circle goes where the chain is nearest to the middle).
 */
final class CirclePacking {
  /** Circles that overlap by less touch. */
  private static final double TOLERANCE = 1e-6;

  private CirclePacking() {}

  /** A circle on the outline of what is placed, in a ring of such circles. */
  private static final class Link {
    final Circle circle;
    Link previous;
    Link next;

    Link(Circle circle) {
      this.circle = circle;
    }

    void followedBy(Link link) {
      next = link;
      link.previous = this;
    }

    /** Distance from the middle of the place where this and the next circle touch, squared. */
    double distance() {
      var a = circle;
      var b = next.circle;
      double x = (a.x() * b.r() + b.x() * a.r()) / (a.r() + b.r());
      double y = (a.y() * b.r() + b.y() * a.r()) / (a.r() + b.r());
      return x * x + y * y;
    }
  }

  /**
   * Where circles of these radii go: in the order given, none overlapping another, so that the
   * smallest circle around all of them lies about the origin.
   *
   * @param radii positive; the largest first packs best
   */
  static List<Circle> pack(double[] radii) {
    var circles = new Circle[radii.length];
    var outline = place(radii, circles);
    var around = EnclosingCircle.of(outline);
    return Arrays.stream(circles).map(c -> c.movedBy(-around.x(), -around.y())).toList();
  }

  /** Places the circles and returns those that the others lie within. */
  private static List<Circle> place(double[] radii, Circle[] placed) {
    if (radii.length == 0) {
      return List.of();
    }
    if (radii.length == 1) {
      placed[0] = new Circle(0, 0, radii[0]);
      return List.of(placed[0]);
    }
    placed[0] = new Circle(-radii[1], 0, radii[0]);
    placed[1] = new Circle(radii[0], 0, radii[1]);
    if (radii.length == 2) {
      return List.of(placed);
    }
    placed[2] = touching(placed[1], placed[0], radii[2]);
    var a = new Link(placed[0]);
    var b = new Link(placed[1]);
    var c = new Link(placed[2]);
    a.followedBy(b);
    b.followedBy(c);
    c.followedBy(a);
    int i = 3;
    while (i < radii.length) {
      c = new Link(touching(a.circle, b.circle, radii[i]));
      var collision = collision(a, b, c.circle);
      if (collision == null) {
        placed[i++] = c.circle;
        a.followedBy(c);
        c.followedBy(b);
        a = nearestToTheMiddle(c);
        b = a.next;
      } else { // what lies between is not on the outline any more: try again beyond it
        if (collision.beyondB()) {
          b = collision.link();
        } else {
          a = collision.link();
        }
        a.followedBy(b);
      }
    }
    var outline = new ArrayList<Circle>();
    var link = a;
    do {
      outline.add(link.circle);
      link = link.next;
    } while (link != a);
    return outline;
  }

  /** A circle of the outline in the way, after b or before a. */
  private record Collision(Link link, boolean beyondB) {}

  /** The circle in the way that is nearest to a and b along the outline, or null. */
  private static Collision collision(Link a, Link b, Circle c) {
    var j = b.next;
    var k = a.previous;
    double beyondB = b.circle.r();
    double beforeA = a.circle.r();
    do {
      if (beyondB <= beforeA) {
        if (overlap(j.circle, c)) {
          return new Collision(j, true);
        }
        beyondB += j.circle.r();
        j = j.next;
      } else {
        if (overlap(k.circle, c)) {
          return new Collision(k, false);
        }
        beforeA += k.circle.r();
        k = k.previous;
      }
    } while (j != k.next);
    return null;
  }

  private static Link nearestToTheMiddle(Link start) {
    var nearest = start.previous;
    double distance = nearest.distance();
    for (var link = start; link != start.previous; link = link.next) {
      double d = link.distance();
      if (d < distance) {
        nearest = link;
        distance = d;
      }
    }
    return nearest;
  }

  /** The circle of radius r that touches both, to the right as seen from a towards b. */
  private static Circle touching(Circle a, Circle b, double r) {
    double dx = b.x() - a.x();
    double dy = b.y() - a.y();
    double d2 = dx * dx + dy * dy;
    double toA = (a.r() + r) * (a.r() + r);
    double toB = (b.r() + r) * (b.r() + r);
    // Measured from the farther of the two centres there would be more cancellation.
    if (toB > toA) {
      double along = (d2 + toA - toB) / (2 * d2);
      double across = Math.sqrt(Math.max(0, toA / d2 - along * along));
      return new Circle(a.x() + along * dx + across * dy, a.y() + along * dy - across * dx, r);
    }
    double along = (d2 + toB - toA) / (2 * d2);
    double across = Math.sqrt(Math.max(0, toB / d2 - along * along));
    return new Circle(b.x() - along * dx + across * dy, b.y() - along * dy - across * dx, r);
  }

  static boolean overlap(Circle a, Circle b) {
    double reach = a.r() + b.r() - TOLERANCE;
    double dx = b.x() - a.x();
    double dy = b.y() - a.y();
    return reach > 0 && reach * reach > dx * dx + dy * dy;
  }
}
