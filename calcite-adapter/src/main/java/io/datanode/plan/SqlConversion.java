package io.datanode.plan;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.jdbc.session.StatementShape;
import io.datanode.plan.bars.ArgumentParameters;
import io.datanode.schema.ColumnTypes;
import io.datanode.schema.FunctionCatalog;
import io.datanode.schema.NodeTypeFactory;
import io.datanode.schema.Nodes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
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
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.schema.Table;
import org.apache.calcite.sql.SqlExplain;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.parser.babel.SqlBabelParserImpl;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorTable;
import org.apache.calcite.sql2rel.SqlToRelConverter;
import org.apache.calcite.util.Litmus;
import org.jspecify.annotations.Nullable;

/** SQL text as a relational expression: parsed, validated and converted by Calcite. */
final class SqlConversion {
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

  private SqlConversion() {}

  static SqlNode parse(SqlText text) {
    SyntaxHints.check(text);
    try {
      return SqlParser.create(text.parsed(), PARSER).parseStmt();
    } catch (SqlParseException e) {
      throw SqlErrors.syntax(e, text);
    } catch (StackOverflowError e) {
      throw tooDeep("parsed", e);
    }
  }

  /**
   * A query as it is in a session.
   *
   * @param arguments parameters that are arguments of table functions
   * @param stored true over the rows that are stored, false over the nodes as users see them
   * @param nodes of which SQL asks in its table functions, or null if there are none
   * @throws DataNodeException 42601 with line and column if it is not SQL; 42xxx or 22xxx if it has
   *     no meaning; 0A000 if it is no query
   */
  static SessionQuery query(
      SqlText text,
      PlanSettings settings,
      ArgumentParameters arguments,
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
                  + parsed.getKind().sql
                  + "; rows are written by the command datanode publish");
    }
    SqlPlaces places = new SqlPlaces();
    CalciteCatalogReader catalog = catalog(root, settings, types);
    NodeValidator validator =
        new NodeValidator(FunctionCatalog.operatorTable(), catalog, types, VALIDATOR);
    try {
      SqlNode validated =
          validator.validate(Rewrites.apply(parsed, PARSER, arguments, settings.timeZone()));
      RelOptCluster cluster = cluster(types);
      SqlToRelConverter converter =
          new NodeConverter(validator, catalog, cluster, CONVERTER, settings.timeZone(), places);
      RelRoot relRoot = converter.convertQuery(validated, false, true);
      List<ResultColumn> parameters =
          parameters(validator.getParameterRowType(validated), arguments.asked());
      List<ResultColumn> columns = columns(relRoot.validatedRowType, validator, validated);
      Map<Integer, DecimalPlace> unequal = new HashMap<>(settings.decimals());
      unequal.keySet().removeAll(TypedParameters.inCasts(parsed));
      RelNode asked = SessionQuery.asked(relRoot.project(), settings, places);
      RelNode rel = asked;
      if (nodes != null) {
        Function<String, RelNode> queries = query -> converted(query, catalog, cluster, settings);
        rel = new InformationSchema(queries).apply(rel);
        rel = new NodeStatus(nodes, settings.unreadable(), queries).apply(rel);
        rel = new ListedAssets(nodes, queries).apply(rel);
      }
      return SessionQuery.of(
              rel, new StatementShape(columns, parameters), settings, unequal, stored, places)
          .asked(asked, Rewrites.ignoresDelay(parsed));
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
    SqlNode validated =
        validator.validate(
            Rewrites.apply(
                parse(new SqlText(sql)),
                PARSER,
                new ArgumentParameters(Map.of()),
                settings.timeZone()));
    return new NodeConverter(
            validator, catalog, cluster, CONVERTER, settings.timeZone(), new SqlPlaces())
        .convertQuery(validated, false, true)
        .project();
  }

  static RelOptCluster cluster(NodeTypeFactory types) {
    HepPlanner planner = new HepPlanner(HepProgram.builder().build(), Contexts.empty());
    planner.addRelTraitDef(ConventionTraitDef.INSTANCE);
    return RelOptCluster.create(planner, new RexBuilder(types));
  }

  static CalciteCatalogReader catalog(
      CalciteSchema root, PlanSettings settings, NodeTypeFactory types) {
    Properties properties = new Properties();
    properties.setProperty(CalciteConnectionProperty.CASE_SENSITIVE.camelName(), "false");
    return new CalciteCatalogReader(
        root, List.of(settings.schema()), types, new CalciteConnectionConfigImpl(properties));
  }

  static DataNodeException tooDeep(String what, StackOverflowError cause) {
    return new DataNodeException(
        SqlState.INVALID_SQL, "The statement is nested too deeply to be " + what, cause);
  }

  /**
   * All parameters.
   *
   * @param row those that the validator sees
   * @param arguments the others, by their index
   */
  private static List<ResultColumn> parameters(RelDataType row, Set<Integer> arguments) {
    List<ResultColumn> parameters = new ArrayList<>();
    for (RelDataTypeField field : row.getFieldList()) {
      addArguments(parameters, arguments);
      if (field.getType().isStruct()) {
        // What Calcite makes of ? IN (SELECT …).
        throw new DataNodeException(
            SqlState.DATATYPE_MISMATCH,
            "The type of parameter "
                + (parameters.size() + 1)
                + " cannot be told; write CAST(? AS type)");
      }
      parameters.add(ResultColumn.of(field.getName(), ColumnTypes.fromRel(field.getType())));
    }
    addArguments(parameters, arguments);
    return parameters;
  }

  /** Those that come next. They may be given as text, whatever they mean. */
  private static void addArguments(List<ResultColumn> parameters, Set<Integer> arguments) {
    while (arguments.contains(parameters.size())) {
      parameters.add(ResultColumn.of("?" + parameters.size(), ColumnType.VARCHAR));
    }
  }

  private static List<ResultColumn> columns(
      RelDataType row, NodeValidator validator, SqlNode query) {
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
              validator.label(query, i, field.getName()),
              type,
              field.getType().isNullable(),
              fromNode ? origin.get(origin.size() - 3) : "",
              fromNode ? origin.get(origin.size() - 2) : "",
              fromNode ? origin.get(origin.size() - 1) : field.getName()));
    }
    return columns;
  }
}
