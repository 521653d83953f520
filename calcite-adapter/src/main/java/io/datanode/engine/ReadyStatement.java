package io.datanode.engine;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.plan.Plan;
import io.datanode.plan.Plan.ParameterSource;
import io.datanode.plan.Plan.Reduction;
import io.datanode.storage.StorageQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a planned statement ready to be sent: puts in the conditions on keys found before, the
 * names of intermediate tables, and the values of parameters.
 *
 * <p>Names and marks are looked for outside string literals only, so no text of a user is taken for
 * one.
 */
final class ReadyStatement {
  private final Plan.StorageStatement planned;
  private final Map<Integer, KeyValues> keys;
  private final Map<String, String> tables;

  /**
   * A statement to be made ready.
   *
   * @param keys what is known of each key set
   * @param tables names of intermediate tables, as the embedded engine writes them, by their quoted
   *     name in the plan
   */
  ReadyStatement(
      Plan.StorageStatement planned, Map<Integer, KeyValues> keys, Map<String, String> tables) {
    this.planned = planned;
    this.keys = keys;
    this.tables = tables;
  }

  /** True if it need not be sent, because the keys found, or the values, let it give no rows. */
  boolean empty(QueryRun.Arguments arguments) {
    return planned.emptyIf().stream()
            .anyMatch(
                range ->
                    Plan.TimeBounds.empty(
                        arguments.value(range.from()), arguments.value(range.to())))
        || planned.reductions().stream()
            .anyMatch(
                reduction ->
                    reduction.empties() && known(reduction).found() == KeyValues.Found.NONE);
  }

  /** The statement with its values. */
  StorageQuery query(QueryRun.Arguments arguments) {
    List<StorageQuery.Parameter> parameters = new ArrayList<>();
    for (ParameterSource source : planned.parameters()) {
      if (source instanceof ParameterSource.Keys) {
        ParameterSource.Keys taken = (ParameterSource.Keys) source;
        bindKeys(planned.reductions().get(taken.reduction()), taken.type(), parameters);
      } else {
        parameters.add(new StorageQuery.Parameter(source.type(), arguments.value(source)));
      }
    }
    return new StorageQuery(sql(), parameters, planned.columns(), planned.size());
  }

  private void bindKeys(
      Reduction reduction, ColumnType type, List<StorageQuery.Parameter> parameters) {
    KeyValues known = known(reduction);
    if (known.found() == KeyValues.Found.KEYS) {
      parameters.add(new StorageQuery.Parameter(ColumnType.array(type), known.values()));
    } else if (known.found() == KeyValues.Found.BOUNDS) {
      if (reduction.use() != Reduction.Use.AT_MOST) {
        parameters.add(new StorageQuery.Parameter(type, known.values().get(0)));
      }
      if (reduction.use() != Reduction.Use.AT_LEAST) {
        parameters.add(new StorageQuery.Parameter(type, known.values().get(1)));
      }
    }
  }

  /** What this condition uses of the keys. */
  private KeyValues known(Reduction reduction) {
    KeyValues known = keys.getOrDefault(reduction.keySet(), KeyValues.UNKNOWN);
    return reduction.use() == Reduction.Use.KEYS && reduction.withKeys() != null
        ? known
        : known.asBounds();
  }

  private String condition(Reduction reduction) {
    String withKeys = reduction.withKeys();
    switch (known(reduction).found()) {
      case KEYS:
        return withKeys == null ? reduction.withBounds() : withKeys;
      case BOUNDS:
        return reduction.withBounds();
      case NONE:
        return "FALSE";
      default:
        return "TRUE";
    }
  }

  /** Its text. */
  String sql() {
    if (planned.reductions().isEmpty() && tables.isEmpty()) {
      return planned.sql();
    }
    List<Reduction> left = new ArrayList<>(planned.reductions());
    StringBuilder ready = new StringBuilder();
    String sql = planned.sql();
    int at = 0;
    while (at < sql.length()) {
      char next = sql.charAt(at);
      int start = at;
      Reduction reduction = next == '\'' || next == '"' ? null : marked(sql, at, left);
      if (reduction != null) {
        left.remove(reduction);
        ready.append(condition(reduction));
        at += reduction.mark().length();
      } else if (next == '\'' || next == '"') {
        at = end(sql, at);
        String quoted = sql.substring(start, at);
        ready.append(next == '"' ? tables.getOrDefault(quoted, quoted) : quoted);
      } else {
        ready.append(next);
        at++;
      }
    }
    if (!left.isEmpty()) {
      throw new DataNodeException(
          SqlState.INTERNAL_ERROR, "The conditions on keys " + left + " have no place in " + sql);
    }
    return ready.toString();
  }

  private static @Nullable Reduction marked(String sql, int at, List<Reduction> reductions) {
    for (Reduction reduction : reductions) {
      if (sql.startsWith(reduction.mark(), at)) {
        return reduction;
      }
    }
    return null;
  }

  /** Where the literal or quoted name ends that begins here; a doubled quote is part of it. */
  private static int end(String sql, int start) {
    char quote = sql.charAt(start);
    boolean backslashes = quote == '\'' && afterE(sql, start);
    int at = start + 1;
    while (at < sql.length()) {
      char next = sql.charAt(at);
      if (backslashes && next == '\\') {
        at++;
      } else if (next == quote) {
        if (at + 1 == sql.length() || sql.charAt(at + 1) != quote) {
          return at + 1;
        }
        at++;
      }
      at++;
    }
    return sql.length();
  }

  /** True for a literal of PostgreSQL in which a backslash keeps a quote from ending it. */
  private static boolean afterE(String sql, int quote) {
    boolean letter = quote > 0 && (sql.charAt(quote - 1) == 'E' || sql.charAt(quote - 1) == 'e');
    return letter && (quote == 1 || !Character.isJavaIdentifierPart(sql.charAt(quote - 2)));
  }
}
