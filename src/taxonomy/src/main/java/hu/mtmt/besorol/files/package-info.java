/** Files that data is read from: digests, decompression, lines, and how problems are told. */
package hu.mtmt.besorol.files;
