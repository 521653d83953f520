package io.datanode.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
              "META-INF/licenses/protobuf.txt",
              "META-INF/services/java.sql.Driver"),
          strangers);
      assertEquals(
          DriverRelease.version(),
          file.getManifest().getMainAttributes().getValue("Implementation-Version"));
    }
  }

  @Test
  void everyClassInItRunsOnJava11() throws Exception {
    try (JarFile file = new JarFile(jar().toFile())) {
      List<JarEntry> classes =
          file.stream()
              .filter(entry -> entry.getName().endsWith(".class"))
              .collect(Collectors.toList());
      assertTrue(classes.size() > 100, "classes: " + classes.size());
      for (JarEntry entry : classes) {
        try (DataInputStream in = new DataInputStream(file.getInputStream(entry))) {
          assertEquals(0xCAFEBABE, in.readInt());
          in.readUnsignedShort();
          int version = in.readUnsignedShort();
          assertTrue(version <= 55, entry + " has version " + version + "; Java 11 reads up to 55");
        }
      }
    }
  }

  /** Nothing in it depends on when and where it was built. */
  @Test
  void itIsTheSameWhoeverBuildsIt() throws Exception {
    try (JarFile file = new JarFile(jar().toFile())) {
      LocalDateTime release =
          OffsetDateTime.parse(System.getProperty("release.time")).toLocalDateTime();
      assertEquals(release, file.getJarEntry("META-INF/MANIFEST.MF").getTimeLocal());
      List<String> classes =
          file.stream()
              .map(JarEntry::getName)
              .filter(name -> name.startsWith("io/datanode/jdbc/") && name.endsWith(".class"))
              .filter(name -> !name.contains("/shaded/"))
              .collect(Collectors.toList());
      // In the order of their names, not in that of the file system.
      assertEquals(classes.stream().sorted().collect(Collectors.toList()), classes);
      for (JarEntry entry : file.stream().collect(Collectors.toList())) {
        boolean ours =
            entry.getName().startsWith("io/datanode/jdbc/")
                && !entry.getName().contains("/shaded/");
        if (ours) {
          assertEquals(release, entry.getTimeLocal(), entry.getName());
        } else {
          assertFalse(entry.getTimeLocal().isAfter(release), entry.getName());
        }
      }
      String manifest = file.getManifest().getMainAttributes().keySet().toString();
      for (String key : List.of("Built-By", "Build-Jdk,", "Build-Time", "Created-At")) {
        assertFalse(manifest.contains(key), manifest);
      }
    }
  }

  /** Who depends on the driver gets nothing else. */
  @Test
  void itsPomNamesNoDependencies() throws Exception {
    String pom = Files.readString(jar().resolveSibling("dependency-reduced-pom.xml"));
    assertTrue(pom.contains("<artifactId>datanode-jdbc</artifactId>"), pom);
    for (String shaded : List.of("avatica-core", "protobuf-java", "joou", "slf4j")) {
      assertFalse(pom.contains("<artifactId>" + shaded + "</artifactId>"), pom);
    }
  }

  @Test
  void itWorksOnTheModulePathWithoutFlagsAndSilently(@TempDir Path folder) throws Exception {
    Path program =
        Files.writeString(
            folder.resolve("Program.java"),
            "class Program {\n"
                + "  public static void main(String[] arguments) throws Exception {\n"
                + "    var driver = java.sql.DriverManager.getDriver(\"jdbc:datanode://h/\");\n"
                + "    System.out.println(driver.getClass().getModule().getName());\n"
                + "    try {\n"
                + "      java.sql.DriverManager.getConnection(\"jdbc:datanode://127.0.0.1:1/\");\n"
                + "    } catch (java.sql.SQLException e) {\n"
                + "      System.out.println(e.getSQLState());\n"
                + "    }\n"
                + "  }\n"
                + "}\n");
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--module-path",
                jar().toString(),
                "--add-modules",
                "io.datanode.jdbc",
                program.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, java.waitFor(), said);
    assertEquals(
        List.of("io.datanode.jdbc", "08001"), said.lines().collect(Collectors.toList()), said);
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
