package hu.mtmt.besorol.operator.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hu.mtmt.besorol.api.TrainingRunSpec.Nodes;
import hu.mtmt.besorol.contract.AlgorithmType;
import hu.mtmt.besorol.testkit.KubernetesBinaries;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlavorsTest {
  @Test
  void readsAList() {
    var flavors =
        Flavors.parse(
            """
            - name: g2.xlarge
              cpu: "7"
              memory: 28Gi
              gpu: {model: V100, memory: 16Gi, computeCapability: "7.0", driver: "550.54.15"}
              tolerations: [{key: gpu, operator: Exists}]
              nodes: 2
              nodeLabels: {node.kubernetes.io/instance-type: g2.xlarge}
              costPerHour: "1.10"
            - name: local
              cpu: 500m
              memory: 2Gi
              nodeLabels: {node.kubernetes.io/instance-type: local}
            """,
            "flavors.yaml");
    assertThat(flavors.all()).hasSize(2);
    assertThat(flavors.all().getFirst().gpu().count()).isEqualTo(1);
    assertThat(flavors.all().getFirst().gpu().memoryMebibytes()).isEqualTo(16 * 1024);
    assertThat(flavors.all().getFirst().memoryMebibytes()).isEqualTo(28 * 1024);
    assertThat(flavors.all().getFirst().tolerations())
        .singleElement()
        .returns("Exists", t -> t.getOperator());
    assertThat(flavors.all().getLast().cpus()).isEqualTo(0.5);
    assertThat(flavors.all().getFirst().nodeLabels())
        .isEqualTo(Map.of("node.kubernetes.io/instance-type", "g2.xlarge"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '[]'                                                   | names no flavor
          '{}'                                                   | f.yaml:1: not a list of flavors
          '- {name: a, cpu: 2, memory: 4Gi, size: 1}'            | size
          '- {name: a, cpu: 2, memory: 4Gi, disk: -1Gi}'         | flavor a: disk: '-1Gi' is not a quantity of Kubernetes above 0: write one such as "100Gi", or leave it out
          '- {name: a, cpu: two, memory: 4Gi}'                   | flavor a: cpu: 'two' is not a quantity
          '- {name: a, cpu: 2}'                                  | flavor a: memory: 'null' is not a quantity
          '- {cpu: 2, memory: 4Gi}'                              | needs a name of its own
          '- {name: a, cpu: 2, memory: 4Gi, costPerHour: cheap}' | 'cheap' is not a number
          '- {name: a, cpu: 2, memory: 4Gi, costPerHour: "-1"}'  | flavor a: costPerHour: '-1' is not a number of 0 or more
          '- {name: a, cpu: 0, memory: 4Gi}'                     | flavor a: cpu: '0' is not a quantity
          '- {name: a, cpu: 2, memory: 4Gi, nodes: -1}'          | flavor a: nodes: -1 is negative
          '- {name: a, cpu: 2, memory: 4Gi, gpu: {memory: 1Gi, count: 0}}'               | flavor a: gpu.count: 0 is less than one
          '- {name: a, cpu: 2, memory: 4Gi, gpu: {count: 1}}'                            | flavor a: gpu.memory: 'null'
          '- {name: a, cpu: 2, memory: 4Gi, gpu: {memory: 1Gi, computeCapability: sm70}}' | flavor a: gpu.computeCapability: 'sm70'
          '- {name: a, cpu: 2, memory: 4Gi, gpu: {memory: 1Gi, driver: new}}'            | flavor a: gpu.driver: 'new'
          '[{name: a, cpu: 2, memory: 4Gi}, {name: a, cpu: 2, memory: 4Gi}]'             | 'a' occurs twice
          '[{name: a, cpu: 2, memory: 4Gi}, {name: b, cpu: 2, memory: 4Gi}]'             | flavor b: nodeLabels: a node may carry these labels and those of flavor a too
          '[{name: a, cpu: 2, memory: 4Gi, nodeLabels: {x: y}}, {name: b, cpu: 2, memory: 4Gi, nodeLabels: {z: y}}]' | flavor b: nodeLabels
          """)
  void tellsWhatIsWrong(String yaml, String message) {
    assertThatThrownBy(() -> Flavors.parse(yaml, "f.yaml"))
        .hasMessageContaining("f.yaml")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '{}'                                          | q.yaml:1: not a list of quotas
          '[{flavor: a, nodes: 1}]'                     | a quota without a namespace
          '[{namespace: x, flavor: b, nodes: 1}]'       | quota of namespace x, flavor b: there is no such flavor
          '[{namespace: x, flavor: a, nodes: -1}]'      | quota of namespace x, flavor a: nodes: -1 is none
          '[{namespace: x, flavor: a}]'                 | quota of namespace x, flavor a: nodes: null is none
          '[{namespace: x, flavor: a, nodes: 1, cpu: 1}]' | cpu
          '[{namespace: x, flavor: a, nodes: 1}, {namespace: x, flavor: a, nodes: 2}]' | it occurs twice
          """)
  void tellsWhatIsWrongWithAQuota(String yaml, String message) {
    var flavors = Flavors.parse("[{name: a, cpu: 2, memory: 4Gi}]", "f.yaml");
    assertThatThrownBy(() -> flavors.withQuotas(yaml, "q.yaml"))
        .hasMessageContaining("q.yaml")
        .hasMessageContaining(message);
  }

  @Test
  void quotaHoldsForItsNamespaceAndFlavor() {
    var flavors =
        Flavors.parse("[{name: a, cpu: 2, memory: 4Gi}]", "f.yaml")
            .withQuotas("[{namespace: x, flavor: a, nodes: 0}]", "q.yaml");
    assertThat(flavors.quota("x", "a")).contains(0);
    assertThat(flavors.quota("y", "a")).isEmpty();
    var rejected =
        Placer.place(
            Demand.of("x", AlgorithmType.LINEAR, Nodes.ONE, Map.of(), Forecast.UNKNOWN),
            Forecast.UNKNOWN,
            List.of(),
            Set.of(),
            flavors);
    assertThat(rejected.rejected())
        .containsExactly(
            new Placement.Rejected(
                "a", "The run takes 1 at one time, and namespace x may take 0 of this flavor."));
  }

  @Test
  void understandsThoseThatAreShipped() throws IOException {
    var file = KubernetesBinaries.repository().resolve("kubernetes/flavors/flavors.yaml");
    assumeTrue(Files.exists(file), "kubernetes/flavors is not here");
    assertThat(Flavors.parse(Files.readString(file), "flavors.yaml").all())
        .extracting(Flavor::name)
        .contains("m2.4xlarge", "g2.xlarge", "g2.2xlarge");
    var quotas = file.resolveSibling("quotas.yaml");
    assertThat(
            Flavors.parse(Files.readString(file), "flavors.yaml")
                .withQuotas(Files.readString(quotas), "quotas.yaml")
                .quotas())
        .isEmpty();
  }
}
