/** On which kind of machine a run trains: pure functions of the run and of the flavors. */
package hu.mtmt.besorol.operator.placement;
