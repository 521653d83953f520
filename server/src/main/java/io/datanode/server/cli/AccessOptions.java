package io.datanode.server.cli;

import io.datanode.jdbc.SqlState;
import io.datanode.server.access.Access;
import io.datanode.server.access.Authenticator;
import io.datanode.server.access.AuthenticatorProvider;
import io.datanode.server.access.Grants;
import io.datanode.server.access.JsonWebTokens;
import io.datanode.server.access.PasswordFile;
import io.datanode.server.access.TokenFile;
import io.datanode.server.access.WatchedFile;
import io.datanode.server.tls.TlsFiles;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say who may connect to a server. */
final class AccessOptions {
  @Option(
      names = "--users",
      paramLabel = "FILE",
      description = "Users and hashes of their passwords, as 'datanode user' writes them.")
  @Nullable Path users;

  @Option(
      names = "--tokens",
      paramLabel = "FILE",
      description = "Hashes of tokens, as 'datanode token' writes them.")
  @Nullable Path tokens;

  @Option(
      names = "--jwt-keys",
      paramLabel = "FILE|URL",
      description = "JSON Web Key Set of who issues JSON Web Tokens.")
  @Nullable String jwtKeys;

  @Option(
      names = "--jwt-issuer",
      paramLabel = "TEXT",
      description = "Issuer that JSON Web Tokens must name.")
  @Nullable String jwtIssuer;

  @Option(
      names = "--jwt-audience",
      paramLabel = "TEXT",
      description = "Audience that JSON Web Tokens must name.")
  @Nullable String jwtAudience;

  @Option(
      names = "--jwt-algorithms",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "RS256,ES256",
      description = "Algorithms they may be signed with (${DEFAULT-VALUE}).")
  List<String> jwtAlgorithms = List.of("RS256", "ES256");

  @Option(
      names = "--jwt-user-claim",
      paramLabel = "NAME",
      defaultValue = "sub",
      description = "Claim that names the user (${DEFAULT-VALUE}).")
  String jwtUserClaim = "sub";

  @Option(
      names = "--jwt-roles-claim",
      paramLabel = "NAME",
      defaultValue = "roles",
      description = "Claim that lists the roles of the user (${DEFAULT-VALUE}).")
  String jwtRolesClaim = "roles";

  @Option(
      names = "--login",
      paramLabel = "NAME",
      description = "Another way to log in, added to the class path.")
  @Nullable String login;

  @Option(
      names = "--login-setting",
      paramLabel = "KEY=VALUE",
      split = ";",
      description = "Setting of --login; may be repeated.")
  Map<String, String> loginSettings = new LinkedHashMap<>();

  @Option(
      names = "--grants",
      paramLabel = "FILE",
      description = "YAML file of who may see which nodes; by default all users see all.")
  @Nullable Path grants;

  @Option(
      names = "--tls-certificate",
      paramLabel = "FILE",
      description = "PEM file of the server's certificate and those that lead to its root.")
  @Nullable Path tlsCertificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "PEM file of its private key, PKCS #8.")
  @Nullable Path tlsKey;

  @Option(
      names = "--tls-keystore",
      paramLabel = "FILE",
      description = "PKCS #12 key store of both, instead.")
  @Nullable Path tlsKeystore;

  @Option(
      names = "--tls-keystore-password-file",
      paramLabel = "FILE",
      description = "File whose first line is the password of the key store.")
  @Nullable Path tlsKeystorePasswordFile;

  @Option(
      names = "--insecure-plaintext",
      description = "Let other machines log in without TLS; for a proxy in front that speaks it.")
  boolean insecurePlaintext;

  /**
   * Opens what the options name.
   *
   * @throws SQLException F0000 or 58030 if a file or an option is wrong
   */
  Access open(InstantSource clock) throws SQLException {
    List<Authenticator> authenticators = new ArrayList<>();
    if (users != null) {
      authenticators.add(new PasswordFile(users));
    }
    if (tokens != null) {
      authenticators.add(new TokenFile(tokens, clock));
    }
    if (jwtKeys != null || jwtIssuer != null || jwtAudience != null) {
      authenticators.add(new JsonWebTokens(jwtSettings(), clock));
    }
    if (login != null) {
      authenticators.add(provider(login).open(loginSettings, clock));
    }
    if (grants != null && authenticators.isEmpty()) {
      throw SqlState.CONFIGURATION_ERROR.exception(
          "--grants needs users to grant something to; give --users, --tokens or --jwt-keys");
    }
    WatchedFile<Grants> granted = grants == null ? null : new WatchedFile<>(grants, Grants::read);
    return new Access(authenticators, tls(), granted, insecurePlaintext);
  }

  private @Nullable TlsFiles tls() throws SQLException {
    if (tlsKeystore != null && tlsCertificate == null && tlsKey == null) {
      return TlsFiles.keyStore(tlsKeystore, tlsKeystorePasswordFile);
    }
    if (tlsCertificate != null && tlsKey != null && tlsKeystore == null) {
      return TlsFiles.pem(tlsCertificate, tlsKey);
    }
    if (tlsCertificate != null || tlsKey != null || tlsKeystore != null) {
      throw SqlState.CONFIGURATION_ERROR.exception(
          "TLS needs either --tls-certificate and --tls-key, or --tls-keystore");
    }
    return null;
  }

  private JsonWebTokens.Settings jwtSettings() throws SQLException {
    if (jwtKeys == null || jwtIssuer == null || jwtAudience == null) {
      throw SqlState.CONFIGURATION_ERROR.exception(
          "JSON Web Tokens need --jwt-keys, --jwt-issuer and --jwt-audience together: without"
              + " issuer and audience, tokens made for others would be taken");
    }
    return new JsonWebTokens.Settings(
        jwtKeys, jwtIssuer, jwtAudience, jwtAlgorithms, jwtUserClaim, jwtRolesClaim);
  }

  private static AuthenticatorProvider provider(String name) throws SQLException {
    List<String> known = new ArrayList<>();
    for (AuthenticatorProvider each : ServiceLoader.load(AuthenticatorProvider.class)) {
      if (each.name().equals(name)) {
        return each;
      }
      known.add(each.name());
    }
    throw SqlState.CONFIGURATION_ERROR.exception(
        "There is no login '" + name + "' on the class path; there is " + known);
  }
}
