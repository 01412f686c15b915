package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens to a training or validation document whose text is also in the holdout. */
public enum DuplicatePolicy {
  /** The run fails and names them: a holdout document that was learnt proves nothing. */
  @JsonProperty("Refuse")
  REFUSE,
  /** They are left out of training and validation, and counted. */
  @JsonProperty("Drop")
  DROP
}
