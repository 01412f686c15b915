/** Documents: the type, streaming readers, digests, splits, and duplicates between parts. */
package hu.mtmt.besorol.corpus;
