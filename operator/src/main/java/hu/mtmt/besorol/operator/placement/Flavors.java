package hu.mtmt.besorol.operator.placement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.FailureKind;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The machines that runs may be placed on.
 *
 * @param all in the order of the file
 * @param quotas how much of them namespaces may take; a namespace and a flavor without one may take
 *     all
 * @param problem what is wrong with newer ones, if they were refused and these still hold
 */
public record Flavors(List<Flavor> all, List<Quota> quotas, Optional<String> problem) {
  /** The one flavor of an installation that names none: a small machine of any kind. */
  public static final Flavors DEFAULT =
      new Flavors(
          List.of(new Flavor("default", "2", "4Gi", null, null, Map.of(), null, null, "0")));

  /** None: nothing is placed. */
  public static final Flavors NONE = new Flavors(List.of());

  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private static final int NAME_LENGTH = 63;
  private static final Pattern COMPUTE_CAPABILITY = Pattern.compile("[1-9][0-9]?\\.[0-9]");
  private static final Pattern DRIVER = Pattern.compile("[0-9]{1,5}(\\.[0-9]{1,5}){0,3}");

  public Flavors {
    all = List.copyOf(all);
    quotas = List.copyOf(quotas);
  }

  public Flavors(List<Flavor> all) {
    this(all, List.of(), Optional.empty());
  }

  /** These, which hold on although there are newer ones. */
  public Flavors insteadOf(String problem) {
    return new Flavors(all, quotas, Optional.of(problem));
  }

  /** The flavor of that name. */
  public Optional<Flavor> named(String name) {
    return all.stream().filter(f -> f.name().equals(name)).findFirst();
  }

  /**
   * Reads a YAML list of {@link Flavor}s.
   *
   * @param name of the document, for messages
   * @throws BesorolException {@link FailureKind#PLAN_INVALID} with the flavor and what is wrong in
   *     it
   */
  public static Flavors parse(String yaml, String name) {
    try {
      var flavors = YAML.readValue(yaml, new TypeReference<List<Flavor>>() {});
      if (flavors == null || flavors.isEmpty()) {
        throw BesorolException.plan(name + " names no flavor: write a YAML list of at least one.");
      }
      var checked = new Checked(name, flavors);
      checked.names();
      flavors.forEach(checked::flavor);
      checked.overlaps();
      return new Flavors(flavors);
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      throw BesorolException.plan(
          "%s:%d: not a list of flavors: %s"
              .formatted(name, at == null ? 1 : at.getLineNr(), e.getOriginalMessage()));
    }
  }

  /**
   * These with quotas, from a YAML list of {@link Quota}s.
   *
   * @param document name of the document, for messages
   * @throws BesorolException {@link FailureKind#PLAN_INVALID} with the quota and what is wrong in
   *     it
   */
  public Flavors withQuotas(String yaml, String document) {
    try {
      List<Quota> read = YAML.readValue(yaml, new TypeReference<List<Quota>>() {});
      var seen = new HashSet<List<String>>();
      for (var quota : read == null ? List.<Quota>of() : read) {
        check(quota, seen, document);
      }
      return new Flavors(all, read == null ? List.of() : read, problem);
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      throw BesorolException.plan(
          "%s:%d: not a list of quotas: %s"
              .formatted(document, at == null ? 1 : at.getLineNr(), e.getOriginalMessage()));
    }
  }

  private void check(Quota quota, Set<List<String>> seen, String document) {
    if (quota == null || quota.namespace() == null || quota.namespace().isBlank()) {
      throw BesorolException.plan(
          "%s: a quota without a namespace: write namespace, flavor and nodes."
              .formatted(document));
    }
    String broken = null;
    if (quota.flavor() == null || named(quota.flavor()).isEmpty()) {
      broken = "there is no such flavor: name one of the flavors";
    } else if (quota.nodes() == null || quota.nodes() < 0) {
      broken =
          "nodes: %s is none: write how many nodes the namespace may take at one time"
              .formatted(quota.nodes());
    } else if (!seen.add(List.of(quota.namespace(), quota.flavor()))) {
      broken = "it occurs twice: write one quota for a namespace and a flavor";
    }
    if (broken != null) {
      throw BesorolException.plan(
          "%s: quota of namespace %s, flavor %s: %s."
              .formatted(document, quota.namespace(), quota.flavor(), broken));
    }
  }

