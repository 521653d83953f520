package io.datanode.jdbc.session;

import java.time.ZoneId;

/** Names, versions and settings of a session. Immutable. */
public final class SessionInfo {
  private final String productName;
  private final String productVersion;
  private final String userName;
  private final String schema;
  private final ZoneId timeZone;

  public SessionInfo(
      String productName, String productVersion, String userName, String schema, ZoneId timeZone) {
    this.productName = productName;
    this.productVersion = productVersion;
    this.userName = userName;
    this.schema = schema;
    this.timeZone = timeZone;
  }

  public String productName() {
    return productName;
  }

  public String productVersion() {
    return productVersion;
  }

  /** The user the session runs as; empty if it has none. */
  public String userName() {
    return userName;
  }

  /** The schema in which unqualified names are looked up. */
  public String schema() {
    return schema;
  }

  /** The zone in which instants are shown and literals without zone are read. */
  public ZoneId timeZone() {
    return timeZone;
  }
}
