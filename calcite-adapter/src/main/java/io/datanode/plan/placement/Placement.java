package io.datanode.plan.placement;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.jdbc.session.StatementShape;
import io.datanode.plan.MetadataTable;
import io.datanode.plan.MetadataTables;
import io.datanode.plan.Plan;
import io.datanode.plan.Plan.KeySet;
import io.datanode.plan.Plan.NotPushed;
import io.datanode.plan.Plan.ParameterSource;
import io.datanode.plan.Plan.Predicate;
import io.datanode.plan.Plan.Reduction;
import io.datanode.plan.Plan.Shipment;
import io.datanode.plan.Plan.StorageStatement;
import io.datanode.plan.PlanSettings;
import io.datanode.plan.filter.FilterPush;
import io.datanode.plan.filter.KeysPredicate;
import io.datanode.plan.filter.RelTree;
import io.datanode.schema.ColumnTypes;
import io.datanode.storage.Storage;
import io.datanode.storage.sql.KeyCondition;
import io.datanode.storage.sql.NotPushedException;
import io.datanode.storage.sql.RenderedStatement;
import io.datanode.storage.sql.RowEstimate;
import io.datanode.storage.sql.StatementWriter;
import io.datanode.storage.sql.StorageDialect;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides which storage runs what, and writes the statements.
 *
 * <p>A query whose nodes share a storage that can say all of it is one statement there. Of any
 * other, the largest parts that one storage can run are shipped into the embedded engine, with the
 * columns that are needed and, where another part gives the keys, only the rows that can match; the
 * rest is one statement of the embedded engine.
 */
public final class Placement {
  private final StorageDialect embedded;
  private final PlanSettings settings;
  private final boolean pushdown;
  private final StoredTables stored = new StoredTables();
  private final RowEstimate estimate = new RowEstimate(stored::rows);
  private final Map<String, MetadataTable> metadata = new LinkedHashMap<>();
  private final List<ColumnType> keyTypes = new ArrayList<>();

  /**
   * Placement of one query.
   *
   * @param embedded how SQL is written for the embedded engine
   * @param settings of the session
   */
  public Placement(StorageDialect embedded, PlanSettings settings) {
    this.embedded = embedded;
    this.settings = settings;
    this.pushdown = settings.pushdown();
  }

  /**
   * The plan of a query.
   *
   * @param rel the query, rewritten for the session
   * @param shape of its result
   * @param sources what its parameters stand for
   * @throws io.datanode.DataNodeException 0A000 if no engine can do a part of it, 54000 if it would
   *     read a node whole and the session forbids that
   */
  public Plan.Query place(RelNode rel, StatementShape shape, List<ParameterSource> sources) {
    Scans scans = Scans.of(rel);
    metadata.putAll(scans.metadata());
    Storage only = scans.only();
    boolean oneStatement = pushdown && (scans.foreign().isEmpty() || only != null);
    List<NotPushed> notPushed = new ArrayList<>();
    if (oneStatement) {
      try {
        Storage runs = only != null ? only : embeddedStorage(scans);
        RowCut cut = RowCut.of(rel, runs == null ? embedded : runs.dialect());
        StorageStatement root = statement(runs, cut.rel(), columns(shape), sources);
        return new Plan.Query(
            shape,
            root,
            cut.rows(),
            metadataShipments(),
            List.of(),
            predicates(rel, sources),
            List.of());
      } catch (NotPushedException e) {
        if (scans.foreign().isEmpty()) {
          throw e;
        }
        notPushed.add(new NotPushed(e.expression(), e.getMessage()));
      }
    } else if (pushdown) {
      notPushed.add(new NotPushed("the query as a whole", manyStorages(scans)));
    } else {
      notPushed.add(new NotPushed("the query as a whole", "pushdown is off"));
    }
    return split(rel, shape, sources, notPushed);
  }

