package io.datanode.plan;

import java.time.ZoneId;
import java.util.Set;

/**
 * The session settings a plan depends on; part of the key of the plan cache.
 *
 * @param schema where unqualified names are looked up
 * @param timeZone zone of literals without zone, and of calendar functions
 * @param limited true if the plan must end with {@link Plan.ParameterSource.MaxRows}
 * @param pushdown false if storages are only to read whole nodes
 * @param strict what every node must be filtered by: {@code time}, {@code asset}
 */
public record PlanSettings(
    String schema, ZoneId timeZone, boolean limited, boolean pushdown, Set<String> strict) {
  public PlanSettings {
    strict = Set.copyOf(strict);
  }
}
