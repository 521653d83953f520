package io.datanode.catalog.declaration;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells which options of a storage hold secrets, and whether they are written out. */
final class Secrets {
  private static final Pattern KEY =
      Pattern.compile("password|passwd|passphrase|secret|token|credential");
  private static final Pattern USER_IN_URL = Pattern.compile("//[^/?#@]*:([^/?#]*)@");
  private static final Pattern PARAMETER = Pattern.compile("[?&;]([^=&;]*)=([^&;]*)");

  private Secrets() {}

  /**
   * What is wrong with an option if anybody who reads the catalog could read a secret in it.
   *
   * @param raw as it is written; not part of what is returned
   */
  static Optional<String> problem(String storage, String key, String raw) {
    if (secret(key)) {
      return References.only(raw)
          ? Optional.empty()
          : Optional.of(
              "'"
                  + key
                  + "' of storage '"
                  + storage
                  + "' is written out, so everybody who reads the catalog could read it; expected a"
                  + " reference to an environment variable, for example ${ENV:"
                  + variable(storage, key)
                  + "}");
    }
    Matcher user = USER_IN_URL.matcher(raw);
    boolean inUrl = user.find() && !References.only(user.group(1));
    Matcher parameter = PARAMETER.matcher(raw);
    while (!inUrl && parameter.find()) {
      inUrl = secret(parameter.group(1)) && !References.only(parameter.group(2));
    }
    return inUrl
        ? Optional.of(
            "'"
                + key
                + "' of storage '"
                + storage
                + "' has a password written out in it; expected the key password with a reference"
                + " to an environment variable, for example ${ENV:"
                + variable(storage, "password")
                + "}")
        : Optional.empty();
  }

  private static boolean secret(String key) {
    return KEY.matcher(key.toLowerCase(Locale.ROOT)).find();
  }

  private static String variable(String storage, String key) {
    String name = (storage + "_" + key).toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9_]", "_");
    return Character.isDigit(name.charAt(0)) ? "_" + name : name;
  }
}
