/** The routes, HTTP only. {@code docs/openapi.yaml} is their interface. */
package hu.mtmt.besorol.inference.rest;
