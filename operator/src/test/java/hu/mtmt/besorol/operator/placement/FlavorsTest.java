package hu.mtmt.besorol.operator.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hu.mtmt.besorol.testkit.KubernetesBinaries;
import java.nio.file.Files;
import java.util.Map;
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
              gpu: {model: V100, memory: 16Gi}
              nodeLabels: {node.kubernetes.io/instance-type: g2.xlarge}
              costPerHour: "1.10"
            - {name: local, cpu: 500m, memory: 2Gi}
            """,
            "flavors.yaml");
    assertThat(flavors.all()).hasSize(2);
    assertThat(flavors.all().getFirst().gpu().count()).isEqualTo(1);
    assertThat(flavors.all().getFirst().nodeLabels())
        .isEqualTo(Map.of("node.kubernetes.io/instance-type", "g2.xlarge"));
    assertThat(flavors.all().getLast().nodeLabels()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '[]'                                                   | names no flavor
          '{}'                                                   | f.yaml:1: not a list of flavors
          '- {name: a, cpu: 2, memory: 4Gi, disk: 1}'            | disk
          '- {name: a, cpu: two, memory: 4Gi}'                   | flavor a: cpu: 'two' is not a quantity
          '- {name: a, cpu: 2}'                                  | flavor a: memory: 'null' is not a quantity
          '- {cpu: 2, memory: 4Gi}'                              | needs a name of its own
          '- {name: a, cpu: 2, memory: 4Gi, costPerHour: cheap}' | 'cheap' is not a number
          """)
  void tellsWhatIsWrong(String yaml, String message) {
    assertThatThrownBy(() -> Flavors.parse(yaml, "f.yaml"))
        .hasMessageContaining("f.yaml")
        .hasMessageContaining(message);
  }

  @Test
  void understandsThoseThatAreShipped() {
    var file = KubernetesBinaries.repository().resolve("kubernetes/flavors/flavors.yaml");
    assumeTrue(Files.exists(file), "kubernetes/flavors is not here");
    assertThat(Flavors.read(file).all()).extracting(Flavor::name).contains("m2.4xlarge");
  }
}
