/**
 * Whole-program benchmarks: each measures processes of its own and prints a Markdown table.
 *
 * <pre>
 * ./mvnw -q -pl src/benchmarks -am -DskipTests package
 * java -cp "src/benchmarks/target/*:src/benchmarks/target/lib/*" hu.mtmt.besorol.benchmarks.LinearBenchmark DIR…
 * </pre>
 */
package hu.mtmt.besorol.benchmarks;
