package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.server.access.Access;
import io.datanode.server.tls.TlsFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS between driver and server, and what is said where it is not possible. */
class TlsTest {
  @TempDir static Path folder;
  private static Path localhost;
  private static Path renewed;
  private static Path elsewhere;
  private static Path passwordFile;

  @BeforeAll
  static void makeCertificates() throws Exception {
    localhost = keyStore("localhost", "san=dns:localhost,ip:127.0.0.1");
    renewed = keyStore("renewed", "san=dns:localhost,ip:127.0.0.1");
    elsewhere = keyStore("elsewhere", "san=dns:db.example.com");
    passwordFile = Files.writeString(folder.resolve("password"), "changeit\n");
    for (Path store : List.of(localhost, renewed, elsewhere)) {
      writePem(store);
    }
  }

  /** A key store with a certificate that signs itself, made by Java's own keytool. */
  private static Path keyStore(String name, String alternativeName) throws Exception {
    Path store = folder.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                alternativeName,
                "-validity",
                "3650",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit")
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes());
    assertEquals(0, keytool.waitFor(), said);
    return store;
  }

  private static void writePem(Path store) throws Exception {
    java.security.KeyStore keys = java.security.KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(store)) {
      keys.load(in, "changeit".toCharArray());
    }
    pem(certificate(store), "CERTIFICATE", keys.getCertificate("server").getEncoded());
    pem(key(store), "PRIVATE KEY", keys.getKey("server", "changeit".toCharArray()).getEncoded());
  }

  private static void pem(Path file, String kind, byte[] content) throws Exception {
    Files.writeString(
        file,
        "-----BEGIN "
            + kind
            + "-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
            + "\n-----END "
            + kind
            + "-----\n");
  }

  private static Path certificate(Path store) {
    return Path.of(store.toString().replace(".p12", ".crt"));
  }

  private static Path key(Path store) {
    return Path.of(store.toString().replace(".p12", ".key"));
  }

  private static TestServer serve(TlsFiles files) throws SQLException {
    return TestServer.start(
        ServerSettings.defaults().at("127.0.0.1", 0).with(Access.open().with(files)),
        DuckDbSession::new);
  }

  private static TlsFiles pem(Path store) {
    return TlsFiles.pem(certificate(store), key(store));
  }

  private static Connection connect(TestServer server, String host, String... properties)
      throws SQLException {
    Properties info = new Properties();
    for (int i = 0; i < properties.length; i += 2) {
      info.setProperty(properties[i], properties[i + 1]);
    }
    return DriverManager.getConnection(
        "jdbc:datanode://" + host + ":" + server.server().port(), info);
  }

  private static Connection trusting(TestServer server, Path store) throws SQLException {
    return connect(
        server, "localhost", "ssl", "true", "sslRootCert", certificate(store).toString());
  }

  private static long sum(Connection connection) throws SQLException {
    long sum = 0;
    try (ResultSet rows =
        connection.createStatement().executeQuery("SELECT i FROM range(300000) numbers(i)")) {
      while (rows.next()) {
        sum += rows.getLong(1);
      }
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1"})
  void rowsTravelEncrypted(String host) throws SQLException {
    try (TestServer server = serve(pem(localhost));
        Connection connection =
            connect(
                server, host, "ssl", "true", "sslRootCert", certificate(localhost).toString())) {
      assertEquals(299_999L * 150_000L, sum(connection));
      assertTrue(server.server().jdbcUrl().endsWith("/?ssl=true"), server.server().jdbcUrl());
      assertTrue(server.server().httpUrl().startsWith("https://"), server.server().httpUrl());
    }
  }

  @Test
  void aKeyStoreWillDoAsWell() throws SQLException {
    try (TestServer server = serve(TlsFiles.keyStore(localhost, passwordFile));
        Connection connection = trusting(server, localhost)) {
      assertEquals(299_999L * 150_000L, sum(connection));
    }
  }

  @Test
  void aCertificateNobodyTrustsIsRefused() throws SQLException {
    try (TestServer server = serve(pem(localhost))) {
      SQLException error =
          assertThrows(SQLException.class, () -> connect(server, "localhost", "ssl", "true"));
      assertEquals("08001", error.getSQLState());
      assertTrue(error.getMessage().contains("its certificate is not trusted"), error.getMessage());
      SQLException other = assertThrows(SQLException.class, () -> trusting(server, renewed));
      assertTrue(other.getMessage().contains("its certificate is not trusted"), other.getMessage());
    }
  }

  @Test
  void aCertificateForAnotherHostIsRefused() throws SQLException {
    try (TestServer server = serve(pem(elsewhere))) {
      SQLException error = assertThrows(SQLException.class, () -> trusting(server, elsewhere));
      assertEquals("08001", error.getSQLState());
      assertTrue(
          error.getMessage().contains("its certificate is for another host"), error.getMessage());
    }
  }

  @Test
  void tlsWithAServerThatSpeaksPlainTextIsOneClearSentence() throws SQLException {
    try (TestServer server = TestServer.start()) {
      SQLException error =
          assertThrows(SQLException.class, () -> connect(server, "127.0.0.1", "ssl", "true"));
      assertEquals("08001", error.getSQLState());
      assertTrue(
          error.getMessage().contains("it does not speak TLS; leave out ssl=true"),
          error.getMessage());
    }
  }

  @Test
  void plainTextWithAServerThatSpeaksTlsIsOneClearSentence() throws SQLException {
    try (TestServer server = serve(pem(localhost))) {
      SQLException error = assertThrows(SQLException.class, () -> connect(server, "127.0.0.1"));
      assertEquals("08001", error.getSQLState());
      assertTrue(error.getMessage().contains("add ssl=true to the URL"), error.getMessage());
    }
  }

  @Test
  void aRootWithoutTlsIsAnErrorAndNotPlainText() throws SQLException {
    try (TestServer server = TestServer.start()) {
      SQLException error =
          assertThrows(
              SQLException.class,
              () -> connect(server, "127.0.0.1", "sslRootCert", certificate(localhost).toString()));
      assertEquals("22023", error.getSQLState());
    }
  }

  @Test
  void aRootThatIsNoneIsNamed() throws SQLException {
    try (TestServer server = serve(pem(localhost))) {
      SQLException missing =
          assertThrows(
              SQLException.class,
              () ->
                  connect(server, "localhost", "ssl", "true", "sslRootCert", folder + "/none.crt"));
      assertEquals("58030", missing.getSQLState());
      SQLException none =
          assertThrows(
              SQLException.class,
              () ->
                  connect(
                      server, "localhost", "ssl", "true", "sslRootCert", passwordFile.toString()));
      assertEquals("22023", none.getSQLState());
      assertTrue(none.getMessage().contains("expected a PEM file"), none.getMessage());
    }
  }

  @Test
  void aRenewedCertificateIsTakenAndConnectionsGoOn() throws Exception {
    Path live = folder.resolve("live.p12");
    Files.copy(certificate(localhost), certificate(live), StandardCopyOption.REPLACE_EXISTING);
    Files.copy(key(localhost), key(live), StandardCopyOption.REPLACE_EXISTING);
    try (TestServer server = serve(pem(live));
        Connection before = trusting(server, localhost);
        ResultSet rows =
            before.createStatement().executeQuery("SELECT i FROM range(3000000) numbers(i)")) {
      assertTrue(rows.next());
      Files.copy(key(renewed), key(live), StandardCopyOption.REPLACE_EXISTING);
      Files.copy(certificate(renewed), certificate(live), StandardCopyOption.REPLACE_EXISTING);
      FileTime later = FileTime.from(Instant.now().plusSeconds(60));
      Files.setLastModifiedTime(key(live), later);
      Files.setLastModifiedTime(certificate(live), later);
      connectWhenRenewed(server).close();
      int count = 1;
      while (rows.next()) {
        count++;
      }
      assertEquals(3_000_000, count);
    }
  }

  /** The server looks for a new certificate every second. */
  private static Connection connectWhenRenewed(TestServer server) throws Exception {
    for (int i = 0; i < 100; i++) {
      try {
        return trusting(server, renewed);
      } catch (SQLException e) {
        assertTrue(e.getMessage().contains("its certificate is not trusted"), e.getMessage());
        Thread.sleep(100);
      }
    }
    throw new AssertionError("The renewed certificate is not used");
  }

  @Test
  void aKeyOfAnotherCertificateIsFoundAtTheStart() {
    SQLException error =
        assertThrows(
            SQLException.class, () -> serve(TlsFiles.pem(certificate(localhost), key(renewed))));
    assertEquals("F0000", error.getSQLState());
    assertEquals("TLS is not possible: the key is not that of the certificate", error.getMessage());
  }

  @Test
  void filesThatAreWrongAreNamed() {
    SQLException missing =
        assertThrows(
            SQLException.class,
            () -> serve(TlsFiles.pem(folder.resolve("none.crt"), key(localhost))));
    assertEquals("58030", missing.getSQLState());
    SQLException none =
        assertThrows(
            SQLException.class, () -> serve(TlsFiles.pem(certificate(localhost), passwordFile)));
    assertEquals("F0000", none.getSQLState());
    assertTrue(none.getMessage().contains("openssl pkcs8 -topk8 -nocrypt"), none.getMessage());
    SQLException password =
        assertThrows(SQLException.class, () -> serve(TlsFiles.keyStore(localhost, key(localhost))));
    assertEquals("58030", password.getSQLState());
    assertTrue(password.getMessage().contains("password may be wrong"), password.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void newVersionsAreSpoken(String version) throws Exception {
    try (TestServer server = serve(pem(localhost))) {
      assertEquals(version, negotiated(server, version));
    }
  }

  @Test
  void oldVersionsAreNot() throws Exception {
    try (TestServer server = serve(pem(localhost))) {
      assertThrows(SSLException.class, () -> negotiated(server, "TLSv1.1"));
    }
  }

  private static String negotiated(TestServer server, String version) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Trusting()}, null);
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.server().port())) {
      socket.setEnabledProtocols(new String[] {version});
      socket.startHandshake();
      return socket.getSession().getProtocol();
    }
  }

  /** Trusts everybody: which version is spoken has nothing to do with whom. */
  private static final class Trusting implements X509TrustManager {
    @Override
    public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String type) {}

    @Override
    public java.security.cert.X509Certificate[] getAcceptedIssuers() {
      return new java.security.cert.X509Certificate[0];
    }
  }
}
