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
import io.datanode.plan.bars.ArgumentParameters;
import io.datanode.plan.leakage.LeakageCheck;
import io.datanode.plan.placement.Placement;
import io.datanode.plan.time.NodeVersions;
import io.datanode.plan.time.NodeVersions.NamedTime;
import io.datanode.schema.NodeSchemas;
import io.datanode.schema.NodeTypeFactory;
import io.datanode.schema.Nodes;
import io.datanode.schema.VirtualColumn;
import io.datanode.storage.sql.StorageDialect;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.jspecify.annotations.Nullable;

/**
 * Plans SQL with Calcite's front end: parse, validate, convert; then the session's rules,
 * placement, and one statement per storage. A query that is built enters after the conversion.
 * Plans are remembered by normalised text or built query, session settings and the version of the
 * nodes; a plan holds neither parameter values nor the clock.
 */
public final class SqlPlanner implements QueryPlanner {
  private static final int PLANS = 2000;

  private final UsedNodes nodes;
  private final StorageDialect embedded;
  private final NodeSchemas schemas;
  private final NodeSchemas withVirtualColumns;
  private final Cache<Key, UsedNodes.Made<? extends Plan>> plans =
      Caffeine.newBuilder().maximumSize(PLANS).build();
  private final LongAdder found = new LongAdder();
  private final LongAdder made = new LongAdder();

  /**
   * A planner over these nodes.
   *
   * @param embedded how SQL is written for the engine's embedded DuckDB
   */
  public SqlPlanner(Nodes nodes, MetadataTables metadata, StorageDialect embedded) {
    this.nodes = new UsedNodes(nodes);
    this.embedded = embedded;
    Map<String, Schema> others =
        Map.of(
            MetadataTables.SCHEMA,
            MetadataTable.schema(metadata),
            InformationSchema.NAME,
            InformationSchema.schema());
    this.schemas = new NodeSchemas(this.nodes, others);
    this.withVirtualColumns = NodeSchemas.withVirtualColumns(this.nodes, others);
  }

  /**
   * What a plan is remembered by.
   *
   * @param query SQL text, or a {@link RelationalQuery}
   */
  private record Key(Object query, PlanSettings settings, long version) {}

  @Override
  public Plan plan(String sql, PlanSettings settings) {
    UsedNodes.Made<? extends Plan> repeated = known(sql, settings);
    if (repeated != null) {
      found.increment();
      return repeated.result();
    }
    SqlText text = new SqlText(sql);
    if (text.tokens().isEmpty()) {
      throw new DataNodeException(SqlState.SYNTAX_ERROR, "The statement is empty");
    }
    String normalised = text.normalised();
    UsedNodes.Made<? extends Plan> alike = known(normalised, settings);
    if (alike != null && !alike.result().tellsPlaces()) {
      found.increment();
      remember(sql, settings, alike);
      return alike.result();
    }
    UsedNodes.Made<Plan> made = made(() -> made(text, settings));
    if (!made.result().tellsPlaces()) {
      remember(normalised, settings, made);
    }
    remember(sql, settings, made);
    return made.result();
  }

  private Plan made(SqlText text, PlanSettings settings) {
    if (WaitStatement.isNamedIn(text)) {
      return waiting(text, settings);
    }
    ArgumentParameters arguments = new ArgumentParameters(settings.arguments());
    Plan plan =
        Commands.plan(
            text,
            query -> query(query, settings, arguments),
            query -> search(query, settings, arguments),
            query -> leakage(query, settings, arguments));
    return arguments.lacksValues() ? new Plan.ForArguments(plan.shape(), arguments.asked()) : plan;
  }

  /** The plan made of the same before, if its nodes are still as they were. */
  private UsedNodes.@Nullable Made<? extends Plan> known(Object query, PlanSettings settings) {
    long version = nodes.version();
    UsedNodes.Made<? extends Plan> known = plans.getIfPresent(new Key(query, settings, version));
    if (known == null) {
      return null;
    }
    try {
      // What is known of a node is only ever renewed for those who ask for it.
      known.nodes().forEach(nodes::resolve);
    } catch (DataNodeException e) {
      // Making the plan anew tells whether this matters to it.
      return null;
    }
    return nodes.version() == version ? known : null;
  }

  private <T extends Plan> UsedNodes.Made<T> made(Supplier<T> making) {
    made.increment();
    return nodes.noting(making);
  }

  /**
   * Resolving nodes for the first time may have moved the version; the plan belongs to the new one.
   */
  private void remember(Object query, PlanSettings settings, UsedNodes.Made<? extends Plan> made) {
    plans.put(new Key(query, settings, nodes.version()), made);
  }

