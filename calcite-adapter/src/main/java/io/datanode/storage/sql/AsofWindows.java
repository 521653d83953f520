package io.datanode.storage.sql;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexWindowBounds;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** Window functions that tell which right rows of an as-of join can match at all. */
final class AsofWindows {
  private AsofWindows() {}

  /**
   * The best rows first.
   *
   * @param time if not null, decides first
   * @param newest true if the greatest time is the best
   * @param ties columns of which the greatest value is the best, NULL the worst
   */
  static List<RexFieldCollation> order(
      RexBuilder rex, RelNode rel, @Nullable RexNode time, boolean newest, List<Integer> ties) {
    Set<SqlKind> greatestFirst = EnumSet.of(SqlKind.DESCENDING, SqlKind.NULLS_LAST);
    List<RexFieldCollation> keys = new ArrayList<>();
    if (time != null) {
      keys.add(
          new RexFieldCollation(time, newest ? greatestFirst : EnumSet.of(SqlKind.NULLS_LAST)));
    }
    for (int tie : ties) {
      keys.add(new RexFieldCollation(rex.makeInputRef(rel, tie), greatestFirst));
    }
    return keys;
  }

  /** The place of a row within its keys. */
  static RexNode rowNumber(RexBuilder rex, List<RexNode> keys, List<RexFieldCollation> order) {
    return rex.makeOver(
        rex.getTypeFactory().createSqlType(SqlTypeName.BIGINT),
        SqlStdOperatorTable.ROW_NUMBER,
        List.of(),
        keys,
        ImmutableList.copyOf(order),
        RexWindowBounds.UNBOUNDED_PRECEDING,
        RexWindowBounds.CURRENT_ROW,
        true,
        true,
        false,
        false,
        false);
  }

  /** The least, or else the greatest, value of the rows that come before a row within its keys. */
  static RexNode extremeOfEarlier(
      RexBuilder rex,
      RexNode value,
      boolean least,
      List<RexNode> keys,
      List<RexFieldCollation> order) {
    SqlAggFunction function = least ? SqlStdOperatorTable.MIN : SqlStdOperatorTable.MAX;
    RelDataType type = rex.getTypeFactory().createTypeWithNullability(value.getType(), true);
    RexNode one = rex.makeExactLiteral(java.math.BigDecimal.ONE);
    return rex.makeOver(
        type,
        function,
        List.of(value),
        keys,
        ImmutableList.copyOf(order),
        RexWindowBounds.UNBOUNDED_PRECEDING,
        RexWindowBounds.preceding(one),
        true,
        true,
        false,
        false,
        false);
  }
}
