package io.datanode.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The jar that is published: alone on a class path, small, and with nothing of others in it. */
class DriverJarIT {
  private static Path jar() {
    return Path.of(System.getProperty("driver.jar"));
  }

  @Test
  void itHoldsOnlyOurPackagesAndIsSmall() throws Exception {
    assertTrue(Files.size(jar()) < 8 << 20, "bytes: " + Files.size(jar()));
    try (JarFile file = new JarFile(jar().toFile())) {
      List<String> strangers =
          file.stream()
              .map(entry -> entry.getName())
              .filter(name -> !name.endsWith("/"))
              .filter(name -> !name.startsWith("io/datanode/jdbc/"))
              .filter(name -> !name.startsWith("META-INF/maven/"))
              .sorted()
              .collect(Collectors.toList());
      assertEquals(
          List.of(
              "META-INF/LICENSE",
              "META-INF/MANIFEST.MF",
              "META-INF/NOTICE",
              "META-INF/services/java.sql.Driver"),
          strangers);
      assertEquals(
          DriverRelease.version(),
          file.getManifest().getMainAttributes().getValue("Implementation-Version"));
    }
  }

  @Test
  void itWorksAlone() throws Exception {
    URL[] urls = {jar().toUri().toURL()};
    ClassLoader jdk = ClassLoader.getPlatformClassLoader();
    try (URLClassLoader alone = new URLClassLoader(urls, jdk)) {
      List<Driver> drivers = new ArrayList<>();
      for (Driver driver : ServiceLoader.load(Driver.class, alone)) {
        if (driver.getClass().getClassLoader() == alone) {
          drivers.add(driver);
        }
      }
      assertEquals(1, drivers.size(), drivers.toString());
      Driver driver = drivers.get(0);
      assertEquals(DataNodeDriver.class.getName(), driver.getClass().getName());
      Thread thread = Thread.currentThread();
      ClassLoader context = thread.getContextClassLoader();
      thread.setContextClassLoader(alone);
      try {
        SQLException path =
            assertThrows(
                SQLException.class, () -> driver.connect("jdbc:datanode:./x", new Properties()));
        assertEquals("08001", path.getSQLState());
        assertTrue(path.getMessage().contains("io.datanode:datanode-calcite"), path.getMessage());
        SQLException server =
            assertThrows(
                SQLException.class,
                () -> driver.connect("jdbc:datanode://nosuch.invalid/", new Properties()));
        assertEquals("08001", server.getSQLState());
      } finally {
        thread.setContextClassLoader(context);
      }
    }
  }
}
