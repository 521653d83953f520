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
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Match;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.RepeatUnion;
import org.apache.calcite.rel.core.Sample;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Uncollect;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

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
    return RenderedStatement.of(block.text(dialect), size(rel, block));
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

  /** What an expression gives, with as many clauses as SQL allows in one SELECT. */
  SelectBlock visit(RelNode rel) {
    if (rel instanceof TableScan) {
      return scan((TableScan) rel);
    } else if (rel instanceof Filter) {
      return filter((Filter) rel);
    } else if (rel instanceof Project) {
      return project((Project) rel);
    } else if (rel instanceof Aggregate) {
      return new Groups(this).write((Aggregate) rel);
    } else if (rel instanceof Sort) {
      return sort((Sort) rel);
    } else if (rel instanceof Join) {
      return new Joins(this).write((Join) rel);
    } else if (rel instanceof Correlate) {
      return new Joins(this).write((Correlate) rel);
    } else if (rel instanceof RepeatUnion) {
      return new SetOperations(this, recursions).write((RepeatUnion) rel);
    } else if (rel instanceof SetOp) {
      return new SetOperations(this, recursions).write((SetOp) rel);
    } else if (rel instanceof Values) {
      return new ValueRows(this).write((Values) rel);
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
    SelectBlock block = fromTable(table(scan), names(scan.getRowType()));
    if (recursion(scan) == null) {
      stored.addAll(block.aliases);
    }
    return block;
  }

  /** What the storage has of a scanned table. */
  StoredTable table(TableScan scan) {
    StoredTable recursive = recursion(scan);
    return recursive != null ? recursive : tables.apply(scan.getTable());
  }

  private @Nullable StoredTable recursion(TableScan scan) {
    return recursions.get(String.join(".", scan.getTable().getQualifiedName()));
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
    RowPick pick = RowPick.of(filter);
    SelectBlock picked = pick == null ? null : new RowPicks(this).write(pick);
    if (picked != null) {
      return pick.rest().isEmpty() ? picked : where(wrap(picked), pick.rest());
    }
    SelectBlock block = visit(filter.getInput());
    boolean correlated = !filter.getVariablesSet().isEmpty();
    if (block.compound != null
        || block.limited()
        || block.windowed
        || block.distinct
        || block.volatileColumns
        || (correlated && !block.plain())) {
      block = wrap(block);
    }
    correlate(filter.getVariablesSet(), block);
    AssetNumbers numbers = new AssetNumbers(this, filter);
    ExpressionWriter expressions = new ExpressionWriter(this, block);
    List<RexNode> terms = new ArrayList<>();
    for (RexNode term : RelOptUtil.conjunctions(filter.getCondition())) {
      String symbols = numbers.condition(term, expressions);
      if (symbols == null) {
        terms.add(term);
      } else {
        noteCorrelation(block, symbols);
        block.where.add(symbols);
      }
    }
    return where(block, terms);
  }

  private SelectBlock where(SelectBlock block, List<RexNode> terms) {
    ExpressionWriter expressions = new ExpressionWriter(this, block);
    for (RexNode term : terms) {
      String text = expressions.condition(term);
      noteCorrelation(block, text);
      (block.aggregated ? block.having : block.where).add(text);
    }
    block.joinable = false;
    return block;
  }

  private SelectBlock project(Project project) {
    SelectBlock block = visit(project.getInput());
    boolean windows = project.containsOver();
    boolean correlated = !project.getVariablesSet().isEmpty();
    if (block.compound != null
        || (windows && (block.limited() || block.distinct || block.windowed || holdsQuery(block)))
        || block.distinct
        || (correlated && !block.plain())
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

  /** True if a column is a sub-query, which cannot stand in a window. */
  private static boolean holdsQuery(SelectBlock block) {
    return block.columns.stream().anyMatch(column -> column.contains("SELECT "));
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
      boolean cheap = SqlPieces.isReference(column) || SqlPieces.isConstant(column);
      if (uses[i] > 1 && !cheap && (column.length() > 40 || block.volatileColumns)) {
        return true;
      }
    }
    return false;
  }

  private SelectBlock sort(Sort sort) {
    SelectBlock block = visit(sort.getInput());
    List<RelDataTypeField> fields = sort.getRowType().getFieldList();
    boolean limits = sort.fetch != null || sort.offset != null;
    if (block.limited()
        || (block.compound != null
            && (!sortsByName(sort, fields) || (limits && !dialect.limitsSetsInFrom())))) {
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
      columns.add(dialect.unnest(input.columns.get(i)));
    }
    if (uncollect.withOrdinality) {
      columns.add(dialect.subscripts(input.columns.get(0)));
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

  /** A SELECT of which the block is the sub-query in FROM. */
  SelectBlock wrap(SelectBlock inner) {
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

  /** Says whose columns correlated sub-queries refer to. */
  void correlate(Set<CorrelationId> ids, SelectBlock block) {
    for (CorrelationId id : ids) {
      correlations.put(id, block);
    }
  }

  /** Keeps the qualifiers of columns that a sub-query inside the text may refer to. */
  static void noteCorrelation(SelectBlock block, String text) {
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
