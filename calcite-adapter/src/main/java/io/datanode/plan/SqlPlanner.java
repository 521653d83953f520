package io.datanode.plan;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.jdbc.session.StatementShape;
import io.datanode.node.NodeName;
import io.datanode.plan.Plan.ParameterSource;
import io.datanode.plan.asof.AsofMatches;
import io.datanode.plan.filter.SymbolConditions;
import io.datanode.plan.leakage.LeakageCheck;
import io.datanode.plan.placement.Placement;
import io.datanode.plan.stitch.EmptyParts;
import io.datanode.plan.stitch.StitchedScans;
import io.datanode.plan.stitch.VirtualColumns;
import io.datanode.plan.time.LatestRows;
import io.datanode.plan.time.NodeVersions;
import io.datanode.plan.time.TimeRanges;
import io.datanode.schema.ColumnTypes;
import io.datanode.schema.FunctionCatalog;
import io.datanode.schema.NodeSchemas;
import io.datanode.schema.NodeTypeFactory;
import io.datanode.schema.Nodes;
import io.datanode.schema.VirtualColumn;
import io.datanode.storage.sql.StorageDialect;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.avatica.util.Quoting;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.config.CalciteConnectionProperty;
import org.apache.calcite.config.NullCollation;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.plan.Contexts;
import org.apache.calcite.plan.ConventionTraitDef;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.hint.HintStrategyTable;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.sql.SqlExplain;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.parser.babel.SqlBabelParserImpl;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorTable;
import org.apache.calcite.sql2rel.SqlToRelConverter;
import org.apache.calcite.util.Litmus;
import org.jspecify.annotations.Nullable;

/**
 * Plans SQL with Calcite's front end: parse, validate, convert; then the session's rules,
 * placement, and one statement per storage. A query that is built enters after the conversion.
 * Plans are remembered by normalised text or built query, session settings and the version of the
 * nodes; a plan holds neither parameter values nor the clock.
 */
public final class SqlPlanner implements QueryPlanner {
  private static final SqlParser.Config PARSER =
      SqlParser.config()
          .withParserFactory(SqlBabelParserImpl.FACTORY)
          .withQuoting(Quoting.DOUBLE_QUOTE)
          .withUnquotedCasing(Casing.UNCHANGED)
          .withQuotedCasing(Casing.UNCHANGED)
          .withCaseSensitive(false)
          .withIdentifierMaxLength(256)
          .withConformance(NodeConformance.INSTANCE);
  private static final SqlValidator.Config VALIDATOR =
      SqlValidator.Config.DEFAULT
          .withConformance(NodeConformance.INSTANCE)
          .withDefaultNullCollation(NullCollation.HIGH)
          .withIdentifierExpansion(true)
          .withTypeCoercionEnabled(true)
          .withTypeCoercionFactory(ComparisonCasts::new);
  private static final SqlToRelConverter.Config CONVERTER =
      SqlToRelConverter.config()
          .withExpand(false)
          .withInSubQueryThreshold(Integer.MAX_VALUE)
          .withTrimUnusedFields(false)
          // Tools put the query of a user into FROM to limit its rows; they are to stay in order.
          .withRemoveSortInSubQuery(false)
          // Hints are read before; of each Calcite would log that it does not know it.
          .withHintStrategyTable(HintStrategyTable.builder().errorHandler(Litmus.IGNORE).build())
          .withRelBuilderConfigTransform(
              config -> config.withSimplify(false).withSimplifyValues(false).withBloat(-1));
  private static final int PLANS = 2000;

  private final Nodes nodes;
  private final StorageDialect embedded;
  private final NodeSchemas schemas;
  private final NodeSchemas withVirtualColumns;
  private final Cache<Key, Plan> plans = Caffeine.newBuilder().maximumSize(PLANS).build();
  private final LongAdder found = new LongAdder();
  private final LongAdder made = new LongAdder();

  /**
   * A planner over these nodes.
   *
   * @param embedded how SQL is written for the engine's embedded DuckDB
   */
  public SqlPlanner(Nodes nodes, MetadataTables metadata, StorageDialect embedded) {
    this.nodes = nodes;
    this.embedded = embedded;
    Map<String, Schema> others = Map.of(MetadataTables.SCHEMA, MetadataTable.schema(metadata));
    this.schemas = new NodeSchemas(nodes, others);
    this.withVirtualColumns = NodeSchemas.withVirtualColumns(nodes, others);
  }

