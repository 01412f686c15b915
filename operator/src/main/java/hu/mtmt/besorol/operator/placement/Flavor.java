package hu.mtmt.besorol.operator.placement;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A kind of machine on which training pods run, one pod a machine.
 *
 * @param name what runs and statuses call it
 * @param cpu what a training pod asks for on it, a quantity of Kubernetes: what a node has, less
 *     what the node itself needs
 * @param memory likewise, and the pod's limit
 * @param disk likewise, of the node's own disk, where fetched files and copies of what is in
 *     buckets lie; null if that is not limited
 * @param gpu its GPU, or null if it has none
 * @param nodeLabels labels that its nodes carry, usually {@code node.kubernetes.io/instance-type};
 *     empty means any node
 * @param tolerations taints of its nodes that training pods tolerate, as in a pod
 * @param nodes how many nodes runs may take at one time; null if the cluster has as many as are
 *     asked for
 * @param costPerHour what an hour costs, in any unit that is the same for all flavors; the cheaper
 *     of two that fit is taken
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Flavor(
    String name,
    String cpu,
    String memory,
    String disk,
    Gpu gpu,
    Map<String, String> nodeLabels,
    List<Toleration> tolerations,
    Integer nodes,
    String costPerHour) {

  private static final BigDecimal MEBIBYTE = BigDecimal.valueOf(1L << 20);

  public Flavor {
    nodeLabels = nodeLabels == null ? Map.of() : new TreeMap<>(nodeLabels);
    tolerations = tolerations == null ? List.of() : List.copyOf(tolerations);
    costPerHour = costPerHour == null ? "0" : costPerHour;
  }

  /** The memory of a pod, in MiB, rounded down. */
  @JsonIgnore
  public long memoryMebibytes() {
    return mebibytes(memory);
  }

  /** The disk of a pod, in MiB, rounded down; empty if it is not limited. */
  @JsonIgnore
  public OptionalLong diskMebibytes() {
    return disk == null ? OptionalLong.empty() : OptionalLong.of(mebibytes(disk));
  }

  /** CPUs of a pod. */
  @JsonIgnore
  public double cpus() {
    return Quantity.getAmountInBytes(new Quantity(cpu)).doubleValue();
  }

  private static long mebibytes(String quantity) {
    return Quantity.getAmountInBytes(new Quantity(quantity))
        .divide(MEBIBYTE, RoundingMode.DOWN)
        .longValue();
  }

  /**
   * The GPUs of a flavor.
   *
   * @param model such as V100
   * @param memory of one, a quantity of Kubernetes
   * @param count how many a node has
   * @param computeCapability of NVIDIA, such as 7.0; null if it is not known
   * @param driver version of the driver on its nodes, such as 550.54.15; null if it is not known
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Gpu(
      String model, String memory, Integer count, String computeCapability, String driver) {
    public Gpu {
      count = count == null ? 1 : count;
    }

    /** The memory of one, in MiB, rounded down. */
    @JsonIgnore
    public long memoryMebibytes() {
      return mebibytes(memory);
    }
  }
}
