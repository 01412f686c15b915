/** What an installation of the operator may choose. */
package hu.mtmt.besorol.operator.config;
