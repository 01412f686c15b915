package hu.mtmt.besorol.report;

import hu.mtmt.besorol.evaluation.Judged;

/**
 * A document of the holdout as far as the report speaks of it.
 *
 * @param id its id, or null
 * @param title its title, or null
 * @param language ISO 639-1 code of its text, or null
 * @param year of publication, or null
 * @param judged what is true of it and what was answered
 */
public record JudgedDocument(
    String id, String title, String language, Integer year, Judged judged) {}
