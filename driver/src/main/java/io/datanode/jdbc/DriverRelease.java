package io.datanode.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Name and version of this driver, from a resource the build writes. */
final class DriverRelease {
  static final String NAME = "DataNode JDBC";

  private static final String VERSION = read();

  private DriverRelease() {}

  private static String read() {
    Properties properties = new Properties();
    try (InputStream in = DriverRelease.class.getResourceAsStream("release.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "0");
  }

  /** For example {@code 1.2.3}. */
  static String version() {
    return VERSION;
  }

  static int major() {
    return part(0);
  }

  static int minor() {
    return part(1);
  }

  private static int part(int index) {
    String[] parts = VERSION.split("[^0-9]+");
    return index < parts.length && !parts[index].isEmpty() ? Integer.parseInt(parts[index]) : 0;
  }
}
