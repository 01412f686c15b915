package hu.mtmt.besorol.operator.desired;

import hu.mtmt.besorol.api.Labels;
import hu.mtmt.besorol.api.Labels.Component;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.Map;
import java.util.TreeMap;

/** Labels and owners of what the operator creates. */
final class Metadata {
  private Metadata() {}

  /** The labels of a component's objects; the selectors of some are made of them. */
  static Map<String, String> labels(Component component, String model) {
    var labels = new TreeMap<String, String>();
    labels.put(Labels.NAME, "besorol-" + component.value());
    labels.put(Labels.INSTANCE, model);
    labels.put(Labels.COMPONENT, component.value());
    labels.put(Labels.PART_OF, Labels.BESOROL);
    labels.put(Labels.MANAGED_BY, Labels.BESOROL);
    labels.put(Labels.MODEL, model);
    return labels;
  }

  /** Metadata of an object of that name in the namespace of its owner, removed with it. */
  static ObjectMetaBuilder ownedBy(HasMetadata owner, String name) {
    return new ObjectMetaBuilder()
        .withName(name)
        .withNamespace(owner.getMetadata().getNamespace())
        .withOwnerReferences(reference(owner));
  }

  private static OwnerReference reference(HasMetadata owner) {
    return new OwnerReferenceBuilder()
        .withApiVersion(owner.getApiVersion())
        .withKind(owner.getKind())
        .withName(owner.getMetadata().getName())
        .withUid(owner.getMetadata().getUid())
        .withController(true)
        .build();
  }
}
