package io.datanode.engine;

import io.datanode.plan.MetadataTables;
import io.datanode.plan.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What EXPLAIN shows of a query: each statement really sent, and what no storage does as asked. */
final class Explanation {
  private final Map<Integer, Plan.KeySet> keySets = new LinkedHashMap<>();
  private final List<Statement> statements = new ArrayList<>();
  private final List<Plan.Predicate> predicates;
  private final List<Plan.NotPushed> notPushed;

  /**
   * Of a plan.
   *
   * @param arguments values for its parameters; those of the user may be missing
   */
  Explanation(Plan.Query plan, QueryRun.Arguments arguments) {
    plan.keySets().forEach(keySet -> keySets.put(keySet.id(), keySet));
    boolean whole = !plan.rows().cut();
    Statement root =
        statement(
            plan.root(),
            "root",
            whole ? "" : String.format(Locale.ROOT, ", first %,d rows read", plan.rows().most()),
            arguments);
    statements.add(whole ? root : root.with(Map.of("rowsRead", plan.rows().most())));
    for (Plan.Shipment shipment : plan.shipments()) {
      Plan.StorageStatement source = shipment.statement();
      if (source == null) {
        statements.add(
            new Statement(
                MetadataTables.SCHEMA,
                "shipped",
                ", into " + shipment.table(),
                Map.of("into", shipment.table()),
                "SELECT "
                    + String.join(
                        ", ", shipment.columnNames().stream().map(QueryRun::quoted).toList())
                    + " FROM "
                    + QueryRun.quoted(MetadataTables.SCHEMA)
                    + "."
                    + QueryRun.quoted(String.valueOf(shipment.metadataTable())),
                List.of()));
      } else {
        statements.add(shipped(shipment, source, arguments));
      }
    }
    plan.keySets().forEach(keySet -> addKeys(keySet, arguments));
    predicates = plan.predicates();
    notPushed = plan.notPushed();
  }

  /**
   * A statement that is sent.
   *
   * @param note what a reader is told after its storage
   * @param facts the same for programs
   */
  private record Statement(
      String storage,
      String role,
      String note,
      Map<String, Object> facts,
      String sql,
      List<Parameter> parameters) {
    Statement with(Map<String, Object> other) {
      return new Statement(storage, role, note, other, sql, parameters);
    }
  }

  private record Parameter(@Nullable Object value, String type, String source, boolean known) {}