  /**
   * What a plan is remembered by.
   *
   * @param query SQL text, or a {@link RelationalQuery}
   */
  private record Key(Object query, PlanSettings settings, long version) {}

  @Override
  public Plan plan(String sql, PlanSettings settings) {
    Plan repeated = plans.getIfPresent(new Key(sql, settings, nodes.version()));
    if (repeated != null) {
      found.increment();
      return repeated;
    }
    SqlText text = new SqlText(sql);
    if (text.tokens().isEmpty()) {
      throw new DataNodeException(SqlState.SYNTAX_ERROR, "The statement is empty");
    }
    Key key = new Key(text.normalised(), settings, nodes.version());
    Plan known = plans.getIfPresent(key);
    if (known != null) {
      found.increment();
      plans.put(new Key(sql, settings, nodes.version()), known);
      return known;
    }
    made.increment();
    Plan plan =
        WaitStatement.isNamedIn(text)
            ? waiting(text, settings)
            : Commands.plan(
                text,
                query -> query(query, settings),
                query -> search(query, settings),
                query -> leakage(query, settings));
    // Resolving nodes for the first time may have moved the version; the plan belongs to the new
    // one.
    plans.put(new Key(key.query(), settings, nodes.version()), plan);
    plans.put(new Key(sql, settings, nodes.version()), plan);
    return plan;
  }

  private Plan waiting(SqlText text, PlanSettings settings) {
    WaitStatement wait = WaitStatement.of(parse(text), settings.schema(), nodes);
    Plan.Query condition = query(new SqlText(wait.condition()), settings);
    return new Plan.WaitFor(
        new StatementShape(
            List.of(
                ResultColumn.of("start_time", ColumnType.INSTANT),
                ResultColumn.of("end_time", ColumnType.INSTANT),
                ResultColumn.of("iterations", ColumnType.BIGINT),
                ResultColumn.of("ready", ColumnType.BOOLEAN)),
            condition.shape().parameters()),
        condition,
        wait.timeout());
  }

  @Override
  public Plan.Query plan(RelationalQuery query, PlanSettings settings) {
    Plan known = plans.getIfPresent(new Key(query, settings, nodes.version()));
    if (known != null) {
      found.increment();
      return (Plan.Query) known;
    }
    made.increment();
    Plan.Query plan = built(query, settings);
    plans.put(new Key(query, settings, nodes.version()), plan);
    return plan;
  }

  @Override
  public PlanCounts counts() {
    return new PlanCounts(found.sum(), made.sum());
  }

  private Plan.Query built(RelationalQuery query, PlanSettings settings) {
    CalciteSchema root = schemas.root();
    NodeTypeFactory types = new NodeTypeFactory();
    try {
      RelNode rel =
          query.build(
              new QueryBuilder(
                  cluster(types), catalog(root, settings, types), root, query.parameters()));
      StatementShape shape =
          new StatementShape(
              ColumnOrigins.columns(rel),
              query.parameters().stream().map(type -> ResultColumn.of("?", type)).toList());
      Relational finished = finished(rel, shape, settings, settings.decimals(), true);
      return placed(finished, settings);
    } catch (DataNodeException e) {
      throw e;
    } catch (StackOverflowError e) {
      throw tooDeep("planned", e);
    } catch (RuntimeException | AssertionError e) {
      throw new DataNodeException(
          SqlState.INTERNAL_ERROR,
          "The query " + query + " could not be planned: " + e.getMessage(),
          e);
    }
  }

  /**
   * Loads the classes that planning needs by planning a statement without nodes. The first
   * statement of a JVM otherwise waits for them; an engine has this done while it opens its
   * storages.
   */
  public static void loadClasses() {
    CalciteSchema root = CalciteSchema.createRootSchema(false, false);
    root.add(NodeName.DEFAULT_NAMESPACE, new AbstractSchema());
    relational(
        new SqlText(
            "SELECT t.a, COUNT(*) AS n FROM (VALUES (1, 'x', DATE '2024-01-02')) AS t(a, b, c)"
                + " WHERE t.b = 'x' AND t.c >= '2024-01-01' GROUP BY t.a ORDER BY t.a LIMIT 1"),
        new PlanSettings(NodeName.DEFAULT_NAMESPACE, ZoneOffset.UTC, false, true, Set.of()),
        root,
        true,
        null);
  }