  /**
   * A statement of the embedded engine for an expression that reads no node.
   *
   * @param columns types its rows are to have
   */
  public StorageStatement value(
      RelNode rel, List<ColumnType> columns, List<ParameterSource> sources) {
    return statement(null, rel, columns, sources);
  }

  private static @Nullable Storage embeddedStorage(Scans scans) {
    return scans.nodes().isEmpty() ? null : scans.nodes().values().iterator().next().storage();
  }

  private static String manyStorages(Scans scans) {
    List<String> names =
        scans.nodes().values().stream()
            .map(node -> "'" + node.storage().name() + "'")
            .distinct()
            .collect(Collectors.toList());
    if (!scans.metadata().isEmpty()) {
      names.add("'" + MetadataTables.SCHEMA + "'");
    }
    return "its rows are in " + String.join(" and ", names) + "; they meet in the embedded engine";
  }

  private Plan.Query split(
      RelNode rel, StatementShape shape, List<ParameterSource> sources, List<NotPushed> notPushed) {
    RexBuilder rex = rel.getCluster().getRexBuilder();
    Splitter splitter = new Splitter(rex, estimate, stored, !pushdown);
    RelNode root = splitter.split(pushdown ? rearranged(rel, rex) : rel);
    Reductions reductions = new Reductions(rex, estimate, splitter);
    if (pushdown) {
      root = reductions.reduce(root);
    }
    for (NotPushed each : splitter.notPushed()) {
      if (!notPushed.contains(each)) {
        notPushed.add(each);
      }
    }
    List<RelNode> roots = new ArrayList<>();
    roots.add(root);
    for (Reductions.Keys keys : reductions.keys()) {
      roots.add(only(keys));
      keyTypes.add(keys.type());
    }
    List<Predicate> predicates = predicates(root, sources);
    Map<ShippedTable, ImmutableBitSet> used = UsedColumns.of(roots);
    List<Shipment> shipments = metadataShipments();
    used.forEach((piece, columns) -> shipments.add(shipment(piece, columns, sources)));
    List<KeySet> keySets = new ArrayList<>();
    for (Reductions.Keys keys : reductions.keys()) {
      keySets.add(keySet(keySets.size(), keys, used, sources));
    }
    RowCut cut = RowCut.of(withScans(root, used), embedded);
    StorageStatement statement = statement(null, cut.rel(), columns(shape), sources);
    return new Plan.Query(shape, statement, cut.rows(), shipments, keySets, predicates, notPushed);
  }

  private List<Predicate> predicates(RelNode rel, List<ParameterSource> sources) {
    NodeConditions conditions = NodeConditions.of(rel, sources, settings.timeZone());
    new StrictPushdown(conditions).check(settings.strict());
    return conditions.predicates();
  }

  /** The same query, with more of the work in its pieces. */
  private static RelNode rearranged(RelNode rel, RexBuilder rex) {
    RelNode pushed = new FilterPush(rex).push(rel);
    return new PartialAggregates(rex).apply(new EmbeddedJoins(rex).apply(pushed));
  }

  private Shipment shipment(
      ShippedTable piece, ImmutableBitSet columns, List<ParameterSource> sources) {
    RelNode rel = piece.only(columns);
    List<ColumnType> types = types(rel.getRowType());
    return new Shipment(
        piece.name(),
        piece.columnNames(columns),
        types,
        EmptyPieces.of(statement(piece.storage(), rel, types, sources), rel, sources),
        null,
        estimate.of(rel),
        ReadNodes.of(piece.rel()));
  }

  /** The key column alone, where it is not NULL. */
  private static RelNode only(Reductions.Keys keys) {
    RexBuilder rex = keys.rel().getCluster().getRexBuilder();
    RexNode key = rex.makeInputRef(keys.rel(), keys.column());
    RelNode known =
        LogicalFilter.create(keys.rel(), rex.makeCall(SqlStdOperatorTable.IS_NOT_NULL, key));
    return LogicalProject.create(
        known,
        List.of(),
        List.of(rex.makeInputRef(known, keys.column())),
        List.of("key"),
        Set.of());
  }

