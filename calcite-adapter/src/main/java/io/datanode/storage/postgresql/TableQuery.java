package io.datanode.storage.postgresql;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnType.Kind;
import io.datanode.node.EpochUnit;
import io.datanode.node.TableSource;
import io.datanode.node.TableSource.Conversion;
import io.datanode.storage.StorageColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The query that is read in place of a table some of whose columns are shown as other types than
 * they are stored in: because the catalog declares so, or because SQL here has no such type.
 */
final class TableQuery {
  private static final Set<Kind> WHOLE =
      Set.of(Kind.TINYINT, Kind.SMALLINT, Kind.INTEGER, Kind.BIGINT);
  private static final Set<Kind> FRACTIONAL = Set.of(Kind.REAL, Kind.DOUBLE, Kind.DECIMAL);

  private final ConnectionSettings settings;
  private final ServerFacts facts;
  private final TableSource.Table source;
  private final List<StorageColumn> columns = new ArrayList<>();
  private final @Nullable String sql;

  TableQuery(
      ConnectionSettings settings,
      ServerFacts facts,
      TableSource.Table source,
      List<String> path,
      List<StoredColumn> stored) {
    this.settings = settings;
    this.facts = facts;
    this.source = source;
    boolean plain = true;
    List<String> shown = new ArrayList<>();
    for (StoredColumn column : stored) {
      String name = Names.quoted(column.column().name());
      String expression = expression(name, column);
      plain &= expression.equals(name);
      shown.add(expression.equals(name) ? name : expression + " AS " + name);
    }
    if (columns.isEmpty()) {
      throw new DataNodeException(
          SqlState.CONFIGURATION_ERROR,
          PostgreSqlErrors.where(settings) + ": table " + source + " has no column");
    }
    this.sql = plain ? null : "SELECT " + String.join(", ", shown) + " FROM " + Names.quoted(path);
  }

  /** The query, or null if the table can be read as it is. */
  @Nullable String sql() {
    return sql;
  }

  /** The columns as the query shows them. */
  List<StorageColumn> columns() {
    return columns;
  }

  private String expression(String name, StoredColumn stored) {
    StorageColumn column = stored.column();
    Conversion conversion = source.conversions().get(column.name());
    if (conversion == null) {
      columns.add(column);
      return shown(name, stored);
    }
    columns.add(
        new StorageColumn(
            column.name(),
            conversion.type(),
            NativeType.name(conversion.type()),
            column.nullable(),
            column.comment()));
    return conversion.epoch() == null
        ? cast(name, stored, conversion.type())
        : instant(name, column, conversion.type(), conversion.epoch());
  }

  private String shown(String name, StoredColumn stored) {
    String type = stored.type().shownAs();
    String text = type == null ? name : "CAST(" + name + " AS " + type + ")";
    // In a database that compares by code point nobody writes COLLATE later, and a collation that
    // takes different texts for equal must not be met at all.
    boolean foreign = stored.collated() && (facts.binaryCollation() || !stored.deterministic());
    return foreign ? "(" + text + " COLLATE \"C\")" : text;
  }

  private static String cast(String name, StoredColumn stored, ColumnType type) {
    Kind from = stored.column().type().kind();
    Kind to = type.kind();
    String target = NativeType.name(type);
    if (WHOLE.contains(to) && FRACTIONAL.contains(from)) {
      return "CAST(TRUNC(" + name + ") AS " + target + ")";
    }
    if (from == Kind.BOOLEAN && (WHOLE.contains(to) || FRACTIONAL.contains(to))) {
      return "CAST(CAST(" + name + " AS integer) AS " + target + ")";
    }
    if (to == Kind.BOOLEAN && (WHOLE.contains(from) || FRACTIONAL.contains(from))) {
      return "(" + name + " <> 0)";
    }
    if (to == Kind.INSTANT && from == Kind.DATE) {
      return "(CAST(" + name + " AS timestamp) AT TIME ZONE 'UTC')";
    }
    if ((to == Kind.INSTANT && from == Kind.TIMESTAMP)
        || (to == Kind.TIMESTAMP && from == Kind.INSTANT)) {
      return "(" + name + " AT TIME ZONE 'UTC')";
    }
    if (to == Kind.DATE && from == Kind.INSTANT) {
      return "CAST((" + name + " AT TIME ZONE 'UTC') AS date)";
    }
    return "CAST(" + name + " AS " + target + ")";
  }

  /** An instant from the time since 1970, exact to the microsecond; finer parts are cut. */
  private String instant(String name, StorageColumn column, ColumnType type, EpochUnit unit) {
    Kind from = column.type().kind();
    if (!WHOLE.contains(from) && !FRACTIONAL.contains(from)) {
      throw new DataNodeException(
          SqlState.CONFIGURATION_ERROR,
          PostgreSqlErrors.where(settings)
              + ": column '"
              + column.name()
              + "' is declared as "
              + unit.token()
              + " since 1970 but is stored as "
              + column.nativeType()
              + "; expected a number");
    }
    String instant;
    switch (unit) {
      case SECONDS:
        instant = sum(name, from, 1, 1_000_000);
        break;
      case MILLISECONDS:
        instant = sum(name, from, 1_000, 1_000);
        break;
      case MICROSECONDS:
        instant = sum(name, from, 1_000_000, 1);
        break;
      default:
        instant = sum("FLOOR(" + numeric(name, from) + " / 1000)", Kind.DECIMAL, 1_000_000, 1);
    }
    return type.kind() == Kind.INSTANT
        ? instant
        : "CAST(" + instant + " AS " + NativeType.name(type) + ")";
  }

  /**
   * The epoch plus a number of units. An interval is multiplied as a floating point number, so
   * whole seconds and the rest are added apart.
   */
  private static String sum(String number, Kind from, long unitsPerSecond, long microsPerUnit) {
    String value = WHOLE.contains(from) ? "CAST(" + number + " AS bigint)" : numeric(number, from);
    String seconds =
        WHOLE.contains(from)
            ? "(" + value + " / " + unitsPerSecond + ")"
            : "TRUNC(" + value + " / " + unitsPerSecond + ")";
    String rest = "(" + value + " - " + seconds + " * " + unitsPerSecond + ")";
    String micros =
        WHOLE.contains(from)
            ? rest + " * " + microsPerUnit
            : "ROUND(" + rest + " * " + microsPerUnit + ")";
    return "(TIMESTAMPTZ '1970-01-01 00:00:00+00' + CAST("
        + seconds
        + " AS double precision) * INTERVAL '1 second' + CAST("
        + micros
        + " AS double precision) * INTERVAL '1 microsecond')";
  }

  private static String numeric(String number, Kind from) {
    return from == Kind.DECIMAL ? number : "CAST(" + number + " AS numeric)";
  }
}
