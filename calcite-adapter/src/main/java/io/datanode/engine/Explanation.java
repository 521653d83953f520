package io.datanode.engine;

import io.datanode.plan.MetadataTables;
import io.datanode.plan.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What EXPLAIN shows of a query: each statement really sent, and what no storage does as asked. */
final class Explanation {
  private final List<Statement> statements = new ArrayList<>();
  private final List<Plan.NotPushed> notPushed;

  /**
   * Of a plan.
   *
   * @param arguments values for its parameters; those of the user may be missing
   */
  Explanation(Plan.Query plan, QueryRun.Arguments arguments) {
    statements.add(statement(plan.root(), "root", "", arguments));
    for (Plan.Shipment shipment : plan.shipments()) {
      Plan.StorageStatement source = shipment.statement();
      if (source == null) {
        statements.add(
            new Statement(
                MetadataTables.SCHEMA,
                "shipped",
                shipment.table(),
                "SELECT "
                    + String.join(
                        ", ", shipment.columnNames().stream().map(QueryRun::quoted).toList())
                    + " FROM "
                    + QueryRun.quoted(MetadataTables.SCHEMA)
                    + "."
                    + QueryRun.quoted(String.valueOf(shipment.metadataTable())),
                List.of()));
      } else {
        statements.add(statement(source, "shipped", shipment.table(), arguments));
      }
    }
    notPushed = plan.notPushed();
  }

  private record Statement(
      String storage, String role, String into, String sql, List<Parameter> parameters) {}

  private record Parameter(@Nullable Object value, String type, String source, boolean known) {}

  private static Statement statement(
      Plan.StorageStatement planned, String role, String into, QueryRun.Arguments arguments) {
    List<Parameter> parameters = new ArrayList<>();
    for (Plan.ParameterSource source : planned.parameters()) {
      String origin;
      boolean known = true;
      if (source instanceof Plan.ParameterSource.User) {
        int index = ((Plan.ParameterSource.User) source).index();
        origin = "parameter " + (index + 1);
        known = index < arguments.parameters().size();
      } else if (source instanceof Plan.ParameterSource.Constant) {
        origin = "constant";
      } else if (source instanceof Plan.ParameterSource.StatementTime) {
        origin = "time of the statement";
      } else if (source instanceof Plan.ParameterSource.RangeEnd) {
        Plan.ParameterSource of = ((Plan.ParameterSource.RangeEnd) source).of();
        if (of instanceof Plan.ParameterSource.User) {
          int index = ((Plan.ParameterSource.User) of).index();
          origin = "end of the range of parameter " + (index + 1);
          known = index < arguments.parameters().size();
        } else {
          origin = "end of the range of the time of the statement";
        }
      } else if (source instanceof Plan.ParameterSource.Keys) {
        origin = "keys found before";
        known = false;
      } else {
        origin = "row limit";
      }
      parameters.add(
          new Parameter(
              known ? arguments.value(source) : null, source.type().toString(), origin, known));
    }
    return new Statement(planned.storage(), role, into, planned.sql(), parameters);
  }

  /** Lines for a reader. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Statement statement : statements) {
      lines.add(
          statement.role
              + " on "
              + statement.storage
              + (statement.into.isEmpty() ? "" : ", into " + statement.into));
      statement.sql.lines().forEach(line -> lines.add("  " + line));
      int number = 0;
      for (Parameter parameter : statement.parameters) {
        number++;
        lines.add(
            "  ?"
                + number
                + " = "
                + (parameter.known ? ParameterValues.show(parameter.value) : "not given")
                + " ("
                + parameter.type
                + ", "
                + parameter.source
                + ")");
      }
    }
    if (notPushed.isEmpty()) {
      lines.add("everything is pushed");
    } else {
      lines.add("not pushed");
      notPushed.forEach(each -> lines.add("  " + each.expression() + ": " + each.why()));
    }
    return lines;
  }

  /** One JSON document for programs. */
  String json() {
    List<Map<String, Object>> queries = new ArrayList<>();
    for (Statement statement : statements) {
      Map<String, Object> query = new LinkedHashMap<>();
      query.put("storage", statement.storage);
      query.put("role", statement.role);
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
    List<Map<String, Object>> open = new ArrayList<>();
    for (Plan.NotPushed each : notPushed) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("expression", each.expression());
      entry.put("why", each.why());
      open.add(entry);
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("queries", queries);
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
