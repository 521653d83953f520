package io.datanode.plan;

import io.datanode.plan.asof.AsofConditions;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.jspecify.annotations.Nullable;

/** The columns of the two sides of a join, as its scope knows them. */
final class JoinColumns implements AsofConditions.Columns {
  private final SqlValidator validator;
  private final SqlValidatorScope scope;
  private final int leftItems;

  JoinColumns(SqlValidator validator, SqlJoin join, SqlValidatorScope scope) {
    this.validator = validator;
    this.scope = scope;
    this.leftItems = items(join.getLeft());
  }

  private static int items(SqlNode from) {
    return from instanceof SqlJoin
        ? items(((SqlJoin) from).getLeft()) + items(((SqlJoin) from).getRight())
        : 1;
  }

  @Override
  public @Nullable Boolean isLeft(SqlIdentifier column) {
    SqlValidatorScope.ResolvedImpl resolved = new SqlValidatorScope.ResolvedImpl();
    if (column.names.size() > 1) {
      scope.resolve(
          column.names.subList(0, column.names.size() - 1),
          validator.getCatalogReader().nameMatcher(),
          false,
          resolved);
    }
    boolean here = resolved.count() == 1 && resolved.only().scope == scope;
    return here ? resolved.only().path.steps().get(0).i < leftItems : null;
  }

  @Override
  public RelDataType type(SqlIdentifier column) {
    return validator.deriveType(scope, column);
  }
}
