package hu.mtmt.besorol.report.picture;

import hu.mtmt.besorol.contract.Grades.Grade;

/**
 * A circle of the picture.
 *
 * @param subject number of the subject in the taxonomy
 * @param group whether it stands for the subject with all that is below it; else for its own
 *     documents
 * @param level level of the subject: 1 for a root
 * @param circle where it lies: the longer side of the whole picture is {@link BubbleLayout#SIDE}
 * @param frequency how many documents have the subject; of a group, 0
 * @param grade what is to be thought of the subject; null for a group
 */
public record Bubble(
    int subject, boolean group, int level, Circle circle, int frequency, Grade grade) {}
