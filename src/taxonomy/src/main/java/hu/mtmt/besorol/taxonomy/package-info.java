/** Subjects and the tree that they form: types, readers, checks, roll-up to a level. */
package hu.mtmt.besorol.taxonomy;