  /** Virtual columns are there for statements that name one, so that others need not omit them. */
  private CalciteSchema root(SqlText text) {
    boolean named = text.tokens().stream().anyMatch(token -> VirtualColumn.isNamedBy(token.text()));
    return named ? withVirtualColumns.root() : schemas.root();
  }

  private Plan.Query query(SqlText text, PlanSettings settings) {
    CalciteSchema root = root(text);
    Relational query = relational(text, settings, root, true, nodes);
    try {
      return placed(query, settings);
    } catch (StackOverflowError e) {
      throw tooDeep("planned", e);
    } catch (RuntimeException e) {
      throw SqlErrors.invalid(
          e, text, new Suggestions(root, settings.schema(), text, new NodeTypeFactory()));
    }
  }

  /** A query whose conditions stay as they were written, with nothing added for storages. */
  private Plan.ExplainSearch search(SqlText text, PlanSettings settings) {
    PlanSettings unpushed =
        new PlanSettings(
            settings.schema(),
            settings.timeZone(),
            false,
            false,
            Set.of(),
            settings.past(),
            false,
            settings.decimals());
    Relational query = relational(text, unpushed, root(text), false, nodes);
    return new Plan.ExplainSearch(Plan.explaining(query.shape()), query.rel(), query.sources());
  }

  private Plan.Query placed(Relational query, PlanSettings settings) {
    Placement placement = new Placement(embedded, settings);
    Plan.Query plan = placement.place(query.rel(), query.shape(), query.sources());
    List<Plan.ReadTime> times = new ArrayList<>();
    for (RelNode time : query.times()) {
      ParameterSource known = NodeVersions.value(time, query.sources());
      times.add(
          new Plan.ReadTime(
              known,
              known == null
                  ? placement.value(time, List.of(ColumnType.INSTANT), query.sources())
                  : null));
    }
    return plan.at(new Plan.Past(times, query.ignoresDelay()));
  }

  private Plan.ExplainLeakage leakage(SqlText text, PlanSettings settings) {
    PlanSettings allowed =
        new PlanSettings(settings.schema(), settings.timeZone(), false, false, settings.strict())
            .inPast(settings.past());
    Relational query = relational(text, allowed, root(text), false, nodes);
    return Plan.ExplainLeakage.of(
        query.shape(), LeakageCheck.leaks(query.asked(), settings.past()));
  }

  /**
   * A query as a relational expression.
   *
   * @param sources what its parameters stand for
   * @param times of FOR SYSTEM_TIME AS OF, each as a row of one value
   * @param ignoresDelay true if the session's delay does not apply
   * @param asked the query before it is decided which rows of its nodes are read
   */
  private record Relational(
      RelNode rel,
      StatementShape shape,
      List<ParameterSource> sources,
      List<RelNode> times,
      boolean ignoresDelay,
      RelNode asked) {
    Relational ignoringDelay(boolean ignores) {
      return new Relational(rel, shape, sources, times, ignores, asked);
    }
  }

