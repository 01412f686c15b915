package hu.mtmt.besorol.trainer.data;

import hu.mtmt.besorol.corpus.Document;

/**
 * A document and its true subjects.
 *
 * @param document its text
 * @param subjects numbers of the taxonomy, rolled up, ascending, each once; at least one
 */
public record LabelledDocument(Document document, int[] subjects) {}
