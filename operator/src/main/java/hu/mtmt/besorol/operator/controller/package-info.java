/** The reconcilers: they look, let the pure parts decide, and write. */
package hu.mtmt.besorol.operator.controller;
