package io.datanode.engine;

import static java.util.Comparator.comparing;

import io.datanode.DataNodeException;
import io.datanode.jdbc.JdbcType;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.MetadataCall;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.node.DataNode;
import io.datanode.node.NodeName;
import io.datanode.plan.MetadataTables;
import io.datanode.schema.NodeColumn;
import io.datanode.schema.Nodes;
import io.datanode.schema.ResolvedNode;
import io.datanode.schema.SystemFunctions;
import java.sql.DatabaseMetaData;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers the calls of {@link DatabaseMetaData} that describe schemas, tables and columns, with the
 * columns and in the order JDBC 4.3 lays down; passes keys and types on.
 *
 * <p>Listing tables asks no storage. Columns are looked up only of nodes whose names fit. Nodes are
 * TABLEs, since tools hide the keys of views; there is no catalog, so its column is NULL.
 */
final class MetadataResults {
  static final String NODE_TYPE = "TABLE";
  static final String SYSTEM_TYPE = "SYSTEM TABLE";

  private final Nodes nodes;
  private final String user;
  private final boolean zoned;
  private final boolean past;

  /**
   * Over the nodes there are now.
   *
   * @param user who asks; empty if nobody logged in
   * @param zoned true if instants are reported as TIMESTAMP_WITH_TIMEZONE
   * @param past true for a session in the past, which is not told how many rows there are now
   */
  MetadataResults(Nodes nodes, String user, boolean zoned, boolean past) {
    this.nodes = nodes;
    this.user = user;
    this.zoned = zoned;
    this.past = past;
  }

  /** An answer. */
  record Rows(List<ResultColumn> columns, List<ColumnBatch> batches) {}

  /** The rows of a call. */
  Rows rows(MetadataCall call) {
    Answer answer = new Answer();
    List<Object> arguments = call.arguments();
    switch (call.method()) {
      case CATALOGS:
        answer.text("TABLE_CAT");
        break;
      case SCHEMAS:
        schemas(answer, argument(arguments, 0), argument(arguments, 1));
        break;
      case TABLES:
        tables(answer, arguments);
        break;
      case TABLE_TYPES:
        answer.text("TABLE_TYPE").row(SYSTEM_TYPE).row(NODE_TYPE);
        break;
      case COLUMNS:
        columns(answer, arguments);
        break;
      case PRIMARY_KEYS:
      case IMPORTED_KEYS:
      case EXPORTED_KEYS:
      case CROSS_REFERENCE:
      case INDEX_INFO:
      case BEST_ROW_IDENTIFIER:
        new KeyResults(nodes, zoned, past).answer(answer, call.method(), arguments);
        break;
      case TABLE_PRIVILEGES:
      case COLUMN_PRIVILEGES:
        new PrivilegeResults(nodes, user).answer(answer, call.method(), arguments);
        break;
      default:
        new TypeResults(zoned).answer(answer, call.method(), arguments);
    }
    return answer.rows();
  }

  static @Nullable Object argument(List<Object> arguments, int index) {
    return index < arguments.size() ? arguments.get(index) : null;
  }

  /** Clients of a server may send anything. */
  private static @Nullable List<?> list(@Nullable Object argument) {
    if (argument == null || argument instanceof List) {
      return (List<?>) argument;
    }
    throw new DataNodeException(
        SqlState.INVALID_PARAMETER, "Table types are '" + argument + "'; expected a list of them");
  }

  /**
   * True if an argument for the catalog fits: there is none, so null, "" and "%" do, and what
   * {@code CURRENT_DATABASE()} tells those who ask SQL for it.
   */
  static boolean fitsNoCatalog(@Nullable Object catalog) {
    return catalog == null
        || catalog.equals("")
        || catalog.equals("%")
        || SystemFunctions.DATABASE.equalsIgnoreCase(catalog.toString());
  }

  private void schemas(Answer answer, @Nullable Object catalog, @Nullable Object pattern) {
    answer.text("TABLE_SCHEM").text("TABLE_CATALOG");
    NamePattern schemaPattern = NamePattern.of(pattern);
    if (fitsNoCatalog(catalog)) {
      schemaNames().stream()
          .filter(schemaPattern::fits)
          .forEach(schema -> answer.row(schema, null));
    }
  }