  /**
   * A query as a relational expression.
   *
   * @param stored true over the rows that are stored, false over the nodes as users see them
   */
  private static Relational relational(
      SqlText text,
      PlanSettings settings,
      CalciteSchema root,
      boolean stored,
      @Nullable Nodes nodes) {
    NodeTypeFactory types = new NodeTypeFactory();
    SqlNode parsed = parse(text);
    if (!parsed.isA(SqlKind.QUERY)) {
      throw new DataNodeException(
          SqlState.NOT_SUPPORTED,
          parsed instanceof SqlExplain
              ? "EXPLAIN takes PLAN FOR or PLAN AS JSON FOR, then a query"
              : "Nodes are read-only: only queries, EXPLAIN, SET and RESET can be run, not "
                  + parsed.getKind().sql);
    }
    SqlNode prepared = Rewrites.apply(parsed, PARSER);
    CalciteCatalogReader catalog = catalog(root, settings, types);
    NodeValidator validator =
        new NodeValidator(FunctionCatalog.operatorTable(), catalog, types, VALIDATOR);
    try {
      SqlNode validated = validator.validate(prepared);
      RelOptCluster cluster = cluster(types);
      SqlToRelConverter converter =
          new NodeConverter(validator, catalog, cluster, CONVERTER, settings.timeZone());
      RelRoot relRoot = converter.convertQuery(validated, false, true);
      List<ResultColumn> parameters = parameters(validator.getParameterRowType(validated));
      List<ResultColumn> columns = columns(relRoot.validatedRowType, validator, validated);
      Map<Integer, DecimalPlace> unequal = new HashMap<>(settings.decimals());
      unequal.keySet().removeAll(Rewrites.castParameters(parsed));
      RelNode rel = relRoot.project();
      if (nodes != null) {
        Function<String, RelNode> queries = query -> converted(query, catalog, cluster, settings);
        rel = new NodeStatus(nodes, queries).apply(rel);
        rel = new ListedAssets(nodes, queries).apply(rel);
      }
      return finished(rel, new StatementShape(columns, parameters), settings, unequal, stored)
          .ignoringDelay(Rewrites.ignoresDelay(parsed));
    } catch (StackOverflowError e) {
      throw tooDeep("planned", e);
    } catch (RuntimeException e) {
      throw SqlErrors.invalid(e, text, new Suggestions(root, settings.schema(), text, types));
    } catch (AssertionError e) {
      throw new DataNodeException(
          SqlState.INTERNAL_ERROR, "This statement could not be planned: " + e.getMessage(), e);
    }
  }

  /** A query of ours as a relational expression among those of a statement. */
  private static RelNode converted(
      String sql, CalciteCatalogReader catalog, RelOptCluster cluster, PlanSettings settings) {
    NodeValidator validator =
        new NodeValidator(
            FunctionCatalog.operatorTable(), catalog, catalog.getTypeFactory(), VALIDATOR);
    SqlNode validated = validator.validate(Rewrites.apply(parse(new SqlText(sql)), PARSER));
    return new NodeConverter(validator, catalog, cluster, CONVERTER, settings.timeZone())
        .convertQuery(validated, false, true)
        .project();
  }

  /**
   * What every query goes through once it is a relational expression.
   *
   * @param unequal parameters whose values are not to be rounded to their types
   * @param stored true over the rows that are stored
   */
  private static Relational finished(
      RelNode rel,
      StatementShape shape,
      PlanSettings settings,
      Map<Integer, DecimalPlace> unequal,
      boolean stored) {
    RelOptCluster cluster = rel.getCluster();
    RelNode matched = new AsofMatches(cluster.getRexBuilder()).apply(rel);
    if (settings.strictPointInTime()) {
      LeakageCheck.refuse(matched, settings.past());
    }
    List<ParameterSource> sources = new ArrayList<>();
    for (int i = 0; i < shape.parameters().size(); i++) {
      sources.add(new ParameterSource.User(i, shape.parameters().get(i).type()));
    }
    RelNode latest = LatestRows.apply(matched);
    RelNode named = new VirtualColumns(cluster.getRexBuilder()).apply(latest);
    RelNode parts =
        stored ? new StitchedScans(cluster.getRexBuilder(), sources).apply(named) : named;
    NodeVersions versions = new NodeVersions(cluster, sources, settings.past());
    RelNode read = stored ? versions.apply(parts) : parts;
    RelNode compared = new DecimalComparisons(cluster.getRexBuilder()).apply(read);
    RelNode exact =
        unequal.isEmpty()
            ? compared
            : new UnequalDecimals(cluster.getRexBuilder(), unequal, sources).apply(compared);
    SessionRules rules = new SessionRules(cluster.getRexBuilder(), settings.timeZone(), sources);
    RelNode finished = rules.apply(exact);
    List<RelNode> times = versions.times().stream().map(rules::apply).toList();
    if (settings.pushdown()) {
      finished = new SymbolConditions(cluster.getRexBuilder()).apply(finished);
      finished = new TimeRanges(cluster.getRexBuilder(), sources).apply(finished);
    }
    if (settings.pushdown() && parts != named) {
      finished = new EmptyParts(sources).apply(finished);
    }
    if (settings.limited()) {
      finished = limit(finished, cluster, sources);
    }
    return new Relational(finished, shape, sources, times, false, matched);
  }

