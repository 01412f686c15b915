package hu.mtmt.besorol.report.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hu.mtmt.besorol.report.ReportInput;
import hu.mtmt.besorol.report.Samples;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BubbleLayoutTest {
  private static BubbleLayout layout(ReportInput input) {
    return BubbleLayout.of(input.target(), input.report());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 40, 3000})
  void everySubjectLiesInItsParentAndOverlapsNoOther(int subjects) {
    var input = Samples.of(subjects);
    var taxonomy = input.target().taxonomy();
    var layout = layout(input);
    var groups = new HashMap<Integer, Circle>();
    layout.bubbles().stream()
        .filter(Bubble::group)
        .forEach(b -> groups.put(b.subject(), b.circle()));
    var inside = new HashMap<Circle, List<Circle>>();
    var frame = new Circle(layout.width() / 2, layout.height() / 2, BubbleLayout.SIDE);
    for (var bubble : layout.bubbles()) {
      boolean own = !bubble.group() && groups.containsKey(bubble.subject());
      int parent = own ? bubble.subject() : taxonomy.parent(bubble.subject());
      var around = parent < 0 ? frame : groups.get(parent);
      var c = bubble.circle();
      assertThat(Math.hypot(c.x() - around.x(), c.y() - around.y()) + c.r()).isLessThan(around.r());
      var beside = inside.computeIfAbsent(around, a -> new ArrayList<>());
      assertThat(beside).noneMatch(other -> CirclePacking.overlap(c, other));
      beside.add(c);
    }
    assertThat(layout.bubbles().stream().map(Bubble::subject).distinct()).hasSize(subjects);
    assertThat(Math.max(layout.width(), layout.height()))
        .isCloseTo(BubbleLayout.SIDE, within(1e-6));
    assertThat(layout(input)).isEqualTo(layout);
  }

  @Test
  void areasAreProportionalToFrequencies() {
    var bubbles = layout(Samples.of(40)).bubbles().stream().filter(b -> !b.group()).toList();
    var first = bubbles.getFirst();
    double scale = first.circle().r() * first.circle().r() / first.frequency();
    assertThat(bubbles)
        .allSatisfy(
            b ->
                assertThat(b.circle().r() * b.circle().r())
                    .isCloseTo(scale * b.frequency(), within(1e-6)));
  }

  @Test
  void subjectsWithoutDocumentsAreSmallButSeen() {
    var without =
        layout(Samples.of(3000)).bubbles().stream()
            .filter(b -> !b.group() && b.frequency() == 0)
            .toList();
    assertThat(without).isNotEmpty().allSatisfy(b -> assertThat(b.circle().r()).isGreaterThan(0.2));
  }

  @Test
  void noDepthIsTooDeep() {
    var chain = Samples.chain(2000);
    assertThat(layout(chain).bubbles())
        .hasSizeGreaterThanOrEqualTo(2000)
        .allSatisfy(b -> assertThat(b.circle().r()).isFinite());
  }
}