  /**
   * How many nodes of that flavor runs of that namespace may take at one time, if it is limited.
   */
  public Optional<Integer> quota(String namespace, String flavor) {
    return quotas.stream()
        .filter(q -> q.namespace().equals(namespace) && q.flavor().equals(flavor))
        .map(Quota::nodes)
        .findFirst();
  }

  /** The checks of a document. */
  private record Checked(String document, List<Flavor> flavors) {

    void names() {
      var names = new HashSet<String>();
      for (var flavor : flavors) {
        if (flavor == null
            || flavor.name() == null
            || flavor.name().isBlank()
            || flavor.name().length() > NAME_LENGTH
            || !names.add(flavor.name())) {
          throw BesorolException.plan(
              "%s: every flavor needs a name of its own of 1 to %d characters, but '%s' occurs twice, is too long or is missing."
                  .formatted(document, NAME_LENGTH, flavor == null ? null : flavor.name()));
        }
      }
    }

    void flavor(Flavor flavor) {
      quantity(flavor.cpu(), flavor, "cpu", "\"16\"");
      quantity(flavor.memory(), flavor, "memory", "\"60Gi\"");
      if (flavor.disk() != null) {
        quantity(flavor.disk(), flavor, "disk", "\"100Gi\", or leave it out");
      }
      cost(flavor);
      require(
          flavor.nodes() == null || flavor.nodes() >= 0,
          flavor,
          "nodes: %s is negative: write how many nodes runs may take at one time, or leave it out",
          flavor.nodes());
      if (flavor.gpu() != null) {
        gpu(flavor, flavor.gpu());
      }
    }

    private void gpu(Flavor flavor, Flavor.Gpu gpu) {
      quantity(gpu.memory(), flavor, "gpu.memory", "\"16Gi\"");
      require(
          gpu.count() >= 1,
          flavor,
          "gpu.count: %s is less than one: leave gpu out where there is none",
          gpu.count());
      require(
          gpu.computeCapability() == null
              || COMPUTE_CAPABILITY.matcher(gpu.computeCapability()).matches(),
          flavor,
          "gpu.computeCapability: '%s' is none: write one such as \"7.0\"",
          gpu.computeCapability());
      require(
          gpu.driver() == null || DRIVER.matcher(gpu.driver()).matches(),
          flavor,
          "gpu.driver: '%s' is no version: write one such as \"550.54.15\"",
          gpu.driver());
    }

    private void cost(Flavor flavor) {
      BigDecimal cost;
      try {
        cost = new BigDecimal(flavor.costPerHour());
      } catch (NumberFormatException e) {
        cost = null;
      }
      require(
          cost != null && cost.signum() >= 0,
          flavor,
          "costPerHour: '%s' is not a number of 0 or more",
          flavor.costPerHour());
    }

    private void quantity(String value, Flavor flavor, String field, String example) {
      boolean valid;
      try {
        valid = value != null && Quantity.getAmountInBytes(new Quantity(value)).signum() > 0;
      } catch (IllegalArgumentException e) {
        valid = false;
      }
      require(
          valid,
          flavor,
          field + ": '%s' is not a quantity of Kubernetes above 0: write one such as " + example,
          value);
    }

    /** A node of two flavors would be counted twice. */
    void overlaps() {
      for (int i = 0; i < flavors.size(); i++) {
        for (int j = 0; j < i; j++) {
          var labels = flavors.get(i).nodeLabels();
          var others = flavors.get(j).nodeLabels();
          require(
              labels.entrySet().stream()
                  .anyMatch(
                      e ->
                          others.containsKey(e.getKey())
                              && !others.get(e.getKey()).equals(e.getValue())),
              flavors.get(i),
              "nodeLabels: a node may carry these labels and those of flavor %s too: give one label"
                  + " another value in each",
              flavors.get(j).name());
        }
      }
    }

    private void require(boolean holds, Flavor flavor, String broken, Object value) {
      if (!holds) {
        throw BesorolException.plan(
            "%s: flavor %s: %s.".formatted(document, flavor.name(), broken.formatted(value)));
      }
    }
  }
}
