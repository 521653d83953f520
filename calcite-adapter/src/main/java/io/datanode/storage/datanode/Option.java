package io.datanode.storage.datanode;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a catalog may say of a storage of type {@code datanode}. */
enum Option {
  /** Where the server is: {@code http://host:8765}, or a {@code jdbc:datanode:} URL. */
  URL,
  /** Who logs in. */
  USER,
  /** The password. */
  PASSWORD,
  /** A token instead of user and password. */
  TOKEN,
  /** Seconds to wait for the server to accept a connection. */
  CONNECT_TIMEOUT;

  /** How a catalog writes it. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Option> find(String key) {
    return Arrays.stream(values()).filter(option -> option.key().equals(key)).findFirst();
  }

  static List<String> keys() {
    return Arrays.stream(values()).map(Option::key).toList();
  }
}
