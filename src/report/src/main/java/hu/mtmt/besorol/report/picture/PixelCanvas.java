package hu.mtmt.besorol.report.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.TexturePaint;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/** Draws pixels with Java2D; needs no screen. */
final class PixelCanvas implements Canvas {
  private static final int TILE = 6;

  private final BufferedImage image;
  private final Graphics2D graphics;
  private final Map<GradeLook, TexturePaint> paints = new EnumMap<>(GradeLook.class);
  private final Font font;

  PixelCanvas(Rectangle frame, int width) {
    double scale = width / frame.width();
    int height = (int) Math.ceil(frame.height() * scale);
    image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width, height);
    graphics.scale(scale, scale);
    graphics.translate(-frame.x(), -frame.y());
    for (var look : GradeLook.values()) {
      paints.put(look, paint(look, scale));
    }
    font = font();
  }

  /**
   * The font of labels, or null. A machine without fontconfig or without any font makes Java throw
   * whatever its native parts happen to: the picture is then drawn without labels.
   */
  private Font font() {
    try {
      var sans = new Font(Font.SANS_SERIF, Font.PLAIN, 1);
      graphics.setFont(sans);
      return graphics.getFontMetrics().stringWidth("x") < 0 ? null : sans;
    } catch (RuntimeException | LinkageError | InternalError e) {
      return null;
    }
  }

  private static TexturePaint paint(GradeLook look, double scale) {
    int size = Math.max(TILE, (int) Math.round(TILE * scale));
    var tile = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
    var g = tile.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setColor(Color.decode(look.fill()));
    g.fillRect(0, 0, size, size);
    g.scale((double) size / TILE, (double) size / TILE);
    g.setStroke(new BasicStroke(0.7f));
    var ink = Color.decode(look.ink());
    g.setColor(new Color(ink.getRed(), ink.getGreen(), ink.getBlue(), 140));
    switch (look.hatching()) {
      case NONE -> {}
      case STRIPES -> rising(g);
      case CROSSES -> {
        rising(g);
        g.transform(new AffineTransform(-1, 0, 0, 1, TILE, 0));
        rising(g);
      }
      case DOTS -> {
        g.setColor(ink);
        g.fill(new Ellipse2D.Double(2.2, 2.2, 1.6, 1.6));
      }
    }
    g.dispose();
    return new TexturePaint(tile, new Rectangle2D.Double(0, 0, TILE, TILE));
  }

  private static void rising(Graphics2D g) {
    for (int shift = -TILE; shift <= TILE; shift += TILE) {
      g.draw(new Line2D.Double(shift - 1, TILE + 1, shift + TILE + 1, -1));
    }
  }

  @Override
  public void group(Bubble bubble, String title) {
    var shape = shape(bubble.circle());
    graphics.setColor(new Color(0x1f, 0x2d, 0x3d, 15));
    graphics.fill(shape);
    graphics.setStroke(new BasicStroke(0.8f));
    graphics.setColor(new Color(0x5b, 0x6b, 0x7b, 150));
    graphics.draw(shape);
  }

  @Override
  public void subject(Circle circle, GradeLook look, String title) {
    var shape = shape(circle);
    graphics.setPaint(paints.get(look));
    graphics.fill(shape);
    graphics.setStroke(new BasicStroke((float) Math.min(1.4, circle.r() * 0.12)));
    graphics.setColor(Color.decode(look.ink()));
    graphics.draw(shape);
  }

  private static Ellipse2D shape(Circle c) {
    return new Ellipse2D.Double(c.x() - c.r(), c.y() - c.r(), 2 * c.r(), 2 * c.r());
  }

  @Override
  public void text(
      double x, double y, List<String> lines, double size, String colour, String halo) {
    if (font == null) {
      return;
    }
    graphics.setFont(font.deriveFont((float) size));
    var metrics = graphics.getFont().getLineMetrics("x", graphics.getFontRenderContext());
    double middle = (metrics.getAscent() - metrics.getDescent()) / 2;
    for (int i = 0; i < lines.size(); i++) {
      double line = y + (i - (lines.size() - 1) / 2.0) * Label.LINE * size + middle;
      var glyphs =
          graphics.getFont().createGlyphVector(graphics.getFontRenderContext(), lines.get(i));
      double left = x - glyphs.getLogicalBounds().getWidth() / 2;
      letters(glyphs.getOutline((float) left, (float) line), size, colour, halo);
    }
  }

  /** Letters with what keeps hatching and lines away from them. */
  private void letters(Shape outline, double size, String colour, String halo) {
    if (halo != null) {
      graphics.setStroke(
          new BasicStroke((float) (size * 0.28), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      graphics.setColor(Color.decode(halo));
      graphics.draw(outline);
    }
    graphics.setColor(Color.decode(colour));
    graphics.fill(outline);
  }

  @Override
  public void arc(Circle circle, String text, double size) {
    if (font == null) {
      return;
    }
    graphics.setFont(font.deriveFont(Font.BOLD, (float) size));
    var glyphs = graphics.getFont().createGlyphVector(graphics.getFontRenderContext(), text);
    double r = circle.r() - size * 0.3;
    double width = glyphs.getLogicalBounds().getWidth();
    var before = graphics.getTransform();
    graphics.translate(circle.x(), circle.y());
    var outline = new Path2D.Double();
    for (int i = 0; i < glyphs.getNumGlyphs(); i++) {
      double advance = glyphs.getGlyphMetrics(i).getAdvance();
      double middle = glyphs.getGlyphPosition(i).getX() + advance / 2;
      var bent = AffineTransform.getRotateInstance((middle - width / 2) / r);
      bent.translate(-middle, -r);
      outline.append(bent.createTransformedShape(glyphs.getGlyphOutline(i)), false);
    }
    letters(outline, size, "#26323e", "#ffffff");
    graphics.setTransform(before);
  }

  Picture.Png finish() {
    graphics.dispose();
    var bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return new Picture.Png(bytes.toByteArray(), font != null);
  }
}
