package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far a training is: what {@code GET :8080/progress} of its pod answers.
 *
 * @param stage what it is doing
 * @param percent of the whole work that is done, 0 to 100; it never falls within one process
 * @param epoch pass over the training documents, counted from 1, or null if there are none
 * @param loss current value of what is minimised, or null if not known
 * @param remainingSeconds estimated time to the end, or null if not known yet
 * @param metrics values known so far, on the validation part
 * @param footprint what the training needs, or null before its data is read
 * @param checkpointTime when the newest checkpoint was written, or null if there is none
 * @param lastUpdatedTime when this was true
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Progress(
    Stage stage,
    int percent,
    Integer epoch,
    Double loss,
    Integer remainingSeconds,
    Map<Metric, Double> metrics,
    Footprint footprint,
    @JsonFormat(shape = JsonFormat.Shape.STRING) Instant checkpointTime,
    @JsonFormat(shape = JsonFormat.Shape.STRING) Instant lastUpdatedTime)
    implements ContractDocument {

  /**
   * The port of a pod on which progress is served unless the environment's {@code PORT} says
   * otherwise.
   */
  public static final int PORT = 8080;

  /** The route of the progress document. */
  public static final String ROUTE = "/progress";

  public Progress {
    metrics = metrics == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(metrics));
  }

  /** What a training is doing, in this order. */
  public enum Stage {
    /** Reading and checking taxonomy and documents. */
    @JsonProperty("Reading")
    READING,
    /** Counting n-grams and turning documents into vectors. */
    @JsonProperty("Features")
    FEATURES,
    /** Learning. */
    @JsonProperty("Training")
    TRAINING,
    /** Choosing thresholds and calibrating scores on the validation part. */
    @JsonProperty("Calibrating")
    CALIBRATING,
    /** Writing the package. */
    @JsonProperty("Packaging")
    PACKAGING,
    /** Answering the holdout and comparing with the serving version. */
    @JsonProperty("Evaluating")
    EVALUATING,
    /** Nothing is left to do. */
    @JsonProperty("Done")
    DONE
  }
}
