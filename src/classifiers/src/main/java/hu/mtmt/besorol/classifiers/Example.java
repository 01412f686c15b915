package hu.mtmt.besorol.classifiers;

import hu.mtmt.besorol.corpus.Document;

/**
 * A document to learn from.
 *
 * @param document its text
 * @param labels numbers of its subjects among the labels that are learnt, ascending, each once;
 *     maybe none
 */
public record Example(Document document, int[] labels) {}
