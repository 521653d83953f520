package io.datanode.server.tls;

import io.datanode.jdbc.SqlState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the certificate of a server and its private key are: in two PEM files, or in a PKCS #12 or
 * JKS key store.
 */
public final class TlsFiles {
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");
  private static final char[] IN_MEMORY = new char[0];

  private final Path certificate;
  private final @Nullable Path key;
  private final @Nullable Path passwordFile;

  private TlsFiles(Path certificate, @Nullable Path key, @Nullable Path passwordFile) {
    this.certificate = certificate;
    this.key = key;
    this.passwordFile = passwordFile;
  }

  /**
   * PEM files.
   *
   * @param certificates the server's own first, then those that lead to the root
   * @param key of PKCS #8, not encrypted
   */
  public static TlsFiles pem(Path certificates, Path key) {
    return new TlsFiles(certificates, key, null);
  }

  /**
   * A key store.
   *
   * @param passwordFile whose first line is the password, or null if it has none
   */
  public static TlsFiles keyStore(Path keyStore, @Nullable Path passwordFile) {
    return new TlsFiles(keyStore, null, passwordFile);
  }

  /** A key and the certificates that go with it, ready for use. */
  record Loaded(KeyStore keyStore, char[] password) {}

  /**
   * Reads the files.
   *
   * @throws SQLException 58030 if one cannot be read, F0000 if it is not what it should be; never
   *     with anything of the key
   */
  Loaded load() throws SQLException {
    try {
      return key == null ? loadKeyStore() : loadPem(key);
    } catch (IOException e) {
      throw SqlState.FILE_ERROR.exception(
          "The certificate '"
              + certificate
              + "' or its key cannot be read ("
              + e.getClass().getSimpleName()
              + (passwordFile == null ? ")" : "); the password may be wrong"),
          e);
    } catch (GeneralSecurityException e) {
      throw wrong("the certificate '" + certificate + "' cannot be used", e);
    }
  }

  private Loaded loadKeyStore() throws IOException, SQLException, GeneralSecurityException {
    char[] password =
        passwordFile == null
            ? IN_MEMORY
            : Files.readString(passwordFile).lines().findFirst().orElse("").toCharArray();
    KeyStore store;
    try (InputStream in = Files.newInputStream(certificate)) {
      store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(in, password);
    }
    for (String alias : java.util.Collections.list(store.aliases())) {
      if (store.isKeyEntry(alias)) {
        return new Loaded(store, password);
      }
    }
    throw wrong("the key store '" + certificate + "' has no private key", null);
  }

  private Loaded loadPem(Path keyFile) throws IOException, SQLException, GeneralSecurityException {
    Collection<? extends Certificate> chain;
    try (InputStream in = Files.newInputStream(certificate)) {
      chain = CertificateFactory.getInstance("X.509").generateCertificates(in);
    }
    if (chain.isEmpty()) {
      throw wrong("'" + certificate + "' has no '-----BEGIN CERTIFICATE-----'", null);
    }
    PrivateKey privateKey = privateKey(keyFile);
    List<Certificate> certificates = new ArrayList<>(chain);
    KeyPairCheck.check(certificates.get(0).getPublicKey(), privateKey);
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("server", privateKey, IN_MEMORY, certificates.toArray(new Certificate[0]));
    return new Loaded(store, IN_MEMORY);
  }

  private static PrivateKey privateKey(Path file) throws IOException, SQLException {
    Matcher pem = PEM.matcher(Files.readString(file));
    while (pem.find()) {
      if (pem.group(1).equals("PRIVATE KEY")) {
        return decoded(file, Base64.getMimeDecoder().decode(pem.group(2)));
      }
    }
    throw wrong(
        "'"
            + file
            + "' has no '-----BEGIN PRIVATE KEY-----'; a key of another form becomes one by"
            + " 'openssl pkcs8 -topk8 -nocrypt'",
        null);
  }

  private static PrivateKey decoded(Path file, byte[] encoded) throws SQLException {
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
      } catch (GeneralSecurityException e) {
        // The encoding names its algorithm, but Java wants to be told it.
        continue;
      }
    }
    throw wrong(
        "the key in '" + file + "' is of no kind known; expected one of " + ALGORITHMS, null);
  }

  static SQLException wrong(String what, @Nullable Throwable cause) {
    return SqlState.CONFIGURATION_ERROR.exception("TLS is not possible: " + what, cause);
  }

  /** What tells one state of the files from the next. */
  List<FileTime> stamps() throws IOException {
    List<FileTime> stamps = new ArrayList<>();
    for (Path path : new @Nullable Path[] {certificate, key, passwordFile}) {
      if (path != null) {
        stamps.add(Files.getLastModifiedTime(path));
      }
    }
    return stamps;
  }

  @Override
  public String toString() {
    return certificate.toString();
  }
}