  private List<String> schemaNames() {
    List<String> names = new ArrayList<>(nodes.snapshot().namespaces());
    if (!names.contains(MetadataTables.SCHEMA)) {
      names.add(MetadataTables.SCHEMA);
    }
    names.sort(Comparator.naturalOrder());
    return names;
  }

  private void tables(Answer answer, List<Object> arguments) {
    answer
        .text("TABLE_CAT")
        .text("TABLE_SCHEM")
        .text("TABLE_NAME")
        .text("TABLE_TYPE")
        .text("REMARKS")
        .text("TYPE_CAT")
        .text("TYPE_SCHEM")
        .text("TYPE_NAME")
        .text("SELF_REFERENCING_COL_NAME")
        .text("REF_GENERATION");
    if (!fitsNoCatalog(argument(arguments, 0))) {
      return;
    }
    NamePattern schema = NamePattern.of(argument(arguments, 1));
    NamePattern table = NamePattern.of(argument(arguments, 2));
    List<?> types = list(argument(arguments, 3));
    if ((types == null || types.contains(SYSTEM_TYPE)) && schema.fits(MetadataTables.SCHEMA)) {
      for (MetadataDescription.Table each : MetadataDescription.tables()) {
        if (table.fits(each.name())) {
          answer.row(
              null,
              MetadataTables.SCHEMA,
              each.name(),
              SYSTEM_TYPE,
              each.description(),
              null,
              null,
              null,
              null,
              null);
        }
      }
    }
    if (types == null || types.contains(NODE_TYPE)) {
      for (DataNode node : nodes.snapshot().nodes().values()) {
        NodeName name = node.name();
        if (schema.fits(name.namespace()) && table.fits(name.identifier())) {
          answer.row(
              null,
              name.namespace(),
              name.identifier(),
              NODE_TYPE,
              node.description(),
              null,
              null,
              null,
              null,
              null);
        }
      }
    }
  }

  private void columns(Answer answer, List<Object> arguments) {
    answer
        .text("TABLE_CAT")
        .text("TABLE_SCHEM")
        .text("TABLE_NAME")
        .text("COLUMN_NAME")
        .integer("DATA_TYPE")
        .text("TYPE_NAME")
        .integer("COLUMN_SIZE")
        .integer("BUFFER_LENGTH")
        .integer("DECIMAL_DIGITS")
        .integer("NUM_PREC_RADIX")
        .integer("NULLABLE")
        .text("REMARKS")
        .text("COLUMN_DEF")
        .integer("SQL_DATA_TYPE")
        .integer("SQL_DATETIME_SUB")
        .integer("CHAR_OCTET_LENGTH")
        .integer("ORDINAL_POSITION")
        .text("IS_NULLABLE")
        .text("SCOPE_CATALOG")
        .text("SCOPE_SCHEMA")
        .text("SCOPE_TABLE")
        .shortInteger("SOURCE_DATA_TYPE")
        .text("IS_AUTOINCREMENT")
        .text("IS_GENERATEDCOLUMN");
    if (!fitsNoCatalog(argument(arguments, 0))) {
      return;
    }
    NamePattern schema = NamePattern.of(argument(arguments, 1));
    NamePattern table = NamePattern.of(argument(arguments, 2));
    NamePattern column = NamePattern.of(argument(arguments, 3));
    List<NodeName> names = new ArrayList<>(fitting(nodes, schema, table));
    boolean metadataDone = !schema.fits(MetadataTables.SCHEMA);
    names.sort(comparing(NodeName::namespace).thenComparing(NodeName::identifier));
    Map<NodeName, ResolvedNode> resolved = MetadataSchema.resolvedOrLogged(nodes, names);
    for (NodeName name : names) {
      if (!metadataDone && name.namespace().compareTo(MetadataTables.SCHEMA) > 0) {
        metadataColumns(answer, table, column);
        metadataDone = true;
      }
      ResolvedNode node = resolved.get(name);
      if (node != null) {
        nodeColumns(answer, node, column);
      }
    }
    if (!metadataDone) {
      metadataColumns(answer, table, column);
    }
  }

