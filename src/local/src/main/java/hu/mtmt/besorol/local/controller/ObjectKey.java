package hu.mtmt.besorol.local.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** Which object of a kind is meant. */
public record ObjectKey(String namespace, String name) {

  public static ObjectKey of(HasMetadata object) {
    return new ObjectKey(object.getMetadata().getNamespace(), object.getMetadata().getName());
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
