package io.datanode.storage.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexLiteral;

/** Writes rows of constants. */
final class ValueRows {
  private final StatementWriter statement;
  private final StorageDialect dialect;

  ValueRows(StatementWriter statement) {
    this.statement = statement;
    this.dialect = statement.dialect();
  }

  SelectBlock write(Values values) {
    List<RelDataTypeField> fields = values.getRowType().getFieldList();
    List<String> names = StatementWriter.names(values.getRowType());
    Literals literals = new Literals(dialect);
    SelectBlock block = new SelectBlock();
    block.joinable = false;
    block.names = names;
    if (values.getTuples().size() <= 1) {
      for (int i = 0; i < fields.size(); i++) {
        block.columns.add(
            values.getTuples().isEmpty()
                ? typedNull(fields.get(i).getType())
                : literals.typed(values.getTuples().get(0).get(i), fields.get(i).getType()));
      }
      if (values.getTuples().isEmpty()) {
        block.where.add("FALSE");
      }
      return block;
    }
    List<String> rows = new ArrayList<>();
    for (List<RexLiteral> tuple : values.getTuples()) {
      List<String> row = new ArrayList<>();
      for (int i = 0; i < tuple.size(); i++) {
        row.add(
            rows.isEmpty()
                ? literals.typed(tuple.get(i), fields.get(i).getType())
                : literals.text(tuple.get(i), false));
      }
      rows.add("(" + String.join(", ", row) + ")");
    }
    String alias = statement.newAlias();
    block.from =
        "(VALUES "
            + String.join(", ", rows)
            + ") AS "
            + dialect.quote(alias)
            + "("
            + names.stream().map(dialect::quote).collect(Collectors.joining(", "))
            + ")";
    block.aliases.add(alias);
    for (String name : names) {
      block.columns.add(SqlPieces.reference(alias, dialect.quote(name)));
    }
    block.joinable = true;
    return block;
  }

  private String typedNull(RelDataType type) {
    return "CAST(NULL AS " + dialect.typeName(type) + ")";
  }
}
