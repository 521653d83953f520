package io.datanode.server.access;

import io.datanode.server.tls.TlsFiles;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may use a server, and from where.
 *
 * @param authenticators ways to log in; if there are none, whoever reaches the server may use it
 * @param tls null to speak plain text
 * @param grants what each user may see; null for all nodes
 * @param plaintext true to let other machines log in without TLS, so that passwords and rows can be
 *     read on their way; for servers behind a proxy that speaks TLS
 */
public record Access(
    List<Authenticator> authenticators,
    @Nullable TlsFiles tls,
    @Nullable WatchedFile<Grants> grants,
    boolean plaintext) {
  public Access {
    authenticators = List.copyOf(authenticators);
  }

  /** Users that log in in plain text. */
  public Access(List<Authenticator> authenticators, boolean plaintext) {
    this(authenticators, null, null, plaintext);
  }

  /** The same with other grants. */
  public Access with(WatchedFile<Grants> newGrants) {
    return new Access(authenticators, tls, newGrants, plaintext);
  }

  /** The same with TLS. */
  public Access with(TlsFiles newTls) {
    return new Access(authenticators, newTls, grants, plaintext);
  }

  /** Whoever reaches the server may use it, so it may only be reached from this machine. */
  public static Access open() {
    return new Access(List.of(), false);
  }
}
