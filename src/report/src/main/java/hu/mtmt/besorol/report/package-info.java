/** The evaluation report that people look at: one HTML file that needs nothing else. */
package hu.mtmt.besorol.report;