  private Plan waiting(SqlText text, PlanSettings settings) {
    WaitStatement wait;
    try {
      wait = WaitStatement.of(SqlConversion.parse(text), settings.schema(), nodes);
    } catch (ParsedSqlException e) {
      throw e.in(text);
    }
    Plan.Query condition;
    try {
      condition = query(new SqlText(wait.condition()), settings, new ArgumentParameters(Map.of()));
    } catch (MisplacedSqlException e) {
      // The place is one in the text of the condition, which the user did not write.
      throw wait.wrongTime().in(text);
    }
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
    UsedNodes.Made<? extends Plan> known = known(query, settings);
    if (known != null) {
      found.increment();
      return (Plan.Query) known.result();
    }
    UsedNodes.Made<Plan.Query> made = made(() -> built(query, settings));
    remember(query, settings, made);
    return made.result();
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
                  SqlConversion.cluster(types),
                  SqlConversion.catalog(root, settings, types),
                  root,
                  query.parameters()));
      StatementShape shape =
          new StatementShape(
              ColumnOrigins.columns(rel),
              query.parameters().stream().map(type -> ResultColumn.of("?", type)).toList());
      SqlPlaces places = new SqlPlaces();
      RelNode asked = SessionQuery.asked(rel, settings, places);
      SessionQuery finished =
          SessionQuery.of(asked, shape, settings, settings.decimals(), true, places);
      return placed(finished, settings, null);
    } catch (DataNodeException e) {
      throw e;
    } catch (StackOverflowError e) {
      throw SqlConversion.tooDeep("planned", e);
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
    SqlConversion.query(
        new SqlText(
            "SELECT t.a, COUNT(*) AS n FROM (VALUES (1, 'x', DATE '2024-01-02')) AS t(a, b, c)"
                + " WHERE t.b = 'x' AND t.c >= '2024-01-01' GROUP BY t.a ORDER BY t.a LIMIT 1"),
        new PlanSettings(NodeName.DEFAULT_NAMESPACE, ZoneOffset.UTC, false, true, Set.of()),
        new ArgumentParameters(Map.of()),
        root,
        true,
        null);
  }

  /** Virtual columns are there for statements that name one, so that others need not omit them. */
  private CalciteSchema root(SqlText text) {
    boolean named = text.tokens().stream().anyMatch(token -> VirtualColumn.isNamedBy(token.text()));
    return named ? withVirtualColumns.root() : schemas.root();
  }

  private Plan.Query query(SqlText text, PlanSettings settings, ArgumentParameters arguments) {
    CalciteSchema root = root(text);
    SessionQuery query = SqlConversion.query(text, settings, arguments, root, true, nodes);
    try {
      return placed(query, settings, text);
    } catch (StackOverflowError e) {
      throw SqlConversion.tooDeep("planned", e);
    } catch (RuntimeException e) {
      throw SqlErrors.invalid(
          e, text, new Suggestions(root, settings.schema(), text, new NodeTypeFactory()));
    }
  }

  /** A query whose conditions stay as they were written, with nothing added for storages. */
  private Plan.ExplainSearch search(
      SqlText text, PlanSettings settings, ArgumentParameters arguments) {
    PlanSettings unpushed =
        new PlanSettings(
            settings.schema(),
            settings.timeZone(),
            false,
            false,
            Set.of(),
            settings.past(),
            false,
            settings.decimals(),
            settings.arguments(),
            settings.unreadable());
    SessionQuery query = SqlConversion.query(text, unpushed, arguments, root(text), false, nodes);
    return new Plan.ExplainSearch(Plan.explaining(query.shape()), query.rel(), query.sources());
  }

  private Plan.Query placed(SessionQuery query, PlanSettings settings, @Nullable SqlText text) {
    Placement placement = new Placement(embedded, settings);
    Plan.Query plan = placement.place(query.rel(), query.shape(), query.sources());
    List<Plan.ReadTime> times = new ArrayList<>();
    for (NamedTime time : query.times()) {
      ParameterSource known = NodeVersions.value(time.row(), query.sources());
      times.add(
          new Plan.ReadTime(
              known,
              known == null
                  ? placement.value(time.row(), List.of(ColumnType.INSTANT), query.sources())
                  : null,
              SqlErrors.place(time.at(), text)));
    }
    return plan.at(new Plan.Past(times, query.ignoresDelay()));
  }

  private Plan.ExplainLeakage leakage(
      SqlText text, PlanSettings settings, ArgumentParameters arguments) {
    PlanSettings allowed =
        new PlanSettings(settings.schema(), settings.timeZone(), false, false, settings.strict())
            .inPast(settings.past());
    SessionQuery query = SqlConversion.query(text, allowed, arguments, root(text), false, nodes);
    return Plan.ExplainLeakage.of(
        query.shape(), LeakageCheck.leaks(query.asked(), settings.past(), query.places()), text);
  }
}
