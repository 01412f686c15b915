package hu.mtmt.besorol.operator.placement;

/**
 * How many nodes of a flavor the runs of a namespace may take at one time.
 *
 * @param namespace whose runs
 * @param flavor of which machines
 * @param nodes how many; 0 for none
 */
public record Quota(String namespace, String flavor, Integer nodes) {}
