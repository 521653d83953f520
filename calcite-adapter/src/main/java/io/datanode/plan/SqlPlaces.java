package io.datanode.plan;

import java.util.IdentityHashMap;
import java.util.Map;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * Where a statement names its nodes and its times, which relational expressions do not tell.
 *
 * <p>Tables and expressions are told apart by identity: two references to a node are two tables.
 */
public final class SqlPlaces {
  private final Map<Object, SqlParserPos> places = new IdentityHashMap<>();
  private final Map<RelOptTable, RelOptTable> standsFor = new IdentityHashMap<>();

  /** Notes where the node is named that a relational expression reads. */
  void name(RelNode rel, SqlParserPos place) {
    if (rel instanceof TableScan && rel.getTable() != null) {
      places.putIfAbsent(rel.getTable(), place);
    } else if (rel.getInputs().size() == 1) {
      name(rel.getInput(0), place);
    }
  }

  /** Notes where an expression is written. */
  void name(RexNode expression, SqlParserPos place) {
    places.putIfAbsent(expression, place);
  }

  /** Notes that what is read in place of a table is named where that is. */
  public void nameAlike(RelOptTable table, RelOptTable named) {
    standsFor.putIfAbsent(table, named(named));
    SqlParserPos place = places.get(named);
    if (place != null) {
      places.putIfAbsent(table, place);
    }
  }

  /** The table that the statement names where it reads this one; mostly this one. */
  public RelOptTable named(RelOptTable table) {
    return standsFor.getOrDefault(table, table);
  }

  /** Where a table is named; null if the statement does not name it. */
  public @Nullable SqlParserPos of(@Nullable RelOptTable table) {
    return table == null ? null : places.get(table);
  }

  /** Where an expression is written, if that was noted. */
  public @Nullable SqlParserPos of(RexNode expression) {
    return places.get(expression);
  }
}
