package io.datanode.server.access;

import java.util.List;

/**
 * Who may use a server, and from where.
 *
 * @param authenticators ways to log in; if there are none, whoever reaches the server may use it
 * @param plaintext true to let other machines log in without TLS, so that passwords and rows can be
 *     read on their way; for servers behind a proxy that speaks TLS
 */
public record Access(List<Authenticator> authenticators, boolean plaintext) {
  public Access {
    authenticators = List.copyOf(authenticators);
  }

  /** Whoever reaches the server may use it, so it may only be reached from this machine. */
  public static Access open() {
    return new Access(List.of(), false);
  }
}
