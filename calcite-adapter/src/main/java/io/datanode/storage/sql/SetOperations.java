package io.datanode.storage.sql;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Intersect;
import org.apache.calcite.rel.core.Minus;
import org.apache.calcite.rel.core.RepeatUnion;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.TableSpool;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** Writes UNION, INTERSECT, EXCEPT, and unions that read what they have given so far. */
final class SetOperations {
  private final StatementWriter statement;
  private final StorageDialect dialect;
  private final Map<String, StoredTable> recursions;

  /**
   * For one statement.
   *
   * @param recursions what scans of a recursion's own rows read, by name; its step is written while
   *     they are there
   */
  SetOperations(StatementWriter statement, Map<String, StoredTable> recursions) {
    this.statement = statement;
    this.dialect = statement.dialect();
    this.recursions = recursions;
  }

  SelectBlock write(SetOp set) {
    String keyword = set instanceof Union ? "UNION" : set instanceof Intersect ? "INTERSECT" : "";
    if (set instanceof Minus) {
      keyword = "EXCEPT";
    }
    if (set.all) {
      keyword += " ALL";
    }
    List<String> names = StatementWriter.names(set.getRowType());
    List<String> texts = new ArrayList<>();
    for (RelNode input : set.getInputs()) {
      SelectBlock block = statement.visit(input);
      if (block.compound != null || block.limited()) {
        block = statement.wrap(block);
      }
      block.orderBy.clear();
      block.names = new ArrayList<>(names);
      texts.add("(" + block.text(dialect) + ")");
    }
    SelectBlock block = new SelectBlock();
    block.compound = String.join("\n" + keyword + "\n", texts);
    block.names = names;
    block.joinable = false;
    return block;
  }

  SelectBlock write(RepeatUnion union) {
    RelNode seed = union.getSeedRel();
    RelNode step = union.getIterativeRel();
    RelNode spool = seed instanceof TableSpool ? seed : step;
    if (!(spool instanceof TableSpool)) {
      throw new DataNodeException(
          SqlState.NOT_SUPPORTED, "This recursive query cannot be run; use WITH RECURSIVE");
    }
    List<String> names = StatementWriter.names(union.getRowType());
    String alias = "r" + statement.newAlias();
    String table = String.join(".", ((TableSpool) spool).getTable().getQualifiedName());
    recursions.put(table, new StoredTable(List.of(alias), names));
    String first = branch(seed, names, union.getRowType());
    String second = branch(step, names, union.getRowType());
    recursions.remove(table);
    SelectBlock block = new SelectBlock();
    block.compound =
        "WITH RECURSIVE "
            + dialect.quote(alias)
            + "("
            + names.stream().map(dialect::quote).collect(Collectors.joining(", "))
            + ") AS ("
            + first
            + (union.all ? "\nUNION ALL\n" : "\nUNION\n")
            + second
            + ")\nSELECT * FROM "
            + dialect.quote(alias);
    block.names = names;
    block.joinable = false;
    return statement.wrap(block);
  }

  /** A part of a recursion; its columns have the very types of the whole. */
  private String branch(RelNode rel, List<String> names, RelDataType row) {
    SelectBlock block = statement.visit(rel instanceof TableSpool ? rel.getInput(0) : rel);
    if (block.compound != null || block.limited()) {
      block = statement.wrap(block);
    }
    for (int i = 0; i < row.getFieldCount(); i++) {
      RelDataType from = rel.getRowType().getFieldList().get(i).getType();
      RelDataType to = row.getFieldList().get(i).getType();
      // Some storages do not even take two decimals of different scale for the same type.
      if (SqlTypeUtil.isDecimal(to) || !dialect.typeName(from).equals(dialect.typeName(to))) {
        block.columns.set(i, "CAST(" + block.columns.get(i) + " AS " + dialect.typeName(to) + ")");
      }
    }
    block.names = new ArrayList<>(names);
    return block.text(dialect);
  }
}
