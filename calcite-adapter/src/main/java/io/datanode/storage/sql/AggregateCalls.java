package io.datanode.storage.sql;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlKind;

/** Writes calls of aggregate functions over the columns of one SELECT block. */
final class AggregateCalls {
  private final StorageDialect dialect;
  private final SelectBlock block;

  AggregateCalls(StorageDialect dialect, SelectBlock block) {
    this.dialect = dialect;
    this.block = block;
  }

  /** An aggregate of rows grouped in one way; all keys are grouped by. */
  String textOfOneSet(AggregateCall call, RelDataType input) {
    return call.getAggregation().getKind() == SqlKind.GROUPING
        ? "CAST(0 AS " + dialect.typeName(call.getType()) + ")"
        : text(call, input);
  }

  String text(AggregateCall call, RelDataType input) {
    if (call.distinctKeys != null) {
      throw new DataNodeException(
          SqlState.NOT_SUPPORTED, "WITHIN DISTINCT is not offered; use a sub-query");
    }
    List<String> arguments = new ArrayList<>();
    List<RelDataType> types = new ArrayList<>();
    for (int index : call.getArgList()) {
      arguments.add(block.columns.get(index));
      types.add(input.getFieldList().get(index).getType());
    }
    List<StorageDialect.OrderKey> orderBy = new ArrayList<>();
    for (RelFieldCollation field : call.getCollation().getFieldCollations()) {
      boolean descending = field.getDirection().isDescending();
      orderBy.add(
          new StorageDialect.OrderKey(
              block.columns.get(field.getFieldIndex()),
              descending,
              WindowCalls.direction(
                  descending,
                  field.nullDirection == RelFieldCollation.NullDirection.FIRST
                      || (field.nullDirection == RelFieldCollation.NullDirection.UNSPECIFIED
                          && descending)),
              input.getFieldList().get(field.getFieldIndex()).getType()));
    }
    String text =
        dialect.aggregate(
            new StorageDialect.AggregateText(
                call.getAggregation().getName().toUpperCase(java.util.Locale.ROOT),
                arguments,
                types,
                call.isDistinct(),
                call.ignoreNulls(),
                orderBy,
                call.filterArg >= 0 ? block.columns.get(call.filterArg) : null,
                call.getType()));
    return text.replace(StorageDialectMarks.WINDOW, "");
  }
}
