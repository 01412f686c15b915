package hu.mtmt.besorol.operator.queue;

import hu.mtmt.besorol.operator.placement.Flavor;
import hu.mtmt.besorol.operator.placement.Flavors;
import hu.mtmt.besorol.operator.placement.Quota;
import java.util.HashMap;
import java.util.Map;

/**
 * How many nodes runs may take at one time.
 *
 * @param nodes by flavor; a flavor that is not in it has as many as are asked for
 * @param quotas by namespace and flavor, likewise
 */
public record Limits(Map<String, Integer> nodes, Map<QuotaKey, Integer> quotas) {

  /** Of what a quota is. */
  public record QuotaKey(String namespace, String flavor) {}

  public Limits {
    nodes = Map.copyOf(nodes);
    quotas = Map.copyOf(quotas);
  }

  /** Those that an installation has set. */
  public static Limits of(Flavors flavors) {
    var nodes = new HashMap<String, Integer>();
    for (Flavor flavor : flavors.all()) {
      if (flavor.nodes() != null) {
        nodes.put(flavor.name(), flavor.nodes());
      }
    }
    var quotas = new HashMap<QuotaKey, Integer>();
    for (Quota quota : flavors.quotas()) {
      quotas.put(new QuotaKey(quota.namespace(), quota.flavor()), quota.nodes());
    }
    return new Limits(nodes, quotas);
  }

  /** Whether nobody ever waits. */
  public boolean none() {
    return nodes.isEmpty() && quotas.isEmpty();
  }

  int nodes(String flavor) {
    return nodes.getOrDefault(flavor, Integer.MAX_VALUE);
  }

  int quota(String namespace, String flavor) {
    return quotas.getOrDefault(new QuotaKey(namespace, flavor), Integer.MAX_VALUE);
  }
}
