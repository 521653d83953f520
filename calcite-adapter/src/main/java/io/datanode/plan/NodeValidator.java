package io.datanode.plan;

import static org.apache.calcite.util.Static.RESOURCE;

import io.datanode.plan.asof.AsofConditions;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlAsofJoin;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.validate.AggregatingScope;
import org.apache.calcite.sql.validate.SelectScope;
import org.apache.calcite.sql.validate.SqlValidatorCatalogReader;
import org.apache.calcite.sql.validate.SqlValidatorImpl;
import org.apache.calcite.sql.validate.SqlValidatorNamespace;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.sql.validate.SqlValidatorUtil;

/**
 * Calcite's validator with as-of joins over expressions, over times of different types and with
 * several conditions, which the stock one restricts to one comparison of bare columns because its
 * own executor can do no more.
 */
final class NodeValidator extends SqlValidatorImpl {
  /** What an item of a select list is called that was renamed, as no two columns may be alike. */
  private final Map<SqlNode, String> labels = new IdentityHashMap<>();

  NodeValidator(
      SqlOperatorTable operators,
      SqlValidatorCatalogReader catalog,
      RelDataTypeFactory types,
      Config config) {
    super(operators, catalog, types, config);
  }

  /**
   * Calcite asks for the type of {@code ?} in {@code CASE WHEN a < ? THEN 1 END + 1} before it has
   * inferred it, and has no use for it but to compare character sets.
   */
  @Override
  public RelDataType getValidatedNodeType(SqlNode node) {
    RelDataType known = getValidatedNodeTypeIfKnown(node);
    return known == null && node instanceof SqlDynamicParam
        ? unknownType
        : super.getValidatedNodeType(node);
  }

  @Override
  public RelDataType deriveType(SqlValidatorScope scope, SqlNode expression) {
    // Types are asked for many times; without the look a long sum would be walked each time.
    if (DateArithmetic.isCandidate(expression) && getValidatedNodeTypeIfKnown(expression) == null) {
      SqlBasicCall call = (SqlBasicCall) expression;
      DateArithmetic.resolve(
          call, deriveType(scope, call.operand(0)), deriveType(scope, call.operand(1)));
    }
    return super.deriveType(scope, expression);
  }

  /** Of {@code p.*, r.*} with a column of one name, Calcite renames the second. */
  @Override
  protected void addToSelectList(
      List<SqlNode> list,
      Set<String> aliases,
      List<Map.Entry<String, RelDataType>> fields,
      SqlNode expression,
      SelectScope scope,
      boolean includeSystemColumns) {
    super.addToSelectList(list, aliases, fields, expression, scope, includeSystemColumns);
    String name = SqlValidatorUtil.alias(expression);
    if (name != null) {
      labels.put(list.get(list.size() - 1), name);
    }
  }

  /**
   * What a column of a result is called: two of one name both have it, as the SQL standard says.
   *
   * @param column its index
   * @param name what it is called inside a query
   */
  String label(SqlNode query, int column, String name) {
    SqlNode first = query;
    while (!(first instanceof SqlSelect)) {
      if (first instanceof SqlWith) {
        first = ((SqlWith) first).body;
      } else if (first instanceof SqlOrderBy || SqlKind.SET_QUERY.contains(first.getKind())) {
        first = ((SqlCall) first).operand(0);
      } else {
        return name;
      }
    }
    SqlNodeList items = ((SqlSelect) first).getSelectList();
    return column < items.size() ? labels.getOrDefault(items.get(column), name) : name;
  }

  @Override
  protected RelDataType validateSelectList(
      SqlNodeList selectItems, SqlSelect select, RelDataType targetRowType) {
    SelectScope scope = getRawSelectScope(select);
    if (scope == null) {
      return super.validateSelectList(selectItems, select, targetRowType);
    }
    List<SqlNode> shown = new ArrayList<>();
    selectItems.forEach(item -> shown.add(VirtualNames.hidden(item, scope)));
    return super.validateSelectList(
        new SqlNodeList(shown, selectItems.getParserPosition()), select, targetRowType);
  }

