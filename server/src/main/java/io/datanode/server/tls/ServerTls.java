package io.datanode.server.tls;

import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.util.List;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TLS 1.2 and 1.3 of a server, with a certificate that may be renewed. Thread-safe. */
public final class ServerTls {
  private static final Logger LOGGER = LoggerFactory.getLogger(ServerTls.class);

  private final TlsFiles files;
  private final SslContextFactory.Server context = new SslContextFactory.Server();
  private List<FileTime> stamps;

  /**
   * TLS with what the files hold now.
   *
   * @throws SQLException 58030 or F0000 if they cannot be read or used
   */
  public ServerTls(TlsFiles files) throws SQLException {
    this.files = files;
    use(context, files.load());
    context.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    // A certificate of one name may be reached by another, such as localhost; clients check.
    context.setSniRequired(false);
    try {
      stamps = files.stamps();
    } catch (IOException e) {
      stamps = List.of();
    }
  }

  private static void use(SslContextFactory context, TlsFiles.Loaded loaded) {
    context.setKeyStore(loaded.keyStore());
    context.setKeyStorePassword(new String(loaded.password()));
    context.setKeyManagerPassword(new String(loaded.password()));
  }

  /** What connections are made with. */
  public SslContextFactory.Server context() {
    return context;
  }

  /**
   * Takes a certificate that was renewed, for connections to come; open ones go on. If the files
   * are wrong, the old one stays and the log says why.
   */
  public synchronized void renew() {
    try {
      List<FileTime> now = files.stamps();
      if (now.equals(stamps)) {
        return;
      }
      TlsFiles.Loaded loaded = files.load();
      context.reload(fresh -> use(fresh, loaded));
      stamps = now;
      LOGGER.info("The certificate '{}' was renewed", files);
    } catch (Exception e) {
      LOGGER.error("The certificate stays as it was: {}", e.getMessage());
    }
  }
}
