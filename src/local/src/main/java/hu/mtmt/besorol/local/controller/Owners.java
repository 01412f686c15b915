package hu.mtmt.besorol.local.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.Optional;

/** Which object made which. */
final class Owners {
  private Owners() {}

  /** The reference to an owner that controls what it has made. */
  static OwnerReference controlledBy(HasMetadata owner) {
    return new OwnerReferenceBuilder()
        .withApiVersion(owner.getApiVersion())
        .withKind(owner.getKind())
        .withName(owner.getMetadata().getName())
        .withUid(owner.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .build();
  }

  /** The owner that controls {@code object}. */
  static Optional<OwnerReference> controllerOf(HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream()
        .filter(o -> Boolean.TRUE.equals(o.getController()))
        .findFirst();
  }

  static boolean controls(HasMetadata owner, HasMetadata object) {
    return controllerOf(object)
        .map(OwnerReference::getUid)
        .filter(owner.getMetadata().getUid()::equals)
        .isPresent();
  }

  /** The key of the controlling owner, if it is of that kind. */
  static Optional<ObjectKey> keyOfController(HasMetadata object, String kind) {
    return controllerOf(object)
        .filter(o -> o.getKind().equals(kind))
        .map(o -> new ObjectKey(object.getMetadata().getNamespace(), o.getName()));
  }
}
