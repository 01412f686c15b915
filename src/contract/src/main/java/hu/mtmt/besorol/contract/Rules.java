package hu.mtmt.besorol.contract;

/**
 * Rules for text fields that several records share, in CEL, each with the sentence that a user
 * reads when it is broken. Decimal numbers are written as text ({@code "0.60"}), as Kubernetes
 * asks: floats do not survive every client.
 *
 * <p>Every rule has the form {@code self.matches('…')}, which {@link Constraints} understands too;
 * so one annotation holds at admission and for plans that are read from a file.
 */
public final class Rules {
  public static final String POSITIVE =
      "self.matches('^([1-9][0-9]{0,5}([.][0-9]{1,6})?|0[.]0{0,5}[1-9][0-9]{0,5})$')";
  public static final String POSITIVE_MESSAGE =
      "write a decimal number above 0 in quotes, such as \"0.5\" or \"2\"";

  public static final String NOT_NEGATIVE = "self.matches('^[0-9]{1,6}([.][0-9]{1,6})?$')";
  public static final String NOT_NEGATIVE_MESSAGE =
      "write a decimal number of 0 or more in quotes, such as \"0\" or \"1.5\"";

  public static final String SHARE = "self.matches('^(0([.][0-9]{1,6})?|1([.]0{1,6})?)$')";
  public static final String SHARE_MESSAGE =
      "write a decimal number from 0 to 1 in quotes, such as \"0.05\"";

  public static final String VALIDATION_FRACTION =
      "self.matches('^0[.]([1-4][0-9]{0,5}|0{1,5}[1-9][0-9]{0,4})$')";
  public static final String VALIDATION_FRACTION_MESSAGE =
      "write a decimal number above 0 and below 0.5 in quotes, such as \"0.1\"";

  public static final String CONFIDENCE = "self.matches('^0[.][5-9][0-9]{0,5}$')";
  public static final String CONFIDENCE_MESSAGE =
      "write a confidence from 0.5 to below 1 in quotes, such as \"0.95\"";

  public static final String DIGEST = "self.matches('^sha256:[0-9a-f]{64}$')";
  public static final String DIGEST_MESSAGE =
      "write sha256: and the 64 hexadecimal digits that sha256sum prints";

  /** The longest decimal number these rules allow, in characters. */
  public static final int DECIMAL_LENGTH = 13;

  /** The length of a written digest, in characters. */
  public static final int DIGEST_LENGTH = 71;

  private Rules() {}
}
