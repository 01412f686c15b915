package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalLong;

/** What is particular to the objects of a kind. The defaults are those of most kinds. */
interface KindBehaviour {

  /** Fills in what the user may leave out. Called at every write, before anything else. */
  default void setDefaults(ObjectNode object) {}

  /** The fields that the server decides when an object is created. */
  default void prepareForCreate(ObjectNode object) {}

  /** The fields that the server decides when an object is changed. */
  default void prepareForUpdate(ObjectNode before, ObjectNode after) {}

  /**
   * Adds what is wrong.
   *
   * @param before null for a new object
   */
  default void validate(ObjectNode before, ObjectNode after, List<FieldError> errors) {}

  /** Whether metadata.generation counts the changes of what is wanted. */
  default boolean hasGeneration() {
    return false;
  }

  /** Whether a PUT without resourceVersion replaces whatever is there. */
  default boolean replacedUnconditionally() {
    return true;
  }

  /** Whether a PUT of an absent object creates it. */
  default boolean createdByPut() {
    return false;
  }

  /** Whether DELETE answers with the object instead of a Status. */
  default boolean returnedWhenDeleted() {
    return false;
  }

  /** Whether its deletion may take time, for whoever runs it to end. */
  default boolean deletedGracefully() {
    return false;
  }

  /**
   * How long the object is kept while it is deleted, for whoever runs it to end.
   *
   * @param asked gracePeriodSeconds of the request
   */
  default long graceSeconds(ObjectNode object, OptionalLong asked) {
    return 0;
  }
}
