package hu.mtmt.besorol.report.picture;

/** A rectangle in the plane; x and y are its smallest. */
record Rectangle(double x, double y, double width, double height) {}
