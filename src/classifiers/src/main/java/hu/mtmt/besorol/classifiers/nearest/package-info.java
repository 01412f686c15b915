/** The family {@code TfidfNearest}: the subject whose documents are most like the document. */
package hu.mtmt.besorol.classifiers.nearest;
