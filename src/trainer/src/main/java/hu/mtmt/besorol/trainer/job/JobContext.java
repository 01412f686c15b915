package hu.mtmt.besorol.trainer.job;

import hu.mtmt.besorol.trainer.progress.ProgressTracker;
import java.time.Clock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The surroundings of a job.
 *
 * @param threads how many threads may work
 * @param clock the time
 * @param progress is told how far it is
 * @param cancelled whether to stop
 * @param notes is told, in sentences, what a person should know of
 */
public record JobContext(
    int threads,
    Clock clock,
    ProgressTracker progress,
    BooleanSupplier cancelled,
    Consumer<String> notes) {}
