package io.datanode.storage.sql;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Writes ARG_MAX and its like for a storage that would sort all rows of each group for them: the
 * greatest or least time of each group is an aggregate, and the value is read from the rows that
 * have it. Both passes hash.
 */
final class EndsByJoin {
  private static final Set<String> LAST = Set.of("ARG_MAX", "MAX_BY", "LAST");
  private static final Set<String> FIRST = Set.of("ARG_MIN", "MIN_BY", "FIRST");

  private final StatementWriter writer;
  private final StorageDialect dialect;
  private final Aggregate aggregate;
  private final String groups;
  private final String rows;

  private EndsByJoin(StatementWriter writer, Aggregate aggregate) {
    this.writer = writer;
    this.dialect = writer.dialect();
    this.aggregate = aggregate;
    this.groups = dialect.quote("groups" + writer.newAlias());
    this.rows = dialect.quote("rows" + writer.newAlias());
  }

  /** The groups; null if there is no such call, or the rows cannot be read twice. */
  static @Nullable SelectBlock write(StatementWriter writer, Aggregate aggregate) {
    List<AggregateCall> calls = aggregate.getAggCallList();
    boolean suits =
        writer.dialect().joinsEnds()
            && aggregate.getGroupType() == Aggregate.Group.SIMPLE
            && !aggregate.getGroupSet().isEmpty()
            && calls.stream().anyMatch(call -> isEnd(call, aggregate))
            && calls.stream().noneMatch(call -> call.getType().getComponentType() != null)
            && isStored(aggregate.getInput());
    return suits ? new EndsByJoin(writer, aggregate).write() : null;
  }

  private static boolean isEnd(AggregateCall call, Aggregate aggregate) {
    String name = call.getAggregation().getName().toUpperCase(Locale.ROOT);
    return (LAST.contains(name) || FIRST.contains(name))
        && call.filterArg < 0
        && !call.isDistinct()
        && SqlTypeUtil.isDatetime(type(aggregate, call.getArgList().get(1)));
  }

  private static RelDataType type(Aggregate aggregate, int column) {
    return aggregate.getInput().getRowType().getFieldList().get(column).getType();
  }

  /** True for rows of a table that are the same whenever they are read in one statement. */
  private static boolean isStored(RelNode input) {
    RelNode rel = input;
    for (; rel instanceof Filter || rel instanceof Project; rel = rel.getInput(0)) {
      boolean filter = rel instanceof Filter;
      Set<?> outer = filter ? ((Filter) rel).getVariablesSet() : ((Project) rel).getVariablesSet();
      List<RexNode> expressions =
          filter ? List.of(((Filter) rel).getCondition()) : ((Project) rel).getProjects();
      if (!outer.isEmpty() || !expressions.stream().allMatch(EndsByJoin::isPlain)) {
        return false;
      }
    }
    return rel instanceof TableScan;
  }

  private static boolean isPlain(RexNode expression) {
    return RexUtil.isDeterministic(expression)
        && !org.apache.calcite.rex.RexOver.containsOver(expression)
        && RexUtil.SubQueryFinder.find(expression) == null;
  }

  private @Nullable SelectBlock write() {
    boolean nullable = false;
    SelectBlock input = writer.visit(aggregate.getInput());
    for (int key : aggregate.getGroupSet()) {
      String text = input.columns.get(key);
      RelDataType type = type(aggregate, key);
      nullable |= type.isNullable();
      if (text.indexOf(SqlPieces.ALIAS) < 0
          || text.indexOf(SqlPieces.PARAMETER) >= 0
          || SqlTypeUtil.isApproximateNumeric(type)
          || SqlTypeUtil.isInterval(type)) {
        return null;
      }
    }
    if (!input.onlyRows() || (nullable && aggregate.getGroupCount() > 1)) {
      return null;
    }
    SelectBlock all = new SelectBlock();
    all.compound = joined(nullable) + (nullable ? "\nUNION ALL\n" + ofNull() : "");
    all.names = StatementWriter.names(aggregate.getRowType());
    all.joinable = false;
    return writer.wrap(all);
  }

