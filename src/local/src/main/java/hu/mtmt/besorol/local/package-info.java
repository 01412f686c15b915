/** A cluster of one machine, and Besorol installed in it. */
package hu.mtmt.besorol.local;