  /** Names of the nodes that fit; a name without wildcards is looked up rather than searched. */
  static List<NodeName> fitting(Nodes nodes, NamePattern schema, NamePattern table) {
    Optional<String> exactSchema = schema.exact();
    Optional<String> exactTable = table.exact();
    if (exactSchema.isPresent() && exactTable.isPresent()) {
      NodeName name = new NodeName(exactSchema.get(), exactTable.get());
      if (nodes.snapshot().find(name).isPresent()) {
        return List.of(name);
      }
    }
    return nodes.snapshot().nodes().keySet().stream()
        .filter(name -> schema.fits(name.namespace()) && table.fits(name.identifier()))
        .toList();
  }

  private void nodeColumns(Answer answer, ResolvedNode node, NamePattern pattern) {
    int position = 0;
    for (NodeColumn column : node.columns()) {
      position++;
      if (pattern.fits(column.name())) {
        columnRow(
            answer,
            node.node().name().namespace(),
            node.node().name().identifier(),
            column.name(),
            column.type(),
            column.nullable(),
            remarks(column),
            position);
      }
    }
  }

  private void metadataColumns(Answer answer, NamePattern tablePattern, NamePattern pattern) {
    for (MetadataDescription.Table table : MetadataDescription.tables()) {
      if (!tablePattern.fits(table.name())) {
        continue;
      }
      int position = 0;
      for (MetadataDescription.TableColumn column : table.columns()) {
        position++;
        if (pattern.fits(column.name())) {
          columnRow(
              answer,
              MetadataTables.SCHEMA,
              table.name(),
              column.name(),
              column.type(),
              column.nullable(),
              column.description(),
              position);
        }
      }
    }
  }

  private void columnRow(
      Answer answer,
      String schema,
      String table,
      String name,
      ColumnType type,
      boolean nullable,
      @Nullable String remarks,
      int position) {
    int code = JdbcType.number(type, zoned);
    answer.row(
        null,
        schema,
        table,
        name,
        code,
        JdbcType.name(type),
        JdbcType.precision(type),
        null,
        TypeFacts.decimalDigits(type),
        TypeFacts.radix(type),
        nullable ? DatabaseMetaData.columnNullable : DatabaseMetaData.columnNoNulls,
        remarks,
        null,
        code,
        TypeFacts.datetimeSubcode(type),
        TypeFacts.octets(type),
        position,
        nullable ? "YES" : "NO",
        null,
        null,
        null,
        null,
        "NO",
        "NO");
  }

  /** Label, description and unit in one line, such as {@code Close: Official close. [USD]}. */
  static @Nullable String remarks(NodeColumn column) {
    StringBuilder text = new StringBuilder();
    if (column.label() != null) {
      text.append(column.label());
    }
    if (column.description() != null) {
      text.append(text.length() == 0 ? "" : ": ").append(column.description());
    }
    if (column.unit() != null) {
      text.append(text.length() == 0 ? "" : " ").append('[').append(column.unit()).append(']');
    }
    return text.length() == 0 ? null : text.toString();
  }

  /** An answer in the making: first its columns, then its rows. */
  static final class Answer {
    private final List<ResultColumn> columns = new ArrayList<>();
    private final List<@Nullable Object[]> rows = new ArrayList<>();

    Answer text(String name) {
      return column(name, ColumnType.VARCHAR);
    }

    Answer integer(String name) {
      return column(name, ColumnType.INTEGER);
    }

    Answer shortInteger(String name) {
      return column(name, ColumnType.SMALLINT);
    }

    Answer longInteger(String name) {
      return column(name, ColumnType.BIGINT);
    }

    Answer bool(String name) {
      return column(name, ColumnType.BOOLEAN);
    }

    private Answer column(String name, ColumnType type) {
      columns.add(ResultColumn.of(name, type));
      return this;
    }

    Answer row(@Nullable Object... values) {
      rows.add(values);
      return this;
    }

    /** Puts the rows so far into the order of these columns, counted from 0; NULL first. */
    void sort(int... keys) {
      rows.sort(
          (a, b) -> {
            for (int key : keys) {
              int order = compare(a[key], b[key]);
              if (order != 0) {
                return order;
              }
            }
            return 0;
          });
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static int compare(@Nullable Object a, @Nullable Object b) {
      if (a == null || b == null) {
        return a == b ? 0 : a == null ? -1 : 1;
      }
      return ((Comparable) a).compareTo(b);
    }

    Rows rows() {
      RowsBuilder builder = RowsBuilder.of(columns);
      rows.forEach(builder::add);
      return new Rows(columns, builder.batches());
    }
  }
}