  /** The calls over groups that hold one row each, and the rows at the ends of their times. */
  private String joined(boolean nullable) {
    List<AggregateCall> calls = aggregate.getAggCallList();
    SelectBlock each = writer.visit(aggregate.getInput());
    SelectBlock found = writer.visit(aggregate.getInput());
    AggregateCalls texts = new AggregateCalls(dialect, each);
    List<String> shown = new ArrayList<>();
    List<String> grouped = new ArrayList<>();
    List<String> read = new ArrayList<>();
    List<String> equal = new ArrayList<>();
    for (int key : aggregate.getGroupSet()) {
      equal.add(column(groups, grouped.size()) + " = " + column(rows, read.size()));
      shown.add(column(groups, grouped.size()));
      grouped.add(each.columns.get(key));
      read.add(found.columns.get(key));
    }
    each.groupBy = String.join(", ", grouped);
    String keys = String.join(", ", shown);
    if (nullable) {
      each.where.add(grouped.get(0) + " IS NOT NULL");
    }
    Set<String> ends = new LinkedHashSet<>();
    for (AggregateCall call : calls) {
      if (!isEnd(call, aggregate)) {
        shown.add("(ARRAY_AGG(" + column(groups, grouped.size()) + "))[1]");
        grouped.add(texts.textOfOneSet(call, aggregate.getInput().getRowType()));
        continue;
      }
      int value = call.getArgList().get(0);
      int time = call.getArgList().get(1);
      String name = call.getAggregation().getName().toUpperCase(Locale.ROOT);
      boolean some = type(aggregate, value).isNullable();
      String end =
          (LAST.contains(name) ? "MAX(" : "MIN(")
              + each.columns.get(time)
              + ")"
              + (some ? " FILTER (WHERE " + each.columns.get(value) + " IS NOT NULL)" : "");
      int place = place(grouped, end);
      int at = place(read, found.columns.get(time));
      String meets = column(rows, at) + " = " + column(groups, place);
      ends.add(meets);
      String of = column(rows, place(read, found.columns.get(value)));
      shown.add(
          "(ARRAY_AGG("
              + of
              + ") FILTER (WHERE "
              + meets
              + (some ? " AND " + of + " IS NOT NULL" : "")
              + "))[1]");
    }
    each.replaceColumns(grouped, names(grouped.size()));
    found.replaceColumns(read, names(read.size()));
    return "SELECT "
        + named(shown)
        + "\nFROM ("
        + each.text(dialect)
        + ") AS "
        + groups
        + "\nLEFT JOIN ("
        + found.text(dialect)
        + ") AS "
        + rows
        + " ON "
        + String.join(" AND ", equal)
        + " AND ("
        + String.join(" OR ", ends)
        + ")\nGROUP BY "
        + keys;
  }

  /** Where a text stands in a list; it is added if it does not. */
  private static int place(List<String> texts, String text) {
    if (!texts.contains(text)) {
      texts.add(text);
    }
    return texts.indexOf(text);
  }

  private String column(String table, int index) {
    return table + "." + dialect.quote("column" + index);
  }

  private static List<String> names(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add("column" + i);
    }
    return names;
  }

  private String named(List<String> columns) {
    List<String> names = StatementWriter.names(aggregate.getRowType());
    List<String> named = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      named.add(columns.get(i) + " AS " + dialect.quote(names.get(i)));
    }
    return named.stream().collect(Collectors.joining(", "));
  }

  /** The group whose key is NULL, which equals nothing. */
  private String ofNull() {
    SelectBlock block = writer.visit(aggregate.getInput());
    int key = aggregate.getGroupSet().nth(0);
    AggregateCalls texts = new AggregateCalls(dialect, block);
    List<String> columns = new ArrayList<>();
    columns.add("CAST(NULL AS " + dialect.typeName(type(aggregate, key)) + ")");
    for (AggregateCall call : aggregate.getAggCallList()) {
      columns.add(texts.textOfOneSet(call, aggregate.getInput().getRowType()));
    }
    block.where.add(block.columns.get(key) + " IS NULL");
    block.having.add("COUNT(*) > 0");
    block.replaceColumns(columns, StatementWriter.names(aggregate.getRowType()));
    return block.text(dialect);
  }
}
