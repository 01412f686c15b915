package hu.mtmt.besorol.operator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import hu.mtmt.besorol.api.TrainingRunSpec.Nodes;
import hu.mtmt.besorol.contract.AlgorithmType;
import hu.mtmt.besorol.operator.placement.Demand.GpuDemand;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacerTest {
  private static final Flavors FLAVORS =
      Flavors.parse(
          """
          - {name: small, cpu: 4, memory: 8Gi, costPerHour: "1.5", nodeLabels: {type: small}}
          - {name: large, cpu: 16, memory: 56Gi, nodes: 2, costPerHour: "4", nodeLabels: {type: large}}
          - {name: closed, cpu: 64, memory: 256Gi, nodes: 0, costPerHour: "9", nodeLabels: {type: closed}}
          - name: p100
            cpu: 8
            memory: 27Gi
            gpu: {memory: 16Gi, computeCapability: "6.0", driver: "470.82.1"}
            costPerHour: "0.5"
            nodeLabels: {type: p100}
          - name: v100
            cpu: 8
            memory: 27Gi
            gpu: {memory: 16Gi, computeCapability: "7.0", driver: "550.54"}
            costPerHour: "5"
            nodeLabels: {type: v100}
          - name: a100
            cpu: 8
            memory: 100Gi
            gpu: {memory: 80Gi, computeCapability: "8.0", driver: "570.1"}
            costPerHour: "20"
            nodeLabels: {type: a100}
          """,
          "flavors.yaml");

  private static Demand cpu(int nodes, long memory) {
    return cpu(new Nodes(nodes, nodes), Map.of(), OptionalLong.of(memory));
  }

  private static Demand cpu(Nodes nodes, Map<String, Integer> found, OptionalLong memory) {
    return Demand.of(
        "library", AlgorithmType.LINEAR, nodes, found, forecast(memory, OptionalLong.empty()));
  }

  private static Forecast forecast(OptionalLong memory, OptionalLong disk) {
    return new Forecast(memory, disk, Optional.empty(), OptionalDouble.empty());
  }

  private static Demand gpu(long memory, String computeCapability, String driver) {
    return new Demand(
        "library",
        AlgorithmType.LINEAR,
        Nodes.ONE,
        Map.of(),
        OptionalLong.of(1000),
        OptionalLong.empty(),
        Optional.of(new GpuDemand(memory, computeCapability, driver)));
  }

  private static Placement place(Demand demand, String... wanted) {
    return Placer.place(demand, Forecast.UNKNOWN, List.of(wanted), Set.of(), FLAVORS);
  }

  private static String reason(Placement placement, String flavor) {
    return placement.rejected().stream()
        .filter(r -> r.flavor().equals(flavor))
        .map(Placement.Rejected::reason)
        .findFirst()
        .orElse(null);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          1,  8192, -,           small
          1,  8193, -,           large
          1, 57344, -,           large
          1, 57345, -,           -
          2,  1000, -,           small
          2,  9000, -,           large
          3,  9000, -,           -
          1,  1000, large small, large
          1,  1000, v100 small,  small
          1,  1000, v100,        -
          1,  1000, closed,      -
          1,  1000, huge large,  large
          """)
  void cpuAlgorithmGoesToTheFirstThatFits(int nodes, long memory, String wanted, String flavor) {
    var placement = place(cpu(nodes, memory), wanted == null ? new String[0] : wanted.split(" "));
    assertThat(placement.flavor().map(Flavor::name)).isEqualTo(Optional.ofNullable(flavor));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          16384, -,   -,         p100
          16384, 7.0, -,         v100
          16384, -,   525.60.13, v100
          16385, -,   -,         a100
          16384, 8.0, -,         a100
          16384, 9.0, -,         -
          """)
  void gpuAlgorithmGoesToTheCheapestGpuThatIsNewAndLargeEnough(
      long memory, String computeCapability, String driver, String flavor) {
    var placement = place(gpu(memory, computeCapability, driver));
    assertThat(placement.flavor().map(Flavor::name)).isEqualTo(Optional.ofNullable(flavor));
  }

  @Test
  void everyRejectionTellsWhy() {
    var cpu = place(cpu(1, 60_000));
    assertThat(reason(cpu, "small"))
        .isEqualTo("51808 MiB of memory are missing: a pod needs 60000 MiB and gets 8192 MiB.");
    assertThat(reason(cpu, "v100"))
        .isEqualTo("Linear computes on the CPU: the GPU of this flavor would lie idle.");
    assertThat(reason(cpu, "closed"))
        .isEqualTo("The run takes 1 node at one time, and runs may take 0 of this flavor.");
    var gpu = place(gpu(20_000, "7.0", "525.60.13"));
    assertThat(reason(gpu, "small"))
        .isEqualTo("Linear computes on a GPU, and this flavor has none.");
    assertThat(reason(gpu, "p100"))
        .isEqualTo("Its compute capability is 6.0, and at least 7.0 is needed.");
    assertThat(reason(gpu, "v100"))
        .isEqualTo("3616 MiB of GPU memory are missing: a pod needs 20000 MiB and gets 16384 MiB.");
    assertThat(reason(place(gpu(1, null, "560")), "v100"))
        .isEqualTo("Its driver is 550.54, and at least 560 is needed.");
    assertThat(reason(place(cpu(1, 1), "huge", "small"), "huge"))
        .isEqualTo("There is no flavor of this name.");
  }

  @Test
  void diskCountsWhereAFlavorLimitsIt() {
    var flavors =
        Flavors.parse(
            """
            - {name: small, cpu: 4, memory: 8Gi, disk: 10Gi, costPerHour: "1", nodeLabels: {type: small}}
            - {name: roomy, cpu: 4, memory: 8Gi, disk: 50Gi, costPerHour: "2", nodeLabels: {type: roomy}}
            - {name: any, cpu: 4, memory: 8Gi, costPerHour: "3", nodeLabels: {type: any}}
            """,
            "flavors.yaml");
    var placement =
        Placer.place(
            Demand.of(
                "library",
                AlgorithmType.LINEAR,
                Nodes.ONE,
                Map.of(),
                forecast(OptionalLong.of(1000), OptionalLong.of(20_000))),
            Forecast.UNKNOWN,
            List.of(),
            Set.of(),
            flavors);
    assertThat(placement.choices())
        .extracting(c -> c.flavor().name())
        .containsExactly("roomy", "any");
    assertThat(reason(placement, "small"))
        .isEqualTo("9760 MiB of disk are missing: a pod needs 20000 MiB and gets 10240 MiB.");
    assertThat(placement.reason())
        .isEqualTo(
            "roomy is the cheapest flavor that fits: a pod needs about 1000 MiB of memory and 20000"
                + " MiB of disk.");
  }

  @Test
  void reasonTellsWhyAndHowMuch() {
    assertThat(place(cpu(1, 5000)).reason())
        .isEqualTo("small is the cheapest flavor that fits: a pod needs about 5000 MiB of memory.");
    assertThat(place(cpu(Nodes.ONE, Map.of(), OptionalLong.empty()), "large").reason())
        .isEqualTo(
            "large is the first flavor in spec.placement.flavors that fits: how much memory a pod"
                + " needs is known once one has read the data.");
    assertThat(place(cpu(1, 1), "v100", "huge").reason())
        .startsWith("No flavor in spec.placement.flavors fits Linear")
        .contains("small, large, closed, p100, v100, a100");
  }

  @Test
  void reasonTellsWhatIsWrongWithTheFlavors() {
    var none = Flavors.NONE.insteadOf("There is no ConfigMap.");
    assertThat(Placer.place(cpu(1, 1), Forecast.UNKNOWN, List.of(), Set.of(), none).reason())
        .endsWith("(there are: none). There is no ConfigMap.");
  }

  @Test
  void whereNoNodeWasFoundIsTriedLast() {
    var wanted = List.of("small", "large");
    var second = Placer.place(cpu(1, 1), Forecast.UNKNOWN, wanted, Set.of("small"), FLAVORS);
    assertThat(second.choices()).extracting(c -> c.flavor().name()).containsExactly("large");
    assertThat(reason(second, "small"))
        .isEqualTo("No node of it was found within spec.placement.fallbackSeconds.");
    var last = Placer.place(cpu(1, 1), Forecast.UNKNOWN, wanted, Set.of("small", "large"), FLAVORS);
    assertThat(last.choices())
        .as("the run waits on the last")
        .extracting(c -> c.flavor().name())
        .containsExactly("large");
    var tooLarge = Placer.place(cpu(1, 9000), Forecast.UNKNOWN, wanted, Set.of("large"), FLAVORS);
    assertThat(tooLarge.flavor()).as("the only one").map(Flavor::name).contains("large");
  }

  /** Of 4 CPUs, 16 of large; seconds on one CPU. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # asked, seconds, memory, found,    flavor, nodes
          1, 1,    14400,   5000, -,        small,  1
          1, 4,        -,   5000, -,        small,  1
          1, 4,      100,   5000, -,        small,  1
          1, 4,    14400,   5000, -,        small,  4
          1, 64,   14400,   5000, -,        small,  12
          2, 4,      100,   5000, -,        small,  2
          2, 4,        -,   5000, -,        small,  2
          1, 4,   144000,   9000, -,        large,  2
          1, 4,    14400,   5000, small=3,  small,  3
          1, 4,    14400,   5000, small=1,  small,  1
          2, 4,    14400,   5000, small=1,  small,  4
          """)
  void moreNodesWhereTheyEndItSooner(
      int minimum,
      int maximum,
      Double secondsOfOneCpu,
      long memory,
      String found,
      String flavor,
      int nodes) {
    var known = found == null ? Map.<String, Integer>of() : Map.of("small", found(found));
    var placement = placed(new Nodes(minimum, maximum), known, secondsOfOneCpu, memory);
    assertThat(placement.flavor().map(Flavor::name)).contains(flavor);
    assertThat(placement.nodes()).contains(nodes);
  }

  private static int found(String written) {
    return Integer.parseInt(written.substring(written.indexOf('=') + 1));
  }

  private static Placement placed(
      Nodes nodes, Map<String, Integer> found, Double secondsOfOneCpu, long memory) {
    var forecast =
        new Forecast(
            OptionalLong.of(memory),
            OptionalLong.empty(),
            Optional.of(1000),
            secondsOfOneCpu == null ? OptionalDouble.empty() : OptionalDouble.of(secondsOfOneCpu));
    var demand = cpu(nodes, found, OptionalLong.of(memory));
    return Placer.place(demand, forecast, List.of(), Set.of(), FLAVORS);
  }

  @Test
  void reasonTellsWhyThatManyNodes() {
    assertThat(placed(new Nodes(1, 4), Map.of(), 14_400.0, 5000).reason())
        .isEqualTo(
            "small is the cheapest flavor that fits: a pod needs about 5000 MiB of memory. It takes"
                + " 4 nodes of at most 4, as that ends it soonest: about 24 min, and 60 min on"
                + " one.");
    assertThat(placed(new Nodes(1, 64), Map.of(), 14_400.0, 5000).reason())
        .endsWith(
            "It takes 12 nodes of at most 64, as more would not end it sooner: about 18 min, and 60"
                + " min on one.");
    assertThat(placed(new Nodes(1, 4), Map.of("small", 2), 14_400.0, 5000).reason())
        .endsWith(
            "It takes 2 nodes of at most 4, as there are no more for it: about 36 min, and 60 min"
                + " on one.");
    assertThat(placed(new Nodes(1, 4), Map.of(), null, 5000).reason())
        .endsWith(
            "It takes 1 node of at most 4: whether more are worth it is known once a run like it is"
                + " complete.");
  }

  /** The bytes of what was learnt weigh against what several nodes compute. */
  @ParameterizedTest
  @CsvSource({
    " 120, 1000, 1,  120.0",
    " 120, 1000, 2,   94.0",
    " 120, 9000, 2,  134.0",
    "3600, 9000, 2, 2135.0",
    "3600, 9000, 3, 1660.0"
  })
  void timeOnSeveralNodes(double one, long memory, int nodes, double seconds) {
    assertThat(NodeCount.seconds(one, nodes, OptionalLong.of(memory))).isEqualTo(seconds);
  }
}
