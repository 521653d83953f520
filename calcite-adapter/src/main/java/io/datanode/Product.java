package io.datanode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What this product is called, and which version of it this is. */
public final class Product {
  /** Its name, as JDBC and {@code VERSION()} tell it. */
  public static final String NAME = "DataNode SQL";

  private static final String VERSION = readVersion();

  private Product() {}

  /** The version, such as {@code 1.0.0}. */
  public static String version() {
    return VERSION;
  }

  private static String readVersion() {
    try (InputStream in = Product.class.getResourceAsStream("engine/engine.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
