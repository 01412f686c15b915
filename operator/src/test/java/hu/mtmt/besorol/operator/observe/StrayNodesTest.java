package hu.mtmt.besorol.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.operator.placement.Flavors;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StrayNodesTest {
  private static Node node(String name, String type) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name)
        .addToLabels("type", type)
        .endMetadata()
        .build();
  }

  @Test
  void valuesOfAllFlavorsAreKnown() {
    var flavors =
        Flavors.parse(
            """
            - {name: a, cpu: 1, memory: 1Gi, nodeLabels: {type: a, zone: x}}
            - {name: b, cpu: 1, memory: 1Gi, nodeLabels: {type: b}}
            """,
            "f");
    assertThat(StrayNodes.known(flavors))
        .isEqualTo(Map.of("type", Set.of("a", "b"), "zone", Set.of("x")));
    assertThat(StrayNodes.known(Flavors.DEFAULT)).as("any node will do").isEmpty();
  }

  @Test
  void namesNodeAndValue() {
    assertThat(StrayNodes.sentence("type", List.of())).isEmpty();
    assertThat(StrayNodes.sentence("type", List.of(node("n2", "c"), node("n1", "B"))))
        .contains(
            "No flavor has the label type of node n1 (B), node n2 (c): correct the label, or add a"
                + " flavor.");
  }
}
