package hu.mtmt.besorol.operator.queue;

import java.time.Instant;
import java.util.Optional;

/**
 * A run that has machines.
 *
 * @param id who it is
 * @param priority with what waiting had made of it when it was admitted; only one of a lower
 *     priority makes room for another
 * @param flavor which machines
 * @param nodes how many
 * @param safe up to when its work is in a checkpoint; its start if there is none
 * @param leaving whether its pods are being stopped
 * @param remainingSeconds how long it will take, if it is known
 */
public record Holder(
    RunId id,
    int priority,
    String flavor,
    int nodes,
    Instant safe,
    boolean leaving,
    Optional<Integer> remainingSeconds) {}
