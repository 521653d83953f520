package io.datanode.server.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.sql.SQLException;

/** Tells that a key belongs to a certificate, before clients find out that it does not. */
final class KeyPairCheck {
  private static final byte[] SIGNED = "datanode".getBytes(java.nio.charset.StandardCharsets.UTF_8);

  private KeyPairCheck() {}

  /**
   * Signs with one and verifies with the other.
   *
   * @throws SQLException F0000 if they do not belong together
   */
  static void check(PublicKey certified, PrivateKey key) throws SQLException {
    try {
      if (signed(certified, key)) {
        return;
      }
    } catch (GeneralSecurityException e) {
      throw TlsFiles.wrong("the key is not that of the certificate", e);
    }
    throw TlsFiles.wrong("the key is not that of the certificate", null);
  }

  private static boolean signed(PublicKey certified, PrivateKey key)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance(algorithm(key));
    signature.initSign(key);
    signature.update(SIGNED);
    byte[] signed = signature.sign();
    signature.initVerify(certified);
    signature.update(SIGNED);
    return signature.verify(signed);
  }

  private static String algorithm(PrivateKey key) {
    switch (key.getAlgorithm()) {
      case "RSA":
        return "SHA256withRSA";
      case "EC":
        return "SHA256withECDSA";
      default:
        return "EdDSA";
    }
  }
}