  private KeySet keySet(
      int id,
      Reductions.Keys keys,
      Map<ShippedTable, ImmutableBitSet> used,
      List<ParameterSource> sources) {
    RelNode values = withScans(only(keys), used);
    RexBuilder rex = values.getCluster().getRexBuilder();
    RelNode distinct =
        LogicalSort.create(
            LogicalAggregate.create(values, List.of(), ImmutableBitSet.of(0), null, List.of()),
            RelCollations.EMPTY,
            null,
            rex.makeExactLiteral(BigDecimal.valueOf(Reductions.KEYS + 1L)));
    RelNode bounds =
        LogicalAggregate.create(
            values,
            List.of(),
            ImmutableBitSet.of(),
            null,
            List.of(
                bound(SqlStdOperatorTable.MIN, values), bound(SqlStdOperatorTable.MAX, values)));
    List<ColumnType> one = List.of(keys.type());
    return new KeySet(
        id,
        keys.list() ? statement(null, distinct, one, sources) : null,
        statement(null, bounds, List.of(keys.type(), keys.type()), sources),
        keys.type(),
        Reductions.KEYS,
        Scans.of(keys.rel()).shipped().stream().map(ShippedTable::name).sorted().toList());
  }

  private static AggregateCall bound(SqlAggFunction function, RelNode values) {
    return AggregateCall.create(
        function,
        false,
        false,
        false,
        List.of(),
        List.of(0),
        -1,
        null,
        RelCollations.EMPTY,
        0,
        values,
        null,
        function.getName());
  }

  private static RelNode withScans(RelNode rel, Map<ShippedTable, ImmutableBitSet> used) {
    ShippedTable piece = UsedColumns.piece(rel);
    if (piece != null) {
      return piece.scan(used.getOrDefault(piece, ImmutableBitSet.of()));
    }
    return RelTree.map(rel, part -> withScans(part, used));
  }

  /**
   * Writes a statement.
   *
   * @param storage null for the embedded engine
   */
  private StorageStatement statement(
      @Nullable Storage storage,
      RelNode rel,
      List<ColumnType> columns,
      List<ParameterSource> sources) {
    RenderedStatement rendered =
        new StatementWriter(storage == null ? embedded : storage.dialect(), stored::of).write(rel);
    List<ParameterSource> ordered = new ArrayList<>();
    List<Reduction> reductions = new ArrayList<>();
    for (int parameter : rendered.parameters()) {
      if (parameter >= 0) {
        ordered.add(sources.get(parameter));
        continue;
      }
      KeyCondition condition = rendered.keyConditions().get(-1 - parameter);
      ordered.add(new ParameterSource.Keys(reductions.size(), keyTypes.get(condition.keySet())));
      reductions.add(
          new Reduction(
              condition.keySet(),
              Reduction.Use.values()[condition.use()],
              condition.mark(),
              condition.withKeys(),
              condition.withBounds(),
              KeysPredicate.empties(rel, condition.keySet())));
    }
    return new StorageStatement(
        storage == null ? StorageStatement.EMBEDDED : storage.name(),
        rendered.sql(),
        ordered,
        columns,
        reductions,
        rendered.size(),
        List.of());
  }

  private static List<ColumnType> columns(StatementShape shape) {
    return shape.columns().stream().map(ResultColumn::type).collect(Collectors.toList());
  }

  private static List<ColumnType> types(RelDataType row) {
    return row.getFieldList().stream()
        .map(field -> ColumnTypes.fromRel(field.getType()))
        .collect(Collectors.toList());
  }

  private List<Shipment> metadataShipments() {
    List<Shipment> shipments = new ArrayList<>();
    for (MetadataTable table : metadata.values()) {
      shipments.add(
          new Shipment(
              table.shippedAs(),
              table.columns().stream().map(ResultColumn::label).collect(Collectors.toList()),
              table.columns().stream().map(ResultColumn::type).collect(Collectors.toList()),
              null,
              table.name()));
    }
    return shipments;
  }
}
