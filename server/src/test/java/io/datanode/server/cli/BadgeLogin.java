package io.datanode.server.cli;

import io.datanode.jdbc.SqlState;
import io.datanode.server.access.Authenticator;
import io.datanode.server.access.AuthenticatorProvider;
import io.datanode.server.access.Credentials;
import io.datanode.server.access.User;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A login of a company of its own: a token is a badge, and all badges have one secret. */
public final class BadgeLogin implements AuthenticatorProvider {
  @Override
  public String name() {
    return "badges";
  }

  @Override
  public Authenticator open(Map<String, String> settings, InstantSource clock) throws SQLException {
    String secret = settings.get("secret");
    if (secret == null) {
      throw SqlState.CONFIGURATION_ERROR.exception("--login badges needs --login-setting secret=…");
    }
    return credentials -> {
      if (!(credentials instanceof Credentials.Token badge)
          || !badge.text().endsWith("-" + secret)) {
        return Optional.empty();
      }
      String user = badge.text().substring(0, badge.text().length() - secret.length() - 1);
      return Optional.of(new Authenticator.Verified(new User(user, Set.of("badge")), Instant.MAX));
    };
  }
}
