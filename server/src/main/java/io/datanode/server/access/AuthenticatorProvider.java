package io.datanode.server.access;

import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Map;

/**
 * A way to log in that is not built in, such as a company's directory; found by {@link
 * java.util.ServiceLoader}.
 */
public interface AuthenticatorProvider {
  /** What {@code --login} names it by. */
  String name();

  /**
   * Opens it.
   *
   * @param settings what {@code --login-setting} gives; may hold secrets
   * @throws SQLException F0000 or 22023 for a setting that is missing, unknown or makes no sense
   */
  Authenticator open(Map<String, String> settings, InstantSource clock) throws SQLException;
}
