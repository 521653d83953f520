package io.datanode.server;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.datanode.server.access.JsonWebTokens;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** Who signs the JSON web tokens of tests, at one instant. */
final class Issuer {
  /** What time it is for the issuer and for whoever checks a token. */
  static final Instant NOW = Instant.parse("2026-01-05T12:00:00Z");

  private static final String NAME = "https://login.example.com/";
  private static final String AUDIENCE = "datanode";

  private Issuer() {}

  static RSAKey newKey(String id) throws JOSEException {
    return new RSAKeyGenerator(2048).keyID(id).generate();
  }

  /** Claims that hold for five minutes; a test spoils one of them. */
  static JWTClaimsSet.Builder claims(String user) {
    return new JWTClaimsSet.Builder()
        .subject(user)
        .issuer(NAME)
        .audience(AUDIENCE)
        .expirationTime(Date.from(NOW.plusSeconds(300)));
  }

  static String signed(RSAKey key, JWTClaimsSet claims) throws JOSEException {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID(key.getKeyID())
                .type(JOSEObjectType.JWT)
                .build(),
            claims);
    jwt.sign(new RSASSASigner(key));
    return jwt.serialize();
  }

  /**
   * The login of a server that trusts this issuer.
   *
   * @param keys file or address of its public keys
   */
  static JsonWebTokens trusted(String keys) throws SQLException {
    return new JsonWebTokens(
        new JsonWebTokens.Settings(keys, NAME, AUDIENCE, List.of("RS256"), "sub", "roles"),
        () -> NOW);
  }
}
