package io.datanode.storage.sql;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.storage.ResultSize;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Intersect;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Match;
import org.apache.calcite.rel.core.Minus;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.RepeatUnion;
import org.apache.calcite.rel.core.Sample;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.TableSpool;
import org.apache.calcite.rel.core.Uncollect;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * Writes a relational expression as one SQL statement of one storage.
 *
 * <p>Each operator either adds a clause to the SELECT of its input or, where SQL's order of
 * evaluation does not allow that, reads its input as a sub-query. One writer writes one statement.
 */
public final class StatementWriter {
  private final StorageDialect dialect;
  private final Function<RelOptTable, StoredTable> tables;
  private final Map<CorrelationId, SelectBlock> correlations = new HashMap<>();
  private final Map<String, StoredTable> recursions = new HashMap<>();
  private final Set<String> stored = new HashSet<>();
  private int aliases;

  /**
   * A writer for one statement.
   *
   * @param tables says where the rows of a scanned table are
   */
  public StatementWriter(StorageDialect dialect, Function<RelOptTable, StoredTable> tables) {
    this.dialect = dialect;
    this.tables = tables;
  }

  /**
   * Writes the statement.
   *
   * @throws DataNodeException 0A000 if the storage has no way to say some part of it
   */
  public RenderedStatement write(RelNode rel) {
    SelectBlock block = visit(rel);
    String text = block.text(dialect);
    StringBuilder sql = new StringBuilder(text.length());
    List<Integer> parameters = new ArrayList<>();
    List<KeyCondition> keyConditions = new ArrayList<>();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == SqlPieces.PARAMETER) {
        int end = text.indexOf(SqlPieces.PARAMETER_END, i);
        parameters.add(Integer.parseInt(text.substring(i + 1, end)));
        sql.append('?');
        i = end;
      } else if (c == SqlPieces.KEYS) {
        int keySet = text.indexOf(SqlPieces.KEYS_END, i);
        int withKeys = text.indexOf(SqlPieces.KEYS_END, keySet + 1);
        int withBounds = text.indexOf(SqlPieces.KEYS_END, withKeys + 1);
        int use = text.charAt(i + 1) - '0';
        String mark = SqlPieces.keysMark(keyConditions.size());
        parameters.add(-1 - keyConditions.size());
        keyConditions.add(
            new KeyCondition(
                Integer.parseInt(text.substring(i + 2, keySet)),
                use,
                mark,
                withKeys == keySet + 1 ? null : text.substring(keySet + 1, withKeys),
                text.substring(withKeys + 1, withBounds)));
        sql.append(mark);
        i = withBounds;
      } else {
        sql.append(c);
      }
    }
    return new RenderedStatement(sql.toString(), parameters, keyConditions, size(rel, block));
  }

  private static ResultSize size(RelNode rel, SelectBlock block) {
    RelNode top = rel;
    long limit = ResultSize.UNKNOWN;
    while (top instanceof Project || top instanceof Filter || top instanceof Sort) {
      RexNode fetch = top instanceof Sort ? ((Sort) top).fetch : null;
      if (fetch instanceof RexLiteral) {
        limit = Math.min(limit, ((RexLiteral) fetch).getValueAs(Long.class));
      }
      top = top.getInput(0);
    }
    return new ResultSize(
        limit, block.limit == null && block.offset == null, top instanceof Aggregate);
  }

  StorageDialect dialect() {
    return dialect;
  }

  /** The text of a sub-query inside an expression of a block. */
  String subQuery(RelNode rel) {
    return visit(rel).text(dialect);
  }

  /** The block whose row a correlation variable stands for. */
  SelectBlock correlation(CorrelationId id) {
    SelectBlock block = correlations.get(id);
    if (block == null) {
      throw new DataNodeException(
          SqlState.NOT_SUPPORTED,
          "A correlated sub-query refers to a row that cannot be named where it stands; write it as a"
              + " join");
    }
    return block;
  }

  private SelectBlock visit(RelNode rel) {
    if (rel instanceof TableScan) {
      return scan((TableScan) rel);
    } else if (rel instanceof Filter) {
      return filter((Filter) rel);
    } else if (rel instanceof Project) {
      return project((Project) rel);
    } else if (rel instanceof Aggregate) {
      return aggregate((Aggregate) rel);
    } else if (rel instanceof Sort) {
      return sort((Sort) rel);
    } else if (rel instanceof Join) {
      return join((Join) rel);
    } else if (rel instanceof Correlate) {
      return correlate((Correlate) rel);
    } else if (rel instanceof RepeatUnion) {
      return recursion((RepeatUnion) rel);
    } else if (rel instanceof SetOp) {
      return setOperation((SetOp) rel);
    } else if (rel instanceof Values) {
      return values((Values) rel);
    } else if (rel instanceof Uncollect) {
      return uncollect((Uncollect) rel);
    }
    throw new DataNodeException(
        SqlState.NOT_SUPPORTED,
        rel instanceof Sample
            ? "TABLESAMPLE is not offered"
            : rel instanceof Match
                ? "MATCH_RECOGNIZE is not offered"
                : "The operator " + rel.getRelTypeName() + " cannot be run");
  }

  private SelectBlock scan(TableScan scan) {
    RelOptTable table = scan.getTable();
    StoredTable recursive = recursions.get(String.join(".", table.getQualifiedName()));
    SelectBlock block =
        fromTable(recursive != null ? recursive : tables.apply(table), names(scan.getRowType()));
    if (recursive == null) {
      stored.addAll(block.aliases);
    }
    return block;
  }

  /** True for text that names a column of a table that the storage holds. */
  boolean isStored(String text) {
    return SqlPieces.isReference(text) && stored.contains(SqlPieces.alias(text));
  }

  private SelectBlock fromTable(StoredTable stored, List<String> names) {
    SelectBlock block = new SelectBlock();
    String alias = newAlias();
    String item =
        stored.query() == null ? dialect.quote(stored.path()) : "(" + stored.query() + ")";
    block.from = item + " AS " + dialect.quote(alias);
    block.aliases.add(alias);
    for (String column : stored.columns()) {
      block.columns.add(SqlPieces.reference(alias, dialect.quote(column)));
    }
    block.names = new ArrayList<>(names);
    return block;
  }

  private SelectBlock filter(Filter filter) {
    RowPick pick = dialect.picksDistinctOn() ? RowPick.of(filter) : null;
    if (pick != null) {
      return distinctOn(pick);
    }
    SelectBlock block = visit(filter.getInput());
    boolean correlated = !filter.getVariablesSet().isEmpty();
    if (block.compound != null
        || block.limited()
        || block.windowed
        || block.distinct
        || block.volatileColumns
        || (correlated && !plain(block))) {
      block = wrap(block);
    }
    correlate(filter.getVariablesSet(), block);
    ExpressionWriter expressions = new ExpressionWriter(this, block);
    for (RexNode term : RelOptUtil.conjunctions(filter.getCondition())) {
      String text = expressions.condition(term);
      noteCorrelation(block, text);
      (block.aggregated ? block.having : block.where).add(text);
    }
    block.joinable = false;
    return block;
  }

  /** The first row of each partition, which an index on its keys and its order gives. */
  private SelectBlock distinctOn(RowPick pick) {
    SelectBlock input = visit(pick.input());
    boolean plain =
        input.onlyRows()
            && !input.windowed
            && !input.volatileColumns
            && input.columns.stream().allMatch(SqlPieces::isReference);
    SelectBlock block = plain ? input : wrap(input);
    ExpressionWriter expressions = new ExpressionWriter(this, block);
    List<String> keys = pick.keys().stream().map(expressions::text).collect(Collectors.toList());
    // Keys in the direction of the order, so that an index can be read backwards.
    String direction = WindowCalls.direction(pick.order().get(0));
    keys.forEach(key -> block.orderBy.add(key + direction));
    for (RexFieldCollation key : pick.order()) {
      String text = expressions.text(key.left);
      // A constant would be taken for the number of a column.
      if (text.indexOf(SqlPieces.ALIAS) >= 0) {
        block.orderBy.add(dialect.ordered(text, key.left.getType()) + WindowCalls.direction(key));
      }
    }
    List<String> columns = new ArrayList<>();
    for (RexNode expression : pick.columns()) {
      columns.add(expressions.text(expression));
    }
    block.distinctOn = String.join(", ", keys);
    block.replaceColumns(columns, names(pick.row()));
    return block;
  }

  private SelectBlock project(Project project) {
    SelectBlock block = visit(project.getInput());
    boolean windows = project.containsOver();
    boolean correlated = !project.getVariablesSet().isEmpty();
    if (block.compound != null
        || (windows && (block.limited() || block.distinct || block.windowed))
        || block.distinct
        || (correlated && !plain(block))
        || repeatsWork(project.getProjects(), block)) {
      block = wrap(block);
    }
    correlate(project.getVariablesSet(), block);
    ExpressionWriter expressions = new ExpressionWriter(this, block);
    List<String> columns = new ArrayList<>();
    boolean picks = true;
    for (int i = 0; i < project.getProjects().size(); i++) {
      RexNode expression = project.getProjects().get(i);
      String text = expressions.text(expression);
      noteCorrelation(block, text);
      columns.add(text);
      block.windowed |= windows;
      block.volatileColumns |= !RexUtil.isDeterministic(expression);
      picks &= expression instanceof RexInputRef || isNull(expression);
    }
    if (block.aggregated
        && block.groupBy.isEmpty()
        && project.getProjects().stream()
            .anyMatch(expression -> RelOptUtil.InputFinder.bits(expression).isEmpty())) {
      // Constants alone would be selected for each row that was aggregated.
      block.groupBy = "()";
    }
    boolean joinable = block.joinable && picks;
    block.replaceColumns(columns, names(project.getRowType()));
    block.joinable = joinable;
    return block;
  }

  /** True for NULL of any type, which stays what it is on either side of an outer join. */
  private static boolean isNull(RexNode expression) {
    RexNode value = expression;
    while (value.isA(SqlKind.CAST)) {
      value = ((RexCall) value).getOperands().get(0);
    }
    return RexUtil.isNullLiteral(value, false);
  }

  /** True if writing these expressions in place would compute some input column more than once. */
  private static boolean repeatsWork(List<RexNode> expressions, SelectBlock block) {
    int[] uses = new int[block.columns.size()];
    boolean[] nested = new boolean[1];
    for (RexNode expression : expressions) {
      expression.accept(
          new org.apache.calcite.rex.RexVisitorImpl<Void>(true) {
            @Override
            public Void visitInputRef(RexInputRef ref) {
              uses[ref.getIndex()]++;
              return null;
            }

            @Override
            public Void visitOver(org.apache.calcite.rex.RexOver over) {
              nested[0] |= block.windowed;
              return super.visitOver(over);
            }
          });
    }
    if (nested[0]) {
      return true;
    }
    for (int i = 0; i < uses.length; i++) {
      String column = block.columns.get(i);
      boolean cheap = SqlPieces.isReference(column) || isConstant(column);
      if (uses[i] > 1 && !cheap && (column.length() > 40 || block.volatileColumns)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isConstant(String text) {
    return text.indexOf(SqlPieces.ALIAS) < 0 && text.indexOf('(') < 0;
  }

  private SelectBlock aggregate(Aggregate aggregate) {
    SelectBlock block = visit(aggregate.getInput());
    if (block.compound != null) {
      block = wrap(block);
    }
    List<String> constants = List.of();
    boolean inline = block.onlyRows() && !block.windowed && !block.volatileColumns;
    for (int key : aggregate.getGroupSet()) {
      String text = block.columns.get(key);
      inline &=
          text.indexOf(SqlPieces.ALIAS) >= 0
              && text.indexOf(SqlPieces.PARAMETER) < 0
              && !text.contains("SELECT ");
    }
    if (!inline) {
      constants = block.compound == null ? block.columns : List.of();
      block = wrap(block);
    }
    // The order of rows means nothing to an aggregate, unless a limit depends on it.
    block.orderBy.clear();
    List<String> columns = new ArrayList<>();
    for (int key : aggregate.getGroupSet()) {
      columns.add(block.columns.get(key));
    }
    block.groupBy = groupBy(aggregate, block);
    keepConstants(block, constants);
    ExpressionWriter expressions = new ExpressionWriter(this, block);
    for (AggregateCall call : aggregate.getAggCallList()) {
      columns.add(expressions.aggregate(call, aggregate.getInput().getRowType()));
    }
    block.aggregated = true;
    block.replaceColumns(columns, names(aggregate.getRowType()));
    return block;
  }

  /** Separators and fractions of quantiles must stay constants where a block has been wrapped. */
  private static void keepConstants(SelectBlock block, List<String> columns) {
    for (int i = 0; i < columns.size(); i++) {
      String text = columns.get(i);
      if (isConstant(text) && text.indexOf(SqlPieces.PARAMETER) < 0) {
        block.columns.set(i, text);
      }
    }
  }

  private static String groupBy(Aggregate aggregate, SelectBlock block) {
    if (aggregate.getGroupType() == Aggregate.Group.SIMPLE) {
      if (aggregate.getGroupSet().isEmpty()) {
        return aggregate.getAggCallList().isEmpty() ? "()" : "";
      }
      return aggregate.getGroupSet().asList().stream()
          .map(block.columns::get)
          .collect(Collectors.joining(", "));
    }
    List<String> sets = new ArrayList<>();
    for (ImmutableBitSet set : aggregate.getGroupSets()) {
      sets.add(
          set.asList().stream()
              .map(block.columns::get)
              .collect(Collectors.joining(", ", "(", ")")));
    }
    return "GROUPING SETS (" + String.join(", ", sets) + ")";
  }

  private SelectBlock sort(Sort sort) {
    SelectBlock block = visit(sort.getInput());
    List<RelDataTypeField> fields = sort.getRowType().getFieldList();
    if (block.limited() || (block.compound != null && !sortsByName(sort, fields))) {
      block = wrap(block);
    }
    if (!sort.getCollation().getFieldCollations().isEmpty()) {
      block.orderBy.clear();
      for (RelFieldCollation field : sort.getCollation().getFieldCollations()) {
        int index = field.getFieldIndex();
        String text =
            block.compound != null
                ? dialect.quote(block.names.get(index))
                : block.columns.get(index);
        if (block.compound != null
            || (text.indexOf(SqlPieces.ALIAS) >= 0 || text.contains("(")) && !isNumber(text)) {
          block.orderBy.add(dialect.ordered(text, fields.get(index).getType()) + direction(field));
        }
      }
    }
    ExpressionWriter expressions = new ExpressionWriter(this, block);
    if (sort.offset != null) {
      block.offset = expressions.limit(sort.offset);
    }
    if (sort.fetch != null) {
      block.limit = expressions.limit(sort.fetch);
    }
    block.joinable = false;
    return block;
  }

  /** True if the keys of a set operation need be no more than names of its columns. */
  private boolean sortsByName(Sort sort, List<RelDataTypeField> fields) {
    return dialect.sortsSetsByExpressions()
        || sort.getCollation().getFieldCollations().stream()
            .map(field -> fields.get(field.getFieldIndex()).getType())
            .allMatch(type -> dialect.ordered("x", type).equals("x"));
  }

  /** A number in ORDER BY would be read as that of a column; as a constant it orders nothing. */
  private static boolean isNumber(String text) {
    return text.matches("[-+.() 0-9eE]+");
  }

  private String direction(RelFieldCollation field) {
    return WindowCalls.direction(
        field.getDirection().isDescending(),
        field.nullDirection == RelFieldCollation.NullDirection.FIRST
            || (field.nullDirection == RelFieldCollation.NullDirection.UNSPECIFIED
                && field.getDirection().isDescending()));
  }

  private SelectBlock join(Join join) {
    if (join.getJoinType() == JoinRelType.SEMI || join.getJoinType() == JoinRelType.ANTI) {
      return semiJoin(join);
    }
    if (join instanceof AsofJoin) {
      return new AsofJoins(this).write((AsofJoin) join);
    }
    SelectBlock left = item(visit(join.getLeft()));
    SelectBlock right = item(visit(join.getRight()));
    SelectBlock block = new SelectBlock();
    // A sub-query in ON refers to the rows of both sides.
    correlate(join.getVariablesSet(), block);
    block.singleItem = false;
    block.aliases.addAll(left.aliases);
    block.aliases.addAll(right.aliases);
    block.columns.addAll(left.columns);
    block.columns.addAll(right.columns);
    block.names = names(join.getRowType());
    String rightFrom = right.singleItem ? right.from : "(" + right.from + ")";
    ExpressionWriter expressions = new ExpressionWriter(this, block);
    List<RexNode> terms = RelOptUtil.conjunctions(join.getCondition());
    if (join.getJoinType() == JoinRelType.INNER && terms.isEmpty()) {
      block.from = left.from + "\nCROSS JOIN " + rightFrom;
      return block;
    }
    String keyword =
        switch (join.getJoinType()) {
          case INNER -> "JOIN";
          case LEFT -> "LEFT JOIN";
          case RIGHT -> "RIGHT JOIN";
          case FULL -> "FULL JOIN";
          default ->
              throw new DataNodeException(
                  SqlState.NOT_SUPPORTED,
                  "A join of type " + join.getJoinType() + " cannot be run");
        };
    int leftFields = join.getLeft().getRowType().getFieldCount();
    if (join.getJoinType() == JoinRelType.FULL
        && !dialect.joinsFullOnAnyCondition()
        && !terms.isEmpty()
        && terms.stream().noneMatch(term -> AsofJoins.joinsSides(term, leftFields))) {
      throw new NotPushedException(
          "FULL JOIN", "a FULL JOIN there needs an equality between its two sides");
    }
    String condition = terms.isEmpty() ? "TRUE" : expressions.conjunction(terms);
    block.from = left.from + "\n" + keyword + " " + rightFrom + " ON " + condition;
    return block;
  }

  private SelectBlock semiJoin(Join join) {
    if (dialect.joinsSemi() && !RelOptUtil.conjunctions(join.getCondition()).isEmpty()) {
      return writtenSemiJoin(join);
    }
    SelectBlock left = visit(join.getLeft());
    if (!plain(left)) {
      left = wrap(left);
    }
    SelectBlock right = item(visit(join.getRight()));
    SelectBlock both = new SelectBlock();
    both.columns.addAll(left.columns);
    both.columns.addAll(right.columns);
    right.where.add(
        new ExpressionWriter(this, both).conjunction(RelOptUtil.conjunctions(join.getCondition())));
    right.columns = new ArrayList<>(List.of("1"));
    right.names = new ArrayList<>(List.of("1"));
    String exists = "EXISTS (" + right.text(dialect) + ")";
    noteCorrelation(left, exists);
    left.where.add(join.getJoinType() == JoinRelType.SEMI ? exists : "NOT " + exists);
    left.joinable = false;
    return left;
  }

  private SelectBlock writtenSemiJoin(Join join) {
    SelectBlock left = item(visit(join.getLeft()));
    SelectBlock right = item(visit(join.getRight()));
    SelectBlock both = new SelectBlock();
    both.columns.addAll(left.columns);
    both.columns.addAll(right.columns);
    String condition =
        new ExpressionWriter(this, both).conjunction(RelOptUtil.conjunctions(join.getCondition()));
    SelectBlock block = new SelectBlock();
    block.singleItem = false;
    block.aliases.addAll(left.aliases);
    block.aliases.addAll(right.aliases);
    block.columns.addAll(left.columns);
    block.names = names(join.getRowType());
    block.from =
        left.from
            + "\n"
            + (join.getJoinType() == JoinRelType.SEMI ? "SEMI JOIN " : "ANTI JOIN ")
            + (right.singleItem ? right.from : "(" + right.from + ")")
            + " ON "
            + condition;
    return block;
  }

  private SelectBlock correlate(Correlate correlate) {
    SelectBlock left = item(visit(correlate.getLeft()));
    correlations.put(correlate.getCorrelationId(), left);
    SelectBlock right = visit(correlate.getRight());
    String text = right.text(dialect);
    SelectBlock block = new SelectBlock();
    block.singleItem = false;
    block.aliases.addAll(left.aliases);
    String alias = newAlias();
    block.aliases.add(alias);
    block.columns.addAll(left.columns);
    for (String name : right.names) {
      block.columns.add(SqlPieces.reference(alias, dialect.quote(name)));
    }
    block.names = names(correlate.getRowType());
    String lateral = "LATERAL (" + text + ") AS " + dialect.quote(alias);
    switch (correlate.getJoinType()) {
      case INNER:
        block.from = left.from + "\nCROSS JOIN " + lateral;
        return block;
      case LEFT:
        block.from = left.from + "\nLEFT JOIN " + lateral + " ON TRUE";
        return block;
      default:
        throw new DataNodeException(
            SqlState.NOT_SUPPORTED,
            "A lateral join of type " + correlate.getJoinType() + " cannot be run");
    }
  }

  private SelectBlock setOperation(SetOp set) {
    String keyword = set instanceof Union ? "UNION" : set instanceof Intersect ? "INTERSECT" : "";
    if (set instanceof Minus) {
      keyword = "EXCEPT";
    }
    if (set.all) {
      keyword += " ALL";
    }
    List<String> names = names(set.getRowType());
    List<String> texts = new ArrayList<>();
    for (RelNode input : set.getInputs()) {
      SelectBlock block = visit(input);
      if (block.compound != null || block.limited()) {
        block = wrap(block);
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

  private SelectBlock recursion(RepeatUnion union) {
    RelNode seed = union.getSeedRel();
    RelNode step = union.getIterativeRel();
    RelNode spool = seed instanceof TableSpool ? seed : step;
    if (!(spool instanceof TableSpool)) {
      throw new DataNodeException(
          SqlState.NOT_SUPPORTED, "This recursive query cannot be run; use WITH RECURSIVE");
    }
    List<String> names = names(union.getRowType());
    String alias = "r" + newAlias();
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
    return wrap(block);
  }

  /** A part of a recursion; its columns have the very types of the whole. */
  private String branch(RelNode rel, List<String> names, RelDataType row) {
    SelectBlock block = visit(rel instanceof TableSpool ? rel.getInput(0) : rel);
    if (block.compound != null || block.limited()) {
      block = wrap(block);
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

  private SelectBlock values(Values values) {
    List<RelDataTypeField> fields = values.getRowType().getFieldList();
    List<String> names = names(values.getRowType());
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
    String alias = newAlias();
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

  private SelectBlock uncollect(Uncollect uncollect) {
    SelectBlock input = wrap(visit(uncollect.getInput()));
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < input.columns.size(); i++) {
      RelDataType type =
          uncollect.getInput().getRowType().getFieldList().get(i).getType().getComponentType();
      if (type == null || type.isStruct()) {
        throw new DataNodeException(
            SqlState.NOT_SUPPORTED, "UNNEST takes arrays of plain values, not maps or rows");
      }
      columns.add("UNNEST(" + input.columns.get(i) + ")");
    }
    if (uncollect.withOrdinality) {
      columns.add("generate_subscripts(" + input.columns.get(0) + ", 1)");
    }
    input.replaceColumns(columns, names(uncollect.getRowType()));
    return wrap(input);
  }

  /** What an expression gives as a block that can stand in FROM as it is. */
  SelectBlock item(RelNode rel) {
    return item(visit(rel));
  }

  /** What an expression gives as a block to which a condition and an order can be added. */
  SelectBlock rows(RelNode rel) {
    SelectBlock block = visit(rel);
    return block.onlyRows() && !block.windowed && !block.volatileColumns ? block : wrap(block);
  }

  /** How sizes are guessed. */
  RowEstimate rowEstimate() {
    return new RowEstimate(
        table ->
            recursions.containsKey(String.join(".", table.getQualifiedName()))
                ? -1
                : tables.apply(table).rowEstimate());
  }

  /** A block that can stand in FROM as it is. */
  private SelectBlock item(SelectBlock block) {
    return block.joinable && block.compound == null && block.from != null ? block : wrap(block);
  }

  /** True if the columns are names of FROM items and nothing but WHERE was added. */
  private static boolean plain(SelectBlock block) {
    return block.onlyRows()
        && !block.windowed
        && block.columns.stream().allMatch(SqlPieces::isReference);
  }

  private SelectBlock wrap(SelectBlock inner) {
    SelectBlock block = new SelectBlock();
    String alias = newAlias();
    block.from = "(" + inner.text(dialect) + ") AS " + dialect.quote(alias);
    block.aliases.add(alias);
    for (String name : inner.names) {
      block.columns.add(SqlPieces.reference(alias, dialect.quote(name)));
    }
    block.names = new ArrayList<>(inner.names);
    return block;
  }

  private void correlate(Set<CorrelationId> ids, SelectBlock block) {
    for (CorrelationId id : ids) {
      correlations.put(id, block);
    }
  }

  /** Keeps the qualifiers of columns that a sub-query inside the text may refer to. */
  private static void noteCorrelation(SelectBlock block, String text) {
    if (text.contains("SELECT ")) {
      for (String alias : block.aliases) {
        if (SqlPieces.refersTo(text, alias)) {
          block.correlated.add(alias);
        }
      }
    }
  }

  /** An alias that nothing in the statement has yet. */
  String newAlias() {
    return "t" + aliases++;
  }

  /** Field names, made unique for storages that ignore case. */
  static List<String> names(RelDataType row) {
    Set<String> used = new LinkedHashSet<>();
    List<String> names = new ArrayList<>();
    for (String field : row.getFieldNames()) {
      String name = field.isEmpty() ? "_" : field;
      int suffix = 0;
      while (!used.add(name.toLowerCase(Locale.ROOT))) {
        name = field + "_" + suffix++;
      }
      names.add(name);
    }
    if (names.isEmpty()) {
      return new ArrayList<>(Collections.emptyList());
    }
    return names;
  }
}
