package io.datanode.engine;

import io.datanode.jdbc.ConnectUrl;
import io.datanode.jdbc.Setting;
import io.datanode.jdbc.session.SessionProvider;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Opens sessions for {@code jdbc:datanode:<folder | file.duckdb | catalog.yaml | postgresql://…>}.
 */
public final class EngineSessionProvider implements SessionProvider {
  private static final SharedEngines ENGINES = new SharedEngines(Engine::open);

  /** Settings that two connections must have alike to share an engine. */
  private static final List<Setting> ENGINE_SETTINGS =
      List.of(Setting.CATALOG_TTL, Setting.MEMORY_LIMIT, Setting.THREADS, Setting.SPILL_DIRECTORY);

  @Override
  public EngineSession open(String location, Map<String, String> settings) throws SQLException {
    Map<String, String> engineSettings = new HashMap<>();
    for (Setting setting : ENGINE_SETTINGS) {
      engineSettings.put(
          setting.key(), settings.getOrDefault(setting.key(), setting.defaultValue()));
    }
    return new Failures()
        .guard(
            "opening " + ConnectUrl.shown(location),
            () ->
                ENGINES.session(
                    location,
                    engineSettings,
                    settings.getOrDefault(Setting.USER.key(), ""),
                    settings));
  }
}
