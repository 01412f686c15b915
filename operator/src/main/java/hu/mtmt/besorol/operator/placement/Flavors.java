package hu.mtmt.besorol.operator.placement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import hu.mtmt.besorol.contract.BesorolException;
import hu.mtmt.besorol.contract.FailureKind;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * The machines that runs may be placed on.
 *
 * @param all in the order of the file
 */
public record Flavors(List<Flavor> all) {
  /** The one flavor of an installation that names none: a small machine of any kind. */
  public static final Flavors DEFAULT =
      new Flavors(List.of(new Flavor("default", "2", "4Gi", null, Map.of(), "0")));

  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  public Flavors {
    all = List.copyOf(all);
  }

  /**
   * Reads a YAML list of {@link Flavor}s.
   *
   * @throws BesorolException {@link FailureKind#PLAN_INVALID} with the file and what is wrong in it
   */
  public static Flavors read(Path file) {
    try {
      return parse(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw new BesorolException(
          FailureKind.PLAN_INVALID,
          "The flavors in %s cannot be read: %s. Set besorol.flavors to a YAML file of flavors."
              .formatted(file, e),
          e);
    }
  }

  static Flavors parse(String yaml, String name) {
    try {
      var flavors = YAML.readValue(yaml, new TypeReference<List<Flavor>>() {});
      if (flavors == null || flavors.isEmpty()) {
        throw BesorolException.plan(name + " names no flavor: write a YAML list of at least one.");
      }
      var names = new HashSet<String>();
      flavors.forEach(f -> check(f, names, name));
      return new Flavors(flavors);
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      throw BesorolException.plan(
          "%s:%d: not a list of flavors: %s"
              .formatted(name, at == null ? 1 : at.getLineNr(), e.getOriginalMessage()));
    }
  }

  private static void check(Flavor flavor, HashSet<String> names, String file) {
    if (flavor.name() == null || !names.add(flavor.name())) {
      throw BesorolException.plan(
          "%s: every flavor needs a name of its own, but %s occurs twice or is missing."
              .formatted(file, flavor.name()));
    }
    checkQuantity(flavor.cpu(), flavor, "cpu", "\"16\"", file);
    checkQuantity(flavor.memory(), flavor, "memory", "\"60Gi\"", file);
    try {
      new BigDecimal(flavor.costPerHour());
    } catch (NumberFormatException e) {
      throw BesorolException.plan(
          "%s: flavor %s: costPerHour: '%s' is not a number."
              .formatted(file, flavor.name(), flavor.costPerHour()));
    }
  }

  private static void checkQuantity(
      String value, Flavor flavor, String field, String example, String file) {
    try {
      if (value != null && Quantity.getAmountInBytes(new Quantity(value)).signum() > 0) {
        return;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw BesorolException.plan(
        "%s: flavor %s: %s: '%s' is not a quantity of Kubernetes: write one such as %s."
            .formatted(file, flavor.name(), field, value, example));
  }
}
