package hu.mtmt.besorol.inference.rest;

import hu.mtmt.besorol.inference.ApiKeys;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Lets only clients with a key reach the routes, if there are keys; health and metrics are open.
 */
public class ApiKeyFilter {
  private static final String SCHEME = "Bearer ";

  private final ApiKeys keys;

  ApiKeyFilter(ApiKeys keys) {
    this.keys = keys;
  }

  /** Throws 401 for a request without a key that is known. */
  @ServerRequestFilter(preMatching = true, nonBlocking = true)
  public void filter(ContainerRequestContext request) {
    var header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
    var bearer = header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    if (!keys.admit(bearer ? header.substring(SCHEME.length()).strip() : null)) {
      throw Problems.unauthorized();
    }
  }
}