  private static RelOptCluster cluster(NodeTypeFactory types) {
    HepPlanner planner = new HepPlanner(HepProgram.builder().build(), Contexts.empty());
    planner.addRelTraitDef(ConventionTraitDef.INSTANCE);
    return RelOptCluster.create(planner, new RexBuilder(types));
  }

  private static CalciteCatalogReader catalog(
      CalciteSchema root, PlanSettings settings, NodeTypeFactory types) {
    Properties properties = new Properties();
    properties.setProperty(CalciteConnectionProperty.CASE_SENSITIVE.camelName(), "false");
    return new CalciteCatalogReader(
        root, List.of(settings.schema()), types, new CalciteConnectionConfigImpl(properties));
  }

  private static DataNodeException tooDeep(String what, StackOverflowError cause) {
    return new DataNodeException(
        SqlState.INVALID_SQL, "The statement is nested too deeply to be " + what, cause);
  }

  private static SqlNode parse(SqlText text) {
    try {
      return SqlParser.create(text.parsed(), PARSER).parseStmt();
    } catch (SqlParseException e) {
      throw SqlErrors.syntax(e, text);
    } catch (StackOverflowError e) {
      throw tooDeep("parsed", e);
    }
  }

  /** A limit on top, for {@code Statement.setMaxRows}. */
  private static RelNode limit(RelNode rel, RelOptCluster cluster, List<ParameterSource> sources) {
    sources.add(new ParameterSource.MaxRows(ColumnType.BIGINT));
    RexNode fetch =
        cluster
            .getRexBuilder()
            .makeDynamicParam(
                cluster.getTypeFactory().createSqlType(SqlTypeName.BIGINT), sources.size() - 1);
    if (rel instanceof LogicalSort
        && ((LogicalSort) rel).fetch == null
        && ((LogicalSort) rel).offset == null) {
      LogicalSort sort = (LogicalSort) rel;
      return LogicalSort.create(sort.getInput(), sort.getCollation(), null, fetch);
    }
    return LogicalSort.create(rel, org.apache.calcite.rel.RelCollations.EMPTY, null, fetch);
  }

  private static List<ResultColumn> parameters(RelDataType row) {
    List<ResultColumn> parameters = new ArrayList<>();
    for (RelDataTypeField field : row.getFieldList()) {
      if (field.getType().isStruct()) {
        // What Calcite makes of ? IN (SELECT …).
        throw new DataNodeException(
            SqlState.DATATYPE_MISMATCH,
            "The type of parameter "
                + (field.getIndex() + 1)
                + " cannot be told; write CAST(? AS type)");
      }
      parameters.add(ResultColumn.of(field.getName(), ColumnTypes.fromRel(field.getType())));
    }
    return parameters;
  }

  private static List<ResultColumn> columns(
      RelDataType row, SqlValidator validator, SqlNode query) {
    List<List<String>> origins = validator.getFieldOrigins(query);
    List<ResultColumn> columns = new ArrayList<>();
    for (int i = 0; i < row.getFieldCount(); i++) {
      RelDataTypeField field = row.getFieldList().get(i);
      List<String> origin = origins == null || i >= origins.size() ? null : origins.get(i);
      ColumnType type = ColumnTypes.fromRel(field.getType());
      boolean fromNode = origin != null && origin.size() >= 3;
      if (fromNode) {
        SqlValidatorTable table =
            validator.getCatalogReader().getTable(origin.subList(0, origin.size() - 1));
        type =
            ColumnOrigins.declaredType(
                table == null ? null : table.unwrap(Table.class),
                origin.get(origin.size() - 1),
                type);
      }
      columns.add(
          new ResultColumn(
              field.getName(),
              type,
              field.getType().isNullable(),
              fromNode ? origin.get(origin.size() - 3) : "",
              fromNode ? origin.get(origin.size() - 2) : "",
              fromNode ? origin.get(origin.size() - 1) : field.getName()));
    }
    return columns;
  }
}