  private Statement shipped(
      Plan.Shipment shipment, Plan.StorageStatement source, QueryRun.Arguments arguments) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("into", shipment.table());
    // How many rows there are now would tell of those that are not known yet.
    Double rows = arguments.times().knownBy() == null ? shipment.estimatedRows() : null;
    if (rows != null) {
      facts.put("estimatedRows", Math.round(rows));
    }
    String note = ", into " + shipment.table();
    if (rows != null) {
      note += String.format(Locale.ROOT, ", about %,d rows", Math.round(rows));
    }
    Statement statement = statement(source, "shipped", note, arguments);
    return new Statement(
        statement.storage, statement.role, note, facts, statement.sql, statement.parameters);
  }

  /** The statements that find the keys other pieces are reduced by. */
  private void addKeys(Plan.KeySet keySet, QueryRun.Arguments arguments) {
    Plan.StorageStatement keys = keySet.keys();
    String from = keySet.reads().isEmpty() ? "" : ", from " + String.join(" and ", keySet.reads());
    if (keys != null) {
      statements.add(numbered(keySet, statement(keys, "keys", from, arguments)));
    }
    String when =
        keys == null
            ? from
            : String.format(Locale.ROOT, ", if there are more than %,d", keySet.limit());
    statements.add(numbered(keySet, statement(keySet.bounds(), "bounds", when, arguments)));
  }

  private static Statement numbered(Plan.KeySet keySet, Statement statement) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("role", statement.role);
    facts.put("keySet", keySet.id() + 1);
    facts.put("limit", keySet.limit());
    return new Statement(
        statement.storage,
        statement.role + " " + (keySet.id() + 1),
        statement.note,
        facts,
        statement.sql,
        statement.parameters);
  }

  private Statement statement(
      Plan.StorageStatement planned, String role, String note, QueryRun.Arguments arguments) {
    List<Parameter> parameters = new ArrayList<>();
    for (Plan.ParameterSource source : planned.parameters()) {
      if (source instanceof Plan.ParameterSource.Keys) {
        int place = ((Plan.ParameterSource.Keys) source).reduction();
        addKeys(planned.reductions().get(place), source.type().toString(), parameters);
        continue;
      }
      String origin;
      boolean known = true;
      if (source instanceof Plan.ParameterSource.User) {
        int index = ((Plan.ParameterSource.User) source).index();
        origin = "parameter " + (index + 1);
        known = index < arguments.parameters().size();
      } else if (source instanceof Plan.ParameterSource.Floor) {
        int index = ((Plan.ParameterSource.Floor) source).index();
        origin = "parameter " + (index + 1) + " with the digits of its column";
        known = index < arguments.parameters().size();
      } else if (source instanceof Plan.ParameterSource.Constant) {
        origin = "constant";
      } else if (source instanceof Plan.ParameterSource.StatementTime) {
        origin = "time of the statement";
      } else if (source instanceof Plan.ParameterSource.KnownBy) {
        int time = ((Plan.ParameterSource.KnownBy) source).time();
        origin = time < 0 ? "as of the session" : "FOR SYSTEM_TIME AS OF";
        known = time < 0 || arguments.times().named().get(time) != null;
      } else if (source instanceof Plan.ParameterSource.RangeEnd) {
        Plan.ParameterSource of = ((Plan.ParameterSource.RangeEnd) source).of();
        if (of instanceof Plan.ParameterSource.User) {
          int index = ((Plan.ParameterSource.User) of).index();
          origin = "end of the range of parameter " + (index + 1);
          known = index < arguments.parameters().size();
        } else {
          origin = "end of the range of the time of the statement";
        }
      } else {
        origin = "row limit";
      }
      parameters.add(
          new Parameter(
              known ? arguments.value(source) : null, source.type().toString(), origin, known));
    }
    Map<Integer, KeyValues> some = new LinkedHashMap<>();
    keySets.keySet().forEach(id -> some.put(id, new KeyValues(KeyValues.Found.KEYS, List.of(0L))));
    return new Statement(
        planned.storage(),
        role,
        note,
        Map.of(),
        new ReadyStatement(planned, some, Map.of()).sql(),
        parameters);
  }

  /** What is bound in place of keys; the text shown is the one for not too many of them. */
  private void addKeys(Plan.Reduction reduction, String type, List<Parameter> parameters) {
    String keys = "keys " + (reduction.keySet() + 1);
    Plan.KeySet keySet = keySets.get(reduction.keySet());
    if (reduction.use() == Plan.Reduction.Use.KEYS && reduction.withKeys() != null) {
      String beyond =
          keySet == null
              ? ""
              : String.format(
                  Locale.ROOT,
                  ", if there are more than %,d: %s",
                  keySet.limit(),
                  reduction.withBounds());
      parameters.add(new Parameter(null, type, "all " + keys + beyond, false));
      return;
    }
    if (reduction.use() != Plan.Reduction.Use.AT_MOST) {
      parameters.add(new Parameter(null, type, "least of " + keys, false));
    }
    if (reduction.use() != Plan.Reduction.Use.AT_LEAST) {
      parameters.add(new Parameter(null, type, "greatest of " + keys, false));
    }
  }

  /** Lines for a reader. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Statement statement : statements) {
      lines.add(statement.role + " on " + statement.storage + statement.note);
      statement.sql.lines().forEach(line -> lines.add("  " + line));
      int number = 0;
      for (Parameter parameter : statement.parameters) {
        number++;
        lines.add(
            "  ?"
                + number
                + " = "
                + (parameter.known ? ParameterValues.show(parameter.value) : missing(parameter))
                + " ("
                + parameter.type
                + ", "
                + parameter.source
                + ")");
      }
    }
    if (!predicates.isEmpty()) {
      lines.add("conditions");
    }
    for (Plan.Predicate each : predicates) {
      lines.add(
          "  "
              + each.node()
              + ": "
              + each.expression()
              + ": "
              + marked(each.pushed())
              + (each.why().isEmpty() ? "" : ", " + each.why()));
    }
    if (notPushed.isEmpty()) {
      lines.add("everything is pushed");
    } else {
      lines.add("not pushed");
      notPushed.forEach(each -> lines.add("  " + each.expression() + ": " + each.why()));
    }
    return lines;
  }

  private static String missing(Parameter parameter) {
    return parameter.source.contains("parameter ") ? "not given" : "found on the way";
  }

  private static String marked(Plan.Pushed pushed) {
    return pushed.name().toLowerCase(Locale.ROOT);
  }

  /** One JSON document for programs. */
  String json() {
    List<Map<String, Object>> queries = new ArrayList<>();
    for (Statement statement : statements) {
      Map<String, Object> query = new LinkedHashMap<>();
      query.put("storage", statement.storage);
      query.put("role", statement.role);
      query.putAll(statement.facts);
      query.put("sql", statement.sql);
      List<@Nullable Object> parameters = new ArrayList<>();
      for (Parameter parameter : statement.parameters) {
        parameters.add(
            parameter.known
                ? jsonValue(parameter.value)
                : Map.of("missing", parameter.source, "type", parameter.type));
      }
      query.put("parameters", parameters);
      queries.add(query);
    }
    List<Map<String, Object>> conditions = new ArrayList<>();
    for (Plan.Predicate each : predicates) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("node", each.node());
      entry.put("expression", each.expression());
      entry.put("pushed", marked(each.pushed()));
      entry.put("why", each.why());
      conditions.add(entry);
    }
    List<Map<String, Object>> open = new ArrayList<>();
    for (Plan.NotPushed each : notPushed) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("expression", each.expression());
      entry.put("why", each.why());
      open.add(entry);
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("queries", queries);
    document.put("predicates", conditions);
    document.put("notPushed", open);
    return Json.object(document);
  }

  private static @Nullable Object jsonValue(@Nullable Object value) {
    boolean plain =
        value == null
            || value instanceof Number
            || value instanceof Boolean
            || value instanceof String;
    if (value instanceof Double && !Double.isFinite((Double) value)) {
      return value.toString();
    }
    return plain ? value : ParameterValues.show(value);
  }
}
