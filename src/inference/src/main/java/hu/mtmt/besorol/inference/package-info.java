/**
 * The service that answers with the model of one package.
 *
 * <p>{@link hu.mtmt.besorol.inference.ModelLoader} opens the package named by the environment, and
 * the process is ready once it is verified and has passed its self-test. From then on it never
 * changes: another version is another process.
 */
package hu.mtmt.besorol.inference;
