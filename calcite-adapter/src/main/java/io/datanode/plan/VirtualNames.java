package io.datanode.plan;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.schema.NodeTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.schema.Table;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlStarExclude;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SelectScope;
import org.apache.calcite.sql.validate.SqlMoniker;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorNamespace;
import org.apache.calcite.sql.validate.SqlValidatorTable;
import org.jspecify.annotations.Nullable;

/** Keeps virtual columns out of {@code *} and of NATURAL JOIN. */
final class VirtualNames {
  private VirtualNames() {}

  /** An item of a select list; if it is {@code *}, without virtual columns. */
  static SqlNode hidden(SqlNode item, SelectScope scope) {
    SqlIdentifier star =
        item instanceof SqlStarExclude
            ? ((SqlStarExclude) item).getStarIdentifier()
            : item instanceof SqlIdentifier && ((SqlIdentifier) item).isStar()
                ? (SqlIdentifier) item
                : null;
    if (star == null) {
      return item;
    }
    List<SqlNode> hidden = new ArrayList<>();
    List<SqlMoniker> aliases = new ArrayList<>();
    scope.findAliases(aliases);
    List<SqlValidatorNamespace> tables = scope.getChildren();
    // In a sub-query, the aliases of the queries around it follow.
    for (int i = 0; i < tables.size(); i++) {
      String alias = last(aliases.get(i).getFullyQualifiedNames());
      boolean meant =
          star.names.size() == 1 || star.names.get(star.names.size() - 2).equalsIgnoreCase(alias);
      if (meant) {
        List<String> prefix =
            star.names.size() == 1 ? List.of(alias) : star.names.subList(0, star.names.size() - 1);
        for (String column : virtual(tables.get(i))) {
          List<String> names = new ArrayList<>(prefix);
          names.add(column);
          hidden.add(new SqlIdentifier(names, star.getParserPosition()));
        }
      }
    }
    if (hidden.isEmpty()) {
      return item;
    }
    if (item instanceof SqlStarExclude) {
      hidden.addAll(0, ((SqlStarExclude) item).getExcludeList().getList());
    }
    return new SqlStarExclude(
        item.getParserPosition(), star, new SqlNodeList(hidden, SqlParserPos.ZERO));
  }

  /**
   * Refuses a natural join whose common columns would depend on virtual ones.
   *
   * @throws DataNodeException 42601 saying how to write it
   */
  static void checkNatural(SqlValidator validator, SqlJoin join) {
    if (join.isNatural()
        && (!virtual(validator.getNamespace(join.getLeft())).isEmpty()
            || !virtual(validator.getNamespace(join.getRight())).isEmpty())) {
      throw new DataNodeException(
          SqlState.INVALID_SQL,
          "NATURAL JOIN does not go with virtual columns such as start_time; name the common columns"
              + " with USING");
    }
  }

  private static List<String> virtual(@Nullable SqlValidatorNamespace namespace) {
    SqlValidatorTable table = namespace == null ? null : namespace.resolve().getTable();
    Table found = table == null ? null : table.unwrap(Table.class);
    return found instanceof NodeTable ? ((NodeTable) found).virtualColumns() : List.of();
  }

  private static String last(List<String> names) {
    return names.get(names.size() - 1);
  }
}
