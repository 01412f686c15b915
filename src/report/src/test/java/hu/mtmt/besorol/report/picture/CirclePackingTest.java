package hu.mtmt.besorol.report.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CirclePackingTest {
  static List<double[]> radii() {
    var random = new Random(5);
    return List.of(
        new double[] {3},
        new double[] {3, 1},
        new double[] {1, 1, 1},
        new double[] {5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
        DoubleStream.generate(() -> 1).limit(500).toArray(),
        descending(random.doubles(500, 0.5, 1)),
        descending(random.doubles(300, 0, 4).map(x -> Math.pow(10, x))),
        new double[] {1e4, 1, 1, 1},
        new double[] {1, 1, 1e4});
  }

  private static double[] descending(DoubleStream radii) {
    return radii.boxed().sorted((a, b) -> Double.compare(b, a)).mapToDouble(r -> r).toArray();
  }

  @ParameterizedTest
  @MethodSource("radii")
  void circlesKeepTheirSizesAndDoNotOverlap(double[] radii) {
    var circles = CirclePacking.pack(radii);
    assertThat(circles.stream().mapToDouble(Circle::r)).containsExactly(box(radii));
    double slack = 1e-6 * Arrays.stream(radii).max().orElseThrow();
    for (int i = 0; i < radii.length; i++) {
      for (int j = 0; j < i; j++) {
        var a = circles.get(i);
        var b = circles.get(j);
        assertThat(distance(a, b)).isGreaterThan(a.r() + b.r() - slack);
      }
    }
  }

  private static Double[] box(double[] values) {
    return Arrays.stream(values).boxed().toArray(Double[]::new);
  }

  private static double distance(Circle a, Circle b) {
    return Math.hypot(a.x() - b.x(), a.y() - b.y());
  }

  @ParameterizedTest
  @MethodSource("radii")
  void theCircleAroundThemLiesAboutTheOrigin(double[] radii) {
    var around = EnclosingCircle.of(CirclePacking.pack(radii));
    assertThat(around.x()).isCloseTo(0, within(1e-6 * around.r()));
    assertThat(around.y()).isCloseTo(0, within(1e-6 * around.r()));
  }

  @Test
  void isDense() {
    for (var radii : radii().subList(4, 6)) {
      double area = Arrays.stream(radii).map(r -> r * r).sum();
      double around = EnclosingCircle.of(CirclePacking.pack(radii)).r();
      // The densest packing of equal circles in the plane covers .907 of it.
      assertThat(area / (around * around)).isBetween(0.75, 0.907);
    }
  }

  @Test
  void theEnclosingCircleIsTheSmallest() {
    var random = new Random(11);
    for (int round = 0; round < 200; round++) {
      var circles = new ArrayList<Circle>();
      for (int i = 0; i < 1 + round % 9; i++) {
        circles.add(
            new Circle(random.nextDouble(), random.nextDouble(), 0.5 * random.nextDouble()));
      }
      var around = EnclosingCircle.of(circles);
      assertThat(reach(around, circles)).isCloseTo(around.r(), within(1e-7));
      // The radius needed is a convex function of the middle: no neighbour may need less.
      for (int direction = 0; direction < 16; direction++) {
        double angle = direction * Math.PI / 8;
        var moved = around.movedBy(1e-3 * Math.cos(angle), 1e-3 * Math.sin(angle));
        assertThat(reach(moved, circles)).isGreaterThan(around.r() - 1e-9);
      }
    }
  }

  /** The radius that a circle with this middle needs. */
  private static double reach(Circle around, List<Circle> circles) {
    return circles.stream().mapToDouble(c -> distance(around, c) + c.r()).max().orElseThrow();
  }

  @Test
  void circlesOfOneMiddleAreEnclosedByTheLargest() {
    var circles = IntStream.rangeClosed(1, 5).mapToObj(r -> new Circle(2, 3, r)).toList();
    assertThat(EnclosingCircle.of(circles)).isEqualTo(new Circle(2, 3, 5));
    assertThat(EnclosingCircle.of(List.of())).isEqualTo(new Circle(0, 0, 0));
  }
}
