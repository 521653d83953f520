package io.datanode.jdbc.session;

import java.sql.SQLException;
import java.util.Map;

/**
 * Opens sessions in this process; found by {@link java.util.ServiceLoader}.
 *
 * <p>The artifact {@code io.datanode:datanode-calcite} brings one for {@code jdbc:datanode:<folder
 * | file.duckdb | catalog.yaml>}.
 */
public interface SessionProvider {
  /**
   * Opens a session over the nodes found at a location.
   *
   * @param location a path: what stands between {@code jdbc:datanode:} and {@code ?}
   * @param settings values by {@link io.datanode.jdbc.Setting} key, as text, already checked
   */
  Session open(String location, Map<String, String> settings) throws SQLException;
}
