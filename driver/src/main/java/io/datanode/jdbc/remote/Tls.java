package io.datanode.jdbc.remote;

import io.datanode.jdbc.SqlState;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.sql.SQLException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** TLS with servers. Their certificates must be trusted and be for the host of the URL. */
final class Tls {
  private final SSLSocketFactory factory;

  private Tls(SSLSocketFactory factory) {
    this.factory = factory;
  }

  /**
   * Trusts what this Java trusts, or other roots.
   *
   * @param rootFile PEM file of the certificates to trust instead; empty for those of this Java
   * @throws SQLException 58030 if the file cannot be read, 22023 if it holds no certificates
   */
  static Tls trusting(String rootFile) throws SQLException {
    try {
      if (rootFile.isEmpty()) {
        return new Tls(SSLContext.getDefault().getSocketFactory());
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(roots(rootFile));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return new Tls(context.getSocketFactory());
    } catch (GeneralSecurityException e) {
      throw SqlState.INVALID_PARAMETER.exception(
          "Setting 'sslRootCert' is '"
              + rootFile
              + "', which holds no certificates to trust; expected a PEM file",
          e);
    }
  }

  private static KeyStore roots(String rootFile) throws SQLException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(Path.of(rootFile))) {
      KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
      roots.load(null, null);
      int number = 0;
      for (Certificate root : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        roots.setCertificateEntry("root" + number++, root);
      }
      if (number == 0) {
        throw new CertificateException("no certificate");
      }
      return roots;
    } catch (IOException | InvalidPathException e) {
      throw SqlState.FILE_ERROR.exception(
          "Setting 'sslRootCert' is '" + rootFile + "', which cannot be read", e);
    }
  }

  /** Speaks TLS over a socket that is connected, and checks who is at the other end. */
  Socket over(Socket plain, String host, int port) throws IOException {
    SSLSocket secure = (SSLSocket) factory.createSocket(plain, host, port, true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    return secure;
  }

  /** Why TLS with a server is not possible, in words for the user. */
  static String reason(SSLException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (message.contains("unable to find valid certification path")
          || message.contains("Path does not chain")) {
        return "its certificate is not trusted; name a PEM file with the certificate of who signed"
            + " it in sslRootCert";
      }
      if (cause instanceof CertificateException
          && (message.startsWith("No subject alternative")
              || message.startsWith("No name matching"))) {
        return "its certificate is for another host (" + message + ")";
      }
      if (message.startsWith("NotAfter") || message.startsWith("NotBefore")) {
        return "its certificate is not valid now (" + message + ")";
      }
      if (message.startsWith("Unsupported or unrecognized SSL message")) {
        return "it does not speak TLS; leave out ssl=true, or use the port that does";
      }
    }
    return "TLS failed: " + e.getMessage();
  }
}
