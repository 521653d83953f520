package io.datanode.engine;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * The engines open in this process, one for each place and set of engine settings: connections to
 * one place share its storages, its plans and what is known of its nodes.
 *
 * <p>An engine is closed with its last session, so that files are free for others then.
 */
final class SharedEngines {
  private final BiFunction<String, Map<String, String>, Engine> opener;
  private final Map<Key, Shared> engines = new HashMap<>();

  SharedEngines(BiFunction<String, Map<String, String>, Engine> opener) {
    this.opener = opener;
  }

  private record Key(String place, Map<String, String> settings) {}

  private static final class Shared {
    private Engine engine;
    private int sessions;
  }

  /**
   * A session of the engine at a place, which is opened if no session of it is.
   *
   * @param engineSettings those that belong to the engine
   * @param sessionSettings all others
   */
  EngineSession session(
      String location,
      Map<String, String> engineSettings,
      String user,
      Map<String, String> sessionSettings) {
    Key key = new Key(place(location), new TreeMap<>(engineSettings));
    Shared shared;
    synchronized (engines) {
      shared = engines.computeIfAbsent(key, none -> new Shared());
      shared.sessions++;
    }
    try {
      Engine engine;
      // Only those who want the same place wait while it is opened.
      synchronized (shared) {
        if (shared.engine == null) {
          shared.engine = opener.apply(location, engineSettings);
        }
        engine = shared.engine;
      }
      return engine.session(user, sessionSettings, () -> release(key, shared));
    } catch (RuntimeException | Error e) {
      release(key, shared);
      throw e;
    }
  }

  private void release(Key key, Shared shared) {
    synchronized (engines) {
      shared.sessions--;
      if (shared.sessions > 0) {
        return;
      }
      engines.remove(key);
      // Under the lock, so that whoever opens the same place next finds its files free.
      if (shared.engine != null) {
        shared.engine.close();
      }
    }
  }

  /** Engines open now. */
  int size() {
    synchronized (engines) {
      return engines.size();
    }
  }

  private static String place(String location) {
    try {
      return Path.of(location).toRealPath().toString();
    } catch (IOException | InvalidPathException e) {
      // What cannot be found is reported by whoever opens it.
      return location;
    }
  }
}
