package hu.mtmt.besorol.local.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One write.
 *
 * @param before what was stored; null if it is new
 * @param object what is stored, or at a deletion what was, with the revision of this change
 */
record Change(long revision, Type type, Key key, ObjectNode before, ObjectNode object) {
  /** As in events of a watch. */
  enum Type {
    ADDED,
    MODIFIED,
    DELETED
  }
}
