/** What kube-proxy is elsewhere: Services as ports of 127.0.0.1. */
package hu.mtmt.besorol.local.service;
