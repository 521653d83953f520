package io.datanode.jdbc.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Connections by TLS, with the certificates the JVM trusts. */
@Isolated("changes the default TLS context of the JVM")
@Timeout(60)
class TlsTest {
  private static final String PASSWORD = "changeit";

  @TempDir Path folder;

  /** A context that has, and trusts, a certificate for localhost only. */
  private SSLContext localhost() throws Exception {
    Path file = folder.resolve("localhost.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Process made =
        new ProcessBuilder(
                keytool,
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertEquals(0, made.waitFor());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", keys.getCertificate("server"));
    KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("PKIX");
    keyManagers.init(keys, PASSWORD.toCharArray());
    TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
    trustManagers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
    return context;
  }

  @Test
  void theCertificateMustBeTrustedAndForTheHost() throws Exception {
    SSLContext jvm = SSLContext.getDefault();
    SSLContext context = localhost();
    try (TestServer server = TestServer.secure(context)) {
      String settings = ":" + server.port() + "/?ssl=true&connectTimeout=20";
      SQLException untrusted =
          assertThrows(
              SQLException.class,
              () -> DriverManager.getConnection("jdbc:datanode://localhost" + settings));
      assertEquals("08001", untrusted.getSQLState());

      SSLContext.setDefault(context);
      try (Connection connection =
              DriverManager.getConnection("jdbc:datanode://localhost" + settings);
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("COUNT 200000")) {
        int count = 0;
        while (rows.next()) {
          count++;
        }
        assertEquals(200_000, count);
      }
      SQLException otherHost =
          assertThrows(
              SQLException.class,
              () -> DriverManager.getConnection("jdbc:datanode://127.0.0.1" + settings));
      assertEquals("08001", otherHost.getSQLState());
      assertTrue(otherHost.getMessage().contains("127.0.0.1:"), otherHost.getMessage());
    } finally {
      SSLContext.setDefault(jvm);
    }
  }
}
