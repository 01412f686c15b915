package hu.mtmt.besorol.report.picture;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.contract.Grades.Grade;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GradeLookTest {
  /** Distance in CIELAB that is seen at a glance (2.3 is just noticeable). */
  private static final double CLEAR = 20;

  /**
   * Full protanopia, deuteranopia and tritanopia as matrices on linear RGB: Machado, Oliveira and
   * Fernandes 2009, table 1.
   */
  private static final Map<String, double[][]> VISIONS =
      Map.of(
          "full", new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
          "without red",
              new double[][] {
                {0.152286, 1.052583, -0.204868},
                {0.114503, 0.786281, 0.099216},
                {-0.003882, -0.048116, 1.051998}
              },
          "without green",
              new double[][] {
                {0.367322, 0.860646, -0.227968},
                {0.280085, 0.672501, 0.047413},
                {-0.011820, 0.042940, 0.968881}
              },
          "without blue",
              new double[][] {
                {1.255528, -0.076749, -0.178779},
                {-0.078411, 0.930809, 0.147602},
                {0.004733, 0.691367, 0.303900}
              });

  @Test
  void coloursAreToldApartByEveryColourVision() {
    VISIONS.forEach(
        (vision, matrix) -> {
          for (var a : GradeLook.values()) {
            for (var b : List.of(GradeLook.values()).subList(0, a.ordinal())) {
              assertThat(distance(seen(a.fill(), matrix), seen(b.fill(), matrix)))
                  .as("%s and %s %s", a, b, vision)
                  .isGreaterThan(CLEAR);
            }
          }
        });
  }

  @Test
  void hatchingsAndSymbolsTellThemApartWithoutColour() {
    assertThat(Arrays.stream(GradeLook.values()).map(GradeLook::hatching)).doesNotHaveDuplicates();
    assertThat(Arrays.stream(GradeLook.values()).map(GradeLook::symbol)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void textCanBeRead(GradeLook look) {
    double a = luminance(look.fill()) + 0.05;
    double b = luminance(look.text()) + 0.05;
    // WCAG 2.2, success criterion 1.4.11: at least 3 to 1 for large text and parts of pictures.
    assertThat(Math.max(a, b) / Math.min(a, b)).isGreaterThan(3);
  }

  @ParameterizedTest
  @EnumSource
  void everyGradeHasALook(Grade grade) {
    assertThat(GradeLook.of(grade).name()).isEqualTo(grade.name());
  }

  private static double[] linear(String colour) {
    int rgb = Integer.parseInt(colour.substring(1), 16);
    return Arrays.stream(new int[] {rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255})
        .mapToDouble(c -> c / 255.0)
        .map(c -> c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4))
        .toArray();
  }

  private static double luminance(String colour) {
    var rgb = linear(colour);
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
  }

  private static double[] times(double[][] matrix, double[] vector) {
    return Arrays.stream(matrix)
        .mapToDouble(row -> row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2])
        .toArray();
  }

  /** A colour in CIELAB (D65) as a vision has it. */
  private static double[] seen(String colour, double[][] vision) {
    var rgb = Arrays.stream(times(vision, linear(colour))).map(c -> Math.clamp(c, 0, 1)).toArray();
    var xyz =
        times(
            new double[][] {
              {0.4124564 / 0.95047, 0.3575761 / 0.95047, 0.1804375 / 0.95047},
              {0.2126729, 0.7151522, 0.0721750},
              {0.0193339 / 1.08883, 0.1191920 / 1.08883, 0.9503041 / 1.08883}
            },
            rgb);
    var f =
        Arrays.stream(xyz)
            .map(t -> t > 216.0 / 24389 ? Math.cbrt(t) : (24389.0 / 27 * t + 16) / 116)
            .toArray();
    return new double[] {116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])};
  }

  private static double distance(double[] a, double[] b) {
    return Math.sqrt(
        Math.pow(a[0] - b[0], 2) + Math.pow(a[1] - b[1], 2) + Math.pow(a[2] - b[2], 2));
  }
}
