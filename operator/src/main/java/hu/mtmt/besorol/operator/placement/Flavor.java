package hu.mtmt.besorol.operator.placement;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import java.util.TreeMap;

/**
 * A kind of machine on which training pods run.
 *
 * @param name what runs and statuses call it
 * @param cpu what a training pod asks for on it, a quantity of Kubernetes: what a node has, less
 *     what the node itself needs
 * @param memory likewise, and the pod's limit
 * @param gpu its GPU, or null if it has none
 * @param nodeLabels labels that its nodes carry, usually {@code node.kubernetes.io/instance-type};
 *     empty means any node
 * @param costPerHour what an hour costs, in any unit that is the same for all flavors; the cheaper
 *     of two that fit is taken
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Flavor(
    String name,
    String cpu,
    String memory,
    Gpu gpu,
    Map<String, String> nodeLabels,
    String costPerHour) {

  public Flavor {
    nodeLabels = nodeLabels == null ? Map.of() : new TreeMap<>(nodeLabels);
    costPerHour = costPerHour == null ? "0" : costPerHour;
  }

  /**
   * A GPU of a flavor.
   *
   * @param model such as V100
   * @param memory of one, a quantity of Kubernetes
   * @param count how many a node has
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Gpu(String model, String memory, Integer count) {
    public Gpu {
      count = count == null ? 1 : count;
    }
  }
}
