package io.datanode.plan;

import io.datanode.node.NodeName;
import java.time.ZoneId;
import java.util.Map;
import java.util.Set;

/**
 * The session settings a plan depends on; part of the key of the plan cache.
 *
 * @param schema where unqualified names are looked up
 * @param timeZone zone of literals without zone, and of calendar functions
 * @param limited true if the plan must end with {@link Plan.ParameterSource.MaxRows}
 * @param pushdown false if storages are only to read whole nodes
 * @param strict what every node must be filtered by: {@code time}, {@code asset}
 * @param past true if the session reads nodes as they were known at a time
 * @param strictPointInTime true to refuse a query in which a value of the future can reach a row
 * @param decimals parameters, by their index, whose values the decimals they are compared with
 *     cannot equal; hardly ever any
 * @param arguments values of parameters, by their index, that are arguments of table functions
 * @param unreadable nodes that cannot be read now, and why: {@code metadata.node_status} says so of
 *     them; empty until reading them has failed
 */
public record PlanSettings(
    String schema,
    ZoneId timeZone,
    boolean limited,
    boolean pushdown,
    Set<String> strict,
    boolean past,
    boolean strictPointInTime,
    Map<Integer, DecimalPlace> decimals,
    Map<Integer, ArgumentText> arguments,
    Map<NodeName, String> unreadable) {
  public PlanSettings {
    strict = Set.copyOf(strict);
    decimals = Map.copyOf(decimals);
    arguments = Map.copyOf(arguments);
    unreadable = Map.copyOf(unreadable);
  }

  /**
   * Settings of a session of now, for values of parameters that equal decimals with the digits of
   * their type.
   */
  public PlanSettings(
      String schema, ZoneId timeZone, boolean limited, boolean pushdown, Set<String> strict) {
    this(schema, timeZone, limited, pushdown, strict, false, false, Map.of(), Map.of(), Map.of());
  }

  /** The same for other values of parameters. */
  public PlanSettings with(Map<Integer, DecimalPlace> places) {
    return new PlanSettings(
        schema,
        timeZone,
        limited,
        pushdown,
        strict,
        past,
        strictPointInTime,
        places,
        arguments,
        unreadable);
  }

  /** The same for these values of parameters that are arguments of table functions. */
  public PlanSettings forArguments(Map<Integer, ArgumentText> values) {
    return new PlanSettings(
        schema,
        timeZone,
        limited,
        pushdown,
        strict,
        past,
        strictPointInTime,
        decimals,
        values,
        unreadable);
  }

  /** The same for a session that reads nodes as they were known at a time, or for one of now. */
  public PlanSettings inPast(boolean isPast) {
    return new PlanSettings(
        schema,
        timeZone,
        limited,
        pushdown,
        strict,
        isPast,
        strictPointInTime,
        decimals,
        arguments,
        unreadable);
  }

  /** The same for a session that refuses, or does not, what values of the future can reach. */
  public PlanSettings strictPointInTime(boolean refuses) {
    return new PlanSettings(
        schema,
        timeZone,
        limited,
        pushdown,
        strict,
        past,
        refuses,
        decimals,
        arguments,
        unreadable);
  }

  /** The same while these nodes cannot be read. */
  public PlanSettings without(Map<NodeName, String> nodes) {
    return new PlanSettings(
        schema,
        timeZone,
        limited,
        pushdown,
        strict,
        past,
        strictPointInTime,
        decimals,
        arguments,
        nodes);
  }
}
