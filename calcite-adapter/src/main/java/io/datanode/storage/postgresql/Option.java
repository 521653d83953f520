package io.datanode.storage.postgresql;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a catalog may say of a storage of type {@code postgresql}. */
enum Option {
  /** Where the database is: {@code jdbc:postgresql://host:port/database}. */
  URL("", true),
  /** Who logs in; without it, the user of the operating system. */
  USER("", false),
  /** The password; without it, what {@code ~/.pgpass} says. */
  PASSWORD("", false),
  /** Schemas in which names without schema are looked up, in order, separated by commas. */
  SCHEMA("", false),
  /** Most connections open at once. */
  POOL_SIZE("10", false),
  /** How long a statement waits for a free connection before it fails with 53300. */
  POOL_TIMEOUT("10s", false),
  /** How long to wait for the server to answer when a connection is opened. */
  CONNECT_TIMEOUT("10s", false),
  /** How long a statement may run; {@code 0} means as the server says. */
  STATEMENT_TIMEOUT("0", false),
  /** What {@code pg_stat_activity} calls the connections. */
  APPLICATION_NAME("datanode", false),
  /** {@code disable}, {@code prefer}, {@code require}, {@code verify-ca} or {@code verify-full}. */
  SSLMODE("prefer", true),
  /** File of the certificates that may sign the server's. */
  SSLROOTCERT("", true),
  /** File of the client's certificate. */
  SSLCERT("", true),
  /** File of the client's key, PKCS-8 in DER or PKCS-12. */
  SSLKEY("", true),
  /** Password of the client's key. */
  SSLPASSWORD("", true);

  private final String defaultValue;
  private final boolean passedOn;

  Option(String defaultValue, boolean passedOn) {
    this.defaultValue = defaultValue;
    this.passedOn = passedOn;
  }

  /** How a catalog writes it. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  String defaultValue() {
    return defaultValue;
  }

  /** True if the driver knows it under the same name. */
  boolean passedOn() {
    return passedOn && this != URL;
  }

  static Optional<Option> find(String key) {
    return Arrays.stream(values()).filter(option -> option.key().equals(key)).findFirst();
  }

  static List<String> keys() {
    return Arrays.stream(values()).map(Option::key).toList();
  }
}
