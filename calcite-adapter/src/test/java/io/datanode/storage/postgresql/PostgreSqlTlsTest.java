package io.datanode.storage.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.DataNodeException;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.testing.StorageRows;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The options of TLS reach the driver: a server is believed only as far as they say. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgreSqlTlsTest {
  private static final char[] STORE_PASSWORD = "changeit".toCharArray();

  @TempDir static Path directory;

  private EmbeddedPostgres server;

  @BeforeAll
  void startServer() throws Exception {
    Path certificate = identity("localhost");
    identity("elsewhere");
    server =
        EmbeddedPostgres.builder()
            .setServerConfig("ssl", "on")
            .setServerConfig("ssl_cert_file", certificate.toString())
            .setServerConfig("ssl_key_file", directory.resolve("localhost.key").toString())
            .setServerConfig("fsync", "off")
            .start();
  }

  @AfterAll
  void stopServer() throws Exception {
    server.close();
  }

  /** Makes a key and a certificate for a host, as PEM files, and gives the certificate's. */
  private static Path identity(String host) throws Exception {
    Path store = directory.resolve(host + ".p12");
    List<String> keytool =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "server",
            "-keyalg",
            "RSA",
            "-keysize",
            "2048",
            "-dname",
            "CN=" + host,
            "-ext",
            "SAN=dns:" + host,
            "-validity",
            "30",
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass",
            new String(STORE_PASSWORD));
    Process process = new ProcessBuilder(keytool).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, STORE_PASSWORD);
    }
    Path key = directory.resolve(host + ".key");
    write(key, "PRIVATE KEY", keys.getKey("server", STORE_PASSWORD).getEncoded());
    if (key.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }
    Path certificate = directory.resolve(host + ".pem");
    write(certificate, "CERTIFICATE", keys.getCertificate("server").getEncoded());
    return certificate;
  }

  private static void write(Path file, String kind, byte[] content) throws Exception {
    String text =
        "-----BEGIN "
            + kind
            + "-----\n"
            + Base64.getMimeEncoder().encodeToString(content)
            + "\n-----END "
            + kind
            + "-----\n";
    Files.writeString(file, text);
  }

  /** Whether a connection with these options is encrypted. */
  private Object encrypted(String host, String... options) {
    Map<String, String> all = new HashMap<>();
    all.put("url", "jdbc:postgresql://" + host + ":" + server.getPort() + "/postgres");
    all.put("user", "postgres");
    for (int i = 0; i < options.length; i += 2) {
      all.put(options[i], options[i + 1]);
    }
    try (PostgreSqlStorage storage = new PostgreSqlStorage(ConnectionSettings.of("desk", all))) {
      return new StorageRows(storage)
          .column("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", ColumnType.BOOLEAN)
          .get(0);
    }
  }

  private void refused(String reason, String host, String... options) {
    DataNodeException failure =
        assertThrows(DataNodeException.class, () -> encrypted(host, options));
    assertEquals("57P03", failure.sqlState());
    assertTrue(failure.getMessage().contains(reason), failure.getMessage());
  }

  private static String certificate(String host) {
    return directory.resolve(host + ".pem").toString();
  }

  @Test
  void withoutOptionsWhatTheServerOffersIsUsed() {
    assertEquals(true, encrypted("localhost"));
  }

  @Test
  void disabled() {
    assertEquals(false, encrypted("localhost", "sslmode", "disable"));
  }

  @Test
  void verifiedByCertificateAndName() {
    assertEquals(
        true,
        encrypted("localhost", "sslmode", "verify-full", "sslrootcert", certificate("localhost")));
  }

  @Test
  void aCertificateThatNobodyHereTrusts() {
    refused(
        "SSL error", "localhost", "sslmode", "verify-ca", "sslrootcert", certificate("elsewhere"));
  }

  @Test
  void aServerOfAnotherName() {
    refused(
        "127.0.0.1",
        "127.0.0.1",
        "sslmode",
        "verify-full",
        "sslrootcert",
        certificate("localhost"));
    assertEquals(
        true,
        encrypted("127.0.0.1", "sslmode", "verify-ca", "sslrootcert", certificate("localhost")),
        "verify-ca does not look at the name");
  }

  @Test
  void aFileThatIsNotThere() {
    refused(
        "missing.pem", "localhost", "sslmode", "verify-full", "sslrootcert", "/none/missing.pem");
  }

  @Test
  void aModeThatDoesNotExist() {
    refused("verify-everything", "localhost", "sslmode", "verify-everything");
  }
}
