package io.datanode.storage.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Writes GROUP BY where an index leads from one key to the next, and all that is asked of a group
 * is its first or last time, or a value at it: the index has each at an end of the rows of the key.
 */
final class KeyGroups {
  private final StatementWriter writer;
  private final StorageDialect dialect;
  private final Aggregate aggregate;
  private final RelNode input;
  private final List<RexNode> keys;
  private final KeyConditions conditions;
  private final KeyWalk walk;

  private KeyGroups(
      StatementWriter writer,
      Aggregate aggregate,
      RelNode input,
      List<RexNode> keys,
      KeyConditions conditions) {
    this.writer = writer;
    this.dialect = writer.dialect();
    this.aggregate = aggregate;
    this.input = input;
    this.keys = keys;
    this.conditions = conditions;
    this.walk = new KeyWalk(writer, conditions.rows(), keys);
  }

  /** The groups; null if there is no such index, or something else is asked. */
  static @Nullable SelectBlock write(StatementWriter writer, Aggregate aggregate) {
    RelNode rows = aggregate.getInput();
    while (rows instanceof Project) {
      rows = ((Project) rows).getInput();
    }
    List<RexNode> keys = new ArrayList<>();
    for (int key : aggregate.getGroupSet()) {
      RexNode column = column(aggregate, key);
      if (column == null) {
        return null;
      }
      keys.add(column);
    }
    RexNode time = null;
    for (AggregateCall call : aggregate.getAggCallList()) {
      RexNode at = isEnd(call) ? column(aggregate, call.getArgList().get(values(call))) : null;
      if (at == null
          || !SqlTypeUtil.isDatetime(at.getType())
          || (time != null && !time.equals(at))) {
        return null;
      }
      time = at;
      if (column(aggregate, call.getArgList().get(0)) == null) {
        return null;
      }
    }
    List<RexNode> ordered =
        aggregate.getGroupType() == Aggregate.Group.SIMPLE
            ? KeyWalk.keys(writer, rows, keys, time)
            : null;
    if (ordered == null) {
      return null;
    }
    KeyConditions conditions = KeyConditions.of(rows, ordered, writer.dialect());
    RowPick last = time == null ? null : lastRows(aggregate, rows, ordered, time);
    return last != null && conditions.complete()
        ? new BackwardScan(writer, last, conditions).rows()
        : new KeyGroups(writer, aggregate, rows, ordered, conditions).groups();
  }

  /** The groups as their last rows; null if not all that is asked is in these. */
  private static @Nullable RowPick lastRows(
      Aggregate aggregate, RelNode rows, List<RexNode> keys, RexNode time) {
    List<RexNode> columns = new ArrayList<>();
    for (int key : aggregate.getGroupSet()) {
      columns.add(column(aggregate, key));
    }
    for (AggregateCall call : aggregate.getAggCallList()) {
      for (int argument : call.getArgList()) {
        if (!isLast(call) || column(aggregate, argument).getType().isNullable()) {
          return null;
        }
      }
      columns.add(column(aggregate, call.getArgList().get(0)));
    }
    RexFieldCollation order =
        new RexFieldCollation(time, Set.of(SqlKind.DESCENDING, SqlKind.NULLS_FIRST));
    return new RowPick(
        rows, keys, List.of(order), columns, List.of(), aggregate.getRowType(), false);
  }

  /** The column of the table that a column of the aggregate's input is; null if it is computed. */
  private static @Nullable RexNode column(Aggregate aggregate, int index) {
    RelNode rel = aggregate.getInput();
    int place = index;
    for (; rel instanceof Project; rel = ((Project) rel).getInput()) {
      RexNode value = ((Project) rel).getProjects().get(place);
      if (!(value instanceof RexInputRef)) {
        return null;
      }
      place = ((RexInputRef) value).getIndex();
    }
    return ExpressionWriter.REX.makeInputRef(rel, place);
  }

