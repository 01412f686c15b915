/** The command line: {@code besorol local}, and what {@code ./mvnw -q -Pquickstart} runs. */
package hu.mtmt.besorol.local.quickstart;
