package hu.mtmt.besorol.report.picture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LabelTest {
  @Test
  void breaksIntoTheLinesThatAllowTheLargestFont() {
    assertThat(Label.within(50, "Law", 5, 100))
        .get()
        .extracting(l -> l.lines().size())
        .isEqualTo(1);
    var label = Label.within(50, "Hydrology and water resources", 5, 100).orElseThrow();
    assertThat(label.lines()).hasSizeBetween(3, 4);
    assertThat(String.join(" ", label.lines())).isEqualTo("Hydrology and water resources");
    for (int i = 0; i < label.lines().size(); i++) {
      double y = (Math.abs(i - (label.lines().size() - 1) / 2.0) * Label.LINE + 0.5) * label.size();
      double x = Label.width(label.lines().get(i)) / 2 * label.size();
      assertThat(Math.hypot(x, y)).isLessThan(50);
    }
  }

  @Test
  void keepsToTheSizesAskedFor() {
    assertThat(Label.within(50, "Law", 5, 12)).get().extracting(Label::size).isEqualTo(12.0);
    assertThat(Label.within(8, "Hydrology and water resources", 5, 12)).isEmpty();
  }

  @Test
  void cutsWhatIsTooLong() {
    assertThat(Label.cut("Law", 10)).isEqualTo("Law");
    assertThat(Label.cut("Hydrology and water resources", 10)).isEqualTo("Hydrology and w…");
    assertThat(Label.cut("Hydrology", 2)).isEmpty();
  }

  @Test
  void widthsGrowWithTheText() {
    assertThat(Label.width("")).isZero();
    assertThat(Label.width("il")).isLessThan(Label.width("no"));
    assertThat(Label.width("no")).isLessThan(Label.width("MW"));
    assertThat(Label.width("日本")).isGreaterThan(Label.width("no"));
  }
}