  /** True for the first or last of values, or what stands beside it. */
  private static boolean isEnd(AggregateCall call) {
    if (call.isDistinct() || call.filterArg >= 0 || call.distinctKeys != null) {
      return false;
    }
    switch (name(call)) {
      case "MIN":
      case "MAX":
        return call.getArgList().size() == 1;
      case "ARG_MIN":
      case "MIN_BY":
      case "FIRST":
      case "ARG_MAX":
      case "MAX_BY":
      case "LAST":
        return call.getArgList().size() == 2;
      default:
        return false;
    }
  }

  /** The number of values before the one that is compared. */
  private static int values(AggregateCall call) {
    return call.getArgList().size() - 1;
  }

  private static String name(AggregateCall call) {
    return call.getAggregation().getName().toUpperCase(Locale.ROOT);
  }

  private static boolean isLast(AggregateCall call) {
    String name = name(call);
    return name.startsWith("MAX") || name.endsWith("MAX") || name.equals("LAST");
  }

  private SelectBlock groups() {
    SelectBlock found = groups(false);
    if (!walk.nullable()) {
      return found;
    }
    SelectBlock all = new SelectBlock();
    all.compound = found.text(dialect) + "\nUNION ALL\n" + groups(true).text(dialect);
    all.names = StatementWriter.names(aggregate.getRowType());
    all.joinable = false;
    return writer.wrap(all);
  }

  private SelectBlock groups(boolean ofNull) {
    SelectBlock block = new SelectBlock();
    List<String> columns = new ArrayList<>();
    for (int key : aggregate.getGroupSet()) {
      RexNode column = column(aggregate, key);
      columns.add(
          ofNull
              ? "CAST(NULL AS " + dialect.typeName(column.getType()) + ")"
              : walk.key(keys.indexOf(column)));
    }
    for (AggregateCall call : aggregate.getAggCallList()) {
      columns.add(end(call, ofNull));
    }
    if (ofNull) {
      block.where.add("EXISTS (" + any(true) + ")");
    } else {
      block.from = walk.from();
      check(block);
    }
    block.replaceColumns(columns, StatementWriter.names(aggregate.getRowType()));
    // What stands for the keys must not be taken for columns of a table.
    return ofNull ? block : writer.wrap(block);
  }

  /** Leaves out keys none of whose rows meets the conditions. */
  private void check(SelectBlock block) {
    if (!conditions.complete()) {
      block.where.add("EXISTS (" + any(false) + ")");
      return;
    }
    SelectBlock row = new SelectBlock();
    for (int i = 0; i < input.getRowType().getFieldCount(); i++) {
      int place = keys.indexOf(ExpressionWriter.REX.makeInputRef(input, i));
      row.columns.add(place < 0 ? "NULL" : walk.key(place));
      row.names.add("column" + i);
    }
    ExpressionWriter expressions = new ExpressionWriter(writer, row);
    conditions.checked().forEach(term -> block.where.add(expressions.condition(term)));
  }

  private String any(boolean ofNull) {
    SelectBlock block = writer.visit(input);
    walk.ofKey(block, ofNull);
    block.replaceColumns(List.of("1"), List.of("found"));
    return block.text(dialect);
  }

  private String end(AggregateCall call, boolean ofNull) {
    SelectBlock block = writer.visit(input);
    ExpressionWriter expressions = new ExpressionWriter(writer, block);
    walk.ofKey(block, ofNull);
    List<String> arguments = new ArrayList<>();
    for (int argument : call.getArgList()) {
      RexNode column = column(aggregate, argument);
      arguments.add(expressions.text(column));
      if (column.getType().isNullable()) {
        block.where.add(expressions.text(column) + " IS NOT NULL");
      }
    }
    block.orderBy.add(arguments.get(values(call)) + (isLast(call) ? " DESC" : ""));
    block.limit = "1";
    block.replaceColumns(List.of(arguments.get(0)), List.of("found"));
    return "(" + block.text(dialect) + ")";
  }
}
