package hu.mtmt.besorol.inference.rest;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Something that is wrong with a document.
 *
 * @param document its index in the array, counted from 0; null if the body is one document
 * @param field which field; null if it is the document itself
 * @param detail what is wrong and what to write instead
 * @param line where the field's value begins, counted from 1
 * @param column counted from 1
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Mistake(Integer document, String field, String detail, long line, int column) {

  /** Place and detail as a sentence. */
  String sentence() {
    return "%s (line %d, column %d): %s.".formatted(place(document, field), line, column, detail);
  }

  /** What messages call a document or a field of it: {@code [3].language}. */
  static String place(Integer document, String field) {
    var element = document == null ? "" : "[" + document + "]";
    if (field == null) {
      return element.isEmpty() ? "The document" : element;
    }
    return element.isEmpty() ? field : element + "." + field;
  }
}
