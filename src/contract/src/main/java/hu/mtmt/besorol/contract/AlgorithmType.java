package hu.mtmt.besorol.contract;

import com.fasterxml.jackson.annotation.JsonValue;

/** The classifier families. */
public enum AlgorithmType {
  /** One-versus-rest linear classifier on tf-idf features. */
  LINEAR("Linear");

  private final String written;

  AlgorithmType(String written) {
    this.written = written;
  }

  /**
   * The name in documents and manifests; its parameters stand in the field of that name in lower
   * camel case.
   */
  @JsonValue
  public String written() {
    return written;
  }

  /** As {@link #written}: what a command line shows and takes. */
  @Override
  public String toString() {
    return written;
  }
}
