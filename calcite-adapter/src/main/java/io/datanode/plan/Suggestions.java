package io.datanode.plan;

import io.datanode.node.Nearest;
import io.datanode.schema.FunctionCatalog;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.NodeTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.lookup.LikePattern;

/** Says what a name that is not there was probably meant to be. */
final class Suggestions {
  private final CalciteSchema root;
  private final String schema;
  private final SqlText text;
  private final RelDataTypeFactory types;

  Suggestions(CalciteSchema root, String schema, SqlText text, RelDataTypeFactory types) {
    this.root = root;
    this.schema = schema;
    this.text = text;
    this.types = types;
  }

  String node(String name, @org.jspecify.annotations.Nullable String within) {
    CalciteSchema in = root.getSubSchema(within == null ? schema : within, false);
    Collection<String> known =
        in == null ? List.of() : in.schema.tables().getNames(LikePattern.any());
    return "There is no node '"
        + name
        + "' in schema '"
        + (within == null ? schema : within)
        + "'"
        + Nearest.hint(name, "its nodes", known);
  }

  String schema(String name) {
    return "There is no schema '"
        + name
        + "'"
        + Nearest.hint(name, "the schemas", root.schema.subSchemas().getNames(LikePattern.any()));
  }

  /** True if the name stands before a point where a schema may stand. */
  boolean isSchemaPosition(String name, SqlText sql) {
    List<SqlToken> tokens = sql.tokens();
    for (int i = 0; i + 1 < tokens.size(); i++) {
      String token = tokens.get(i).text().replace("\"", "");
      if (token.equalsIgnoreCase(name)
          && tokens.get(i + 1).is(".")
          && i > 0
          && (tokens.get(i - 1).is("FROM")
              || tokens.get(i - 1).is("JOIN")
              || tokens.get(i - 1).is(","))) {
        return true;
      }
    }
    return false;
  }

  String column(String name, @org.jspecify.annotations.Nullable String table) {
    List<String> columns = new ArrayList<>();
    List<String> nodes = new ArrayList<>();
    for (SqlToken token : text.tokens()) {
      if (token.kind() != SqlToken.Kind.WORD && token.kind() != SqlToken.Kind.QUOTED) {
        continue;
      }
      String word = token.text().replace("\"", "");
      for (String candidate : List.of(schema, MetadataTables.SCHEMA)) {
        CalciteSchema in = root.getSubSchema(candidate, false);
        CalciteSchema.TableEntry entry = in == null ? null : in.getTable(word, false);
        if (entry == null) {
          continue;
        }
        Table found = entry.getTable();
        if (found instanceof NodeTable) {
          nodes.add(((NodeTable) found).node().node().name().toString());
          ((NodeTable) found).node().columns().stream().map(NodeColumn::name).forEach(columns::add);
        } else {
          nodes.add(word);
          columns.addAll(found.getRowType(types).getFieldNames());
        }
        break;
      }
    }
    String where =
        table != null
            ? " in '" + table + "'"
            : nodes.isEmpty() ? "" : " in " + String.join(", ", nodes);
    String list =
        columns.isEmpty() || columns.size() > 30
            ? ""
            : "; the columns are " + columns.stream().distinct().collect(Collectors.joining(", "));
    return "There is no column '" + name + "'" + where + nearest(name, columns) + list;
  }

  String function(String signature) {
    String name = signature.replace("(", " ").split(" ", -1)[0];
    List<String> known =
        FunctionCatalog.functions().stream()
            .map(FunctionCatalog.Function::name)
            .collect(Collectors.toList());
    boolean exists = known.stream().anyMatch(name::equalsIgnoreCase);
    if (exists) {
      String signatures =
          FunctionCatalog.functions().stream()
              .filter(function -> function.name().equalsIgnoreCase(name))
              .map(FunctionCatalog.Function::signature)
              .collect(Collectors.joining(" or "));
      return "The function " + signature + " does not take these arguments; it is " + signatures;
    }
    return "There is no function "
        + name
        + OtherFunctions.instead(name)
            .map(other -> "; write " + other)
            .orElseGet(() -> nearest(name, known));
  }

  private static String nearest(String name, Collection<String> known) {
    return Nearest.to(name, known).map(close -> "; did you mean " + close + "?").orElse("");
  }
}
