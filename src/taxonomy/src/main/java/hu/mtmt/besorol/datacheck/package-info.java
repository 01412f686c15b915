/** What is wrong with documents before anything is learnt from them. */
package hu.mtmt.besorol.datacheck;
