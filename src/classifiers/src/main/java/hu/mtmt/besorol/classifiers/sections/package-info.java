/** Files of packages that are arrays one after the other, written once and memory-mapped. */
package hu.mtmt.besorol.classifiers.sections;