  @Override
  protected void validateJoin(SqlJoin join, SqlValidatorScope scope) {
    boolean asof = join.getJoinType() == JoinType.ASOF || join.getJoinType() == JoinType.LEFT_ASOF;
    if (!asof) {
      super.validateJoin(join, scope);
      if (join.isNatural() || join.getConditionType() == JoinConditionType.USING) {
        checkCommonColumns(join);
      }
      VirtualNames.checkNatural(this, join);
      return;
    }
    SqlValidatorScope joinScope = getJoinScope(join);
    if (joinScope == null) {
      super.validateJoin(join, scope);
      return;
    }
    if (join.getConditionType() == JoinConditionType.USING) {
      validateUsing(join, scope);
    } else {
      validateFrom(join.getLeft(), unknownType, joinScope);
      validateFrom(join.getRight(), unknownType, joinScope);
    }
    AsofConditions conditions = new AsofConditions(new JoinColumns(this, join, joinScope));
    SqlNode condition = join.getCondition();
    if (condition != null && join.getConditionType() == JoinConditionType.ON) {
      SqlNode expanded = expand(condition, joinScope);
      join.setOperand(5, expanded);
      conditions.checkOn(expanded);
      validateWhereOrOn(joinScope, expanded, "ON");
    }
    SqlNode match = Objects.requireNonNull(((SqlAsofJoin) join).getMatchCondition());
    SqlNode expanded = expand(AsofConditions.named(match), joinScope);
    join.setOperand(6, expanded);
    conditions.checkMatch(expanded);
    validateWhereOrOn(joinScope, expanded, "MATCH_CONDITION");
  }

  /** As of another join; of its as-of joins Calcite would check the match condition as well. */
  private void validateUsing(SqlJoin join, SqlValidatorScope scope) {
    SqlNode type = join.getJoinTypeNode();
    join.setOperand(2, JoinType.INNER.symbol(type.getParserPosition()));
    super.validateJoin(join, scope);
    checkCommonColumns(join);
    join.setOperand(2, type);
  }

  /** Calcite casts the columns of USING to one type, and rounds where that has too few digits. */
  private void checkCommonColumns(SqlJoin join) {
    SqlValidatorNamespace right = getNamespace(join.getRight());
    SqlValidatorNamespace left = getNamespace(join.getLeft());
    if (left == null || right == null) {
      return;
    }
    for (RelDataTypeField field : left.getRowType().getFieldList()) {
      RelDataTypeField other = right.getRowType().getField(field.getName(), false, false);
      boolean compared =
          other != null
              && (join.isNatural()
                  || ((SqlNodeList) Objects.requireNonNull(join.getCondition()))
                      .stream()
                          .anyMatch(name -> name.toString().equalsIgnoreCase(field.getName())));
      if (compared && !DecimalComparisons.haveCommonType(field.getType(), other.getType())) {
        throw ComparisonCasts.noCommonType(
            "The join", field.getType(), other.getType(), join.getParserPosition());
      }
    }
  }

  /** Calcite refuses windows in HAVING, and takes those of sub-queries in it for such. */
  @Override
  protected void validateHavingClause(SqlSelect select) {
    try {
      super.validateHavingClause(select);
    } catch (CalciteContextException e) {
      String refusal = RESOURCE.windowInHavingNotAllowed().ex().getMessage();
      boolean ofWindow = e.getCause() != null && refusal.equals(e.getCause().getMessage());
      SqlNode having = select.getHaving();
      if (!ofWindow || having == null || holdsWindow(having)) {
        throw e;
      }
      AggregatingScope scope = (AggregatingScope) getSelectScope(select);
      inferUnknownTypes(typeFactory.createSqlType(SqlTypeName.BOOLEAN), scope, having);
      scope.checkAggregateExpr(having, true);
      having.validate(this, scope);
      if (!SqlTypeUtil.inBooleanFamily(deriveType(scope, having))) {
        throw newValidationError(having, RESOURCE.havingMustBeBoolean());
      }
    }
  }

  /** True if an expression has a window of its own, not one of a sub-query. */
  private static boolean holdsWindow(SqlNode expression) {
    boolean[] found = new boolean[1];
    expression.accept(
        new SqlBasicVisitor<Void>() {
          @Override
          public Void visit(SqlCall call) {
            found[0] |= call.getKind() == SqlKind.OVER;
            return call.isA(SqlKind.QUERY) ? null : super.visit(call);
          }
        });
    return found[0];
  }
}
