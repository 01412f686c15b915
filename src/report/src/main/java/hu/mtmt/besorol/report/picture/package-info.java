/** The picture of a classifier: subjects as bubbles, packed by the hierarchy, coloured by grade. */
package hu.mtmt.besorol.report.picture;
