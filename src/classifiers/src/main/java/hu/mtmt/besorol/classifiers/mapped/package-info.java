/**
 * Files of packages as they are memory-mapped: written once, the least byte first, and used as they
 * lie there, so that opening them costs nothing and pods on one node share their pages.
 */
package hu.mtmt.besorol.classifiers.mapped;
