package io.datanode.plan;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.schema.FunctionCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.util.SqlBasicVisitor;

/** {@code GROUP BY ALL}: by every column that holds no aggregate function. */
final class GroupByAll {
  private static final Set<String> AGGREGATES =
      new TreeSet<>(FunctionCatalog.names(FunctionCatalog.Category.AGGREGATE));

  private static final Set<SqlKind> NULL_TREATMENTS =
      Set.of(SqlKind.IGNORE_NULLS, SqlKind.RESPECT_NULLS, SqlKind.FILTER);

  private GroupByAll() {}

  /** Puts the columns in the place of {@code ALL}. */
  static void expand(SqlSelect select) {
    SqlNodeList group = select.getGroup();
    if (group == null
        || group.size() != 1
        || !(group.get(0) instanceof SqlIdentifier)
        || !((SqlIdentifier) group.get(0)).toString().equalsIgnoreCase("ALL")) {
      return;
    }
    List<SqlNode> keys = new ArrayList<>();
    for (SqlNode item : select.getSelectList()) {
      SqlNode expression = SqlUtil.stripAs(item);
      if (expression instanceof SqlIdentifier && ((SqlIdentifier) expression).isStar()) {
        throw new DataNodeException(
            SqlState.INVALID_SQL, "GROUP BY ALL needs the columns named instead of *");
      }
      if (!hasAggregate(expression) && !(expression instanceof SqlLiteral)) {
        keys.add(expression);
      }
    }
    select.setGroupBy(new SqlNodeList(keys, group.getParserPosition()));
  }

  /** True if it calls an aggregate function, other than over a window. */
  static boolean hasAggregate(SqlNode expression) {
    boolean[] found = new boolean[1];
    expression.accept(
        new SqlBasicVisitor<Void>() {
          @Override
          public Void visit(SqlCall call) {
            if (call.isA(SqlKind.QUERY)) {
              return null;
            }
            if (call.getKind() == SqlKind.OVER) {
              // What the window is over may be aggregates: RANK() OVER (ORDER BY SUM(x)).
              SqlCall function = call.operand(0);
              while (NULL_TREATMENTS.contains(function.getKind())) {
                function = function.operand(0);
              }
              super.visit(function);
              call.operand(1).accept(this);
              return null;
            }
            found[0] |= AGGREGATES.contains(call.getOperator().getName().toUpperCase(Locale.ROOT));
            return super.visit(call);
          }
        });
    return found[0];
  }
}
