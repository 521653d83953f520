package io.datanode.server.access;

import io.datanode.jdbc.SqlState;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Base64;

/** What a client says to prove who it is. Its text never shows the secret. */
public sealed interface Credentials {
  /** Reads them with a visitor. */
  <R> R accept(Visitor<R> visitor) throws SQLException;

  /** One method for each kind. */
  interface Visitor<R> {
    R password(Password password) throws SQLException;

    R token(Token token) throws SQLException;
  }

  /** User and password, of {@code Authorization: Basic}. */
  record Password(String user, String password) implements Credentials {
    @Override
    public <R> R accept(Visitor<R> visitor) throws SQLException {
      return visitor.password(this);
    }

    @Override
    public String toString() {
      return "password of '" + user + "'";
    }
  }

  /** A token, of {@code Authorization: Bearer}. */
  record Token(String text) implements Credentials {
    @Override
    public <R> R accept(Visitor<R> visitor) throws SQLException {
      return visitor.token(this);
    }

    @Override
    public String toString() {
      return "token";
    }
  }

  /**
   * The credentials of an Authorization header.
   *
   * @throws SQLException 28000 if it is malformed or of another scheme
   * @see "RFC 7617 (Basic) and RFC 6750 (Bearer)"
   */
  static Credentials ofHeader(String header) throws SQLException {
    int space = header.indexOf(' ');
    String scheme = space < 0 ? header : header.substring(0, space);
    String rest = space < 0 ? "" : header.substring(space + 1).trim();
    if (scheme.equalsIgnoreCase("Bearer") && !rest.isEmpty()) {
      return new Token(rest);
    }
    if (!scheme.equalsIgnoreCase("Basic")) {
      throw malformed("expected 'Basic' with user and password, or 'Bearer' with a token");
    }
    try {
      String pair =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Base64.getDecoder().decode(rest)))
              .toString();
      int colon = pair.indexOf(':');
      if (colon < 0) {
        throw malformed("expected user, colon and password in base64");
      }
      return new Password(pair.substring(0, colon), pair.substring(colon + 1));
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw malformed("expected user, colon and password as UTF-8 in base64");
    }
  }

  private static SQLException malformed(String expected) {
    return SqlState.INVALID_AUTHORIZATION.exception(
        "The Authorization header is malformed; " + expected);
  }
}
