package io.datanode.server.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import io.datanode.jdbc.SqlState;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JSON Web Tokens signed by an issuer whose public keys are known, from a file or from the issuer's
 * address. A token must carry this issuer, this audience, an expiry and a user, and be signed with
 * one of the algorithms configured; its clock may be a minute off.
 *
 * @see "RFC 7519 (JWT), RFC 7517 (JWK), RFC 8725 (best current practices), RFC 9068 (at+jwt)"
 */
public final class JsonWebTokens implements Authenticator {
  private static final Logger LOGGER = LoggerFactory.getLogger(JsonWebTokens.class);
  private static final int CLOCK_SKEW_SECONDS = 60;
  private static final int NETWORK_MILLIS = 5_000;
  private static final int LARGEST_KEY_SET = 512 * 1024;

  // A key that is shared could be taken for a public one, so no HMAC.
  private static final Set<JWSAlgorithm> KNOWN =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
  private final Settings settings;
  private final @Nullable WatchedFile<JWKSet> file;

  /**
   * Which tokens are taken.
   *
   * @param keys file, or https address, of the issuer's JSON Web Key Set
   * @param issuer claim {@code iss} must be this
   * @param audience claim {@code aud} must hold this
   * @param algorithms names of RFC 7518 a signature may have, such as {@code RS256}
   * @param userClaim claim that names the user
   * @param rolesClaim claim that lists roles, as an array or as text with spaces; may be absent
   */
  public record Settings(
      String keys,
      String issuer,
      String audience,
      List<String> algorithms,
      String userClaim,
      String rolesClaim) {
    public Settings {
      algorithms = List.copyOf(algorithms);
    }
  }

  /**
   * Tokens of one issuer.
   *
   * @throws SQLException 58030 or F0000 if the keys cannot be read from their file or an algorithm
   *     is not known; keys at an address are read when the first token comes
   */
  public JsonWebTokens(Settings settings, InstantSource clock) throws SQLException {
    this.settings = settings;
    boolean address = settings.keys().matches("https?://.*");
    file = address ? null : new WatchedFile<>(Path.of(settings.keys()), JsonWebTokens::keys);
    JWKSource<SecurityContext> source =
        file == null
            ? issuer(settings.keys())
            : (selector, context) -> selector.select(file.content());
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(algorithms(settings.algorithms()), source));
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
    processor.setJWTClaimsSetVerifier(claims(settings, clock));
  }

  private static JWKSet keys(Path path) throws java.io.IOException, SQLException {
    try {
      return JWKSet.parse(Files.readString(path)).toPublicJWKSet();
    } catch (ParseException e) {
      throw SqlState.CONFIGURATION_ERROR.exception(
          "'" + path + "' is not a JSON Web Key Set; expected {\"keys\": [...]}");
    }
  }

  private static JWKSource<SecurityContext> issuer(String address) throws SQLException {
    URI uri = URI.create(address);
    boolean local = List.of("localhost", "127.0.0.1", "[::1]").contains(uri.getHost());
    if (!uri.getScheme().equals("https") && !local) {
      throw SqlState.CONFIGURATION_ERROR.exception(
          "The keys of tokens at '" + address + "' could be changed on their way; expected https");
    }
    try {
      // Keeps keys for five minutes, reads them anew for a key it does not know, but not more often
      // than twice in half a minute, and keeps the old ones for an hour while the issuer is away.
      return JWKSourceBuilder.create(
              uri.toURL(),
              new DefaultResourceRetriever(NETWORK_MILLIS, NETWORK_MILLIS, LARGEST_KEY_SET))
          .retrying(true)
          .outageTolerant(3_600_000)
          .build();
    } catch (MalformedURLException | IllegalArgumentException e) {
      throw SqlState.CONFIGURATION_ERROR.exception("'" + address + "' is no address", e);
    }
  }

  private static Set<JWSAlgorithm> algorithms(List<String> names) throws SQLException {
    Set<String> known = new TreeSet<>();
    KNOWN.forEach(algorithm -> known.add(algorithm.getName()));
    for (String name : names) {
      if (!known.contains(name)) {
        throw SqlState.CONFIGURATION_ERROR.exception(
            "Tokens cannot be signed with '" + name + "' here; expected some of " + known);
      }
    }
    return KNOWN.stream()
        .filter(algorithm -> names.contains(algorithm.getName()))
        .collect(Collectors.toSet());
  }

  private static DefaultJWTClaimsVerifier<SecurityContext> claims(
      Settings settings, InstantSource clock) {
    DefaultJWTClaimsVerifier<SecurityContext> verifier =
        new DefaultJWTClaimsVerifier<>(
            Set.of(settings.audience()),
            new JWTClaimsSet.Builder().issuer(settings.issuer()).build(),
            Set.of("exp", settings.userClaim()),
            Set.of()) {
          @Override
          protected Date currentTime() {
            return Date.from(clock.instant());
          }
        };
    verifier.setMaxClockSkew(CLOCK_SKEW_SECONDS);
    return verifier;
  }

  @Override
  public Optional<Verified> verify(Credentials credentials) throws SQLException {
    if (!(credentials instanceof Credentials.Token token)) {
      return Optional.empty();
    }
    SignedJWT signed;
    try {
      signed = SignedJWT.parse(token.text());
    } catch (ParseException e) {
      return Optional.empty();
    }
    try {
      JWTClaimsSet claims = processor.process(signed, null);
      String user = claims.getStringClaim(settings.userClaim());
      if (user == null || !User.isName(user)) {
        throw SqlState.INVALID_AUTHORIZATION.exception(
            "The token names no user in its claim '" + settings.userClaim() + "'");
      }
      Instant until = claims.getExpirationTime().toInstant().plusSeconds(CLOCK_SKEW_SECONDS);
      return Optional.of(new Verified(new User(user, roles(claims)), until));
    } catch (ExpiredJWTException e) {
      throw SqlState.INVALID_AUTHORIZATION.exception("The token has expired");
    } catch (KeySourceException e) {
      LOGGER.error(
          "The keys of tokens cannot be read from '{}': {}", settings.keys(), e.getMessage());
      throw SqlState.CANNOT_CONNECT_NOW.exception(
          "Tokens cannot be checked now, as the keys of their issuer cannot be read; try later");
    } catch (BadJOSEException | JOSEException | ParseException e) {
      LOGGER.debug("A token is refused: {}", e.getMessage());
      throw SqlState.INVALID_AUTHORIZATION.exception(
          "The token is not one this server takes: its issuer, audience, claims, key or signature is"
              + " another");
    }
  }

  private Set<String> roles(JWTClaimsSet claims) throws ParseException {
    Object value = claims.getClaim(settings.rolesClaim());
    if (value instanceof String text) {
      return Arrays.stream(text.split(" "))
          .filter(role -> !role.isEmpty())
          .collect(Collectors.toSet());
    }
    List<String> list = value == null ? null : claims.getStringListClaim(settings.rolesClaim());
    return list == null ? Set.of() : Set.copyOf(list);
  }

  @Override
  public long version() {
    return file == null ? 0 : file.version();
  }
}
