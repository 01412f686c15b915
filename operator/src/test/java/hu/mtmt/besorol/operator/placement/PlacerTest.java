package hu.mtmt.besorol.operator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.contract.AlgorithmType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlacerTest {
  private static final Flavors FLAVORS =
      new Flavors(
          List.of(
              flavor("gpu", new Flavor.Gpu("V100", "16Gi", 1), "0.5"),
              flavor("large", null, "4"),
              flavor("small", null, "1.5")));

  private static Flavor flavor(String name, Flavor.Gpu gpu, String cost) {
    return new Flavor(name, "4", "8Gi", gpu, Map.of(), cost);
  }

  private static Placement place(String... wanted) {
    return Placer.place(AlgorithmType.LINEAR, List.of(wanted), FLAVORS);
  }

  @Test
  void takesTheCheapestWithoutAGpu() {
    var placement = place();
    assertThat(placement.flavor()).map(Flavor::name).contains("small");
    assertThat(placement.rejected())
        .containsExactly(
            new Placement.Rejected(
                "gpu", "Linear computes on the CPU: the GPU of this flavor would lie idle."));
  }

  @Test
  void takesTheFirstThatTheRunNames() {
    assertThat(place("large", "small").flavor()).map(Flavor::name).contains("large");
  }

  @Test
  void tellsWhyNoneFits() {
    var placement = place("gpu", "huge");
    assertThat(placement.flavor()).isEmpty();
    assertThat(placement.reason())
        .startsWith("No flavor in spec.placement.flavors fits Linear")
        .contains("gpu, large, small");
    assertThat(placement.rejected()).extracting(r -> r.flavor()).containsExactly("huge", "gpu");
  }
}
