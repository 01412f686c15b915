package hu.mtmt.besorol.contract;

import java.util.List;

/**
 * A record with rules between its fields. For those that are part of a manifest too, the same rule
 * stands beside the record in CEL, with the same message; a test holds the two against each other.
 */
interface CrossChecked {
  /** The message of every rule that is broken. Each field by itself is as it should be already. */
  List<String> brokenRules();
}
