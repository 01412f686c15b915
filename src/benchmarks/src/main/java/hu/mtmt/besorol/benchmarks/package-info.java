/** Whole-program benchmarks: each measures processes of its own and prints a Markdown table. */
package hu.mtmt.besorol.benchmarks;
