package hu.mtmt.besorol.local.controller;

import io.fabric8.kubernetes.api.model.IntOrString;

/** A number of pods that is written as itself or as a percentage. */
final class Quota {
  private Quota() {}

  /** How many of {@code total} are meant by {@code quota}, such as 2 or 25%. */
  static int of(IntOrString quota, int total, boolean roundUp) {
    if (quota.getIntVal() != null) {
      return quota.getIntVal();
    }
    var percent = Integer.parseInt(quota.getStrVal().replace("%", ""));
    return (total * percent + (roundUp ? 99 : 0)) / 100;
  }
}
