package io.datanode.publish;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnType.Kind;
import io.datanode.storage.NewRows.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes the columns of new rows those of a node: the same names, in any order, and the same types.
 * A number becomes one of another type, and a time one of other precision, if that keeps every
 * value; a column without values becomes anything.
 */
final class ColumnFit {
  private final StagedRows rows;
  private final List<Field> columns;
  private final Set<String> utc;
  private final Map<String, ColumnType> given;

  /**
   * A fit.
   *
   * @param columns those of the node
   * @param utc names of columns in which a time without a zone is taken for UTC
   */
  ColumnFit(StagedRows rows, List<Field> columns, Set<String> utc) {
    this.rows = rows;
    this.columns = columns;
    this.utc = utc;
    this.given = rows.fields().stream().collect(Collectors.toMap(Field::name, Field::type));
  }

  /**
   * A SELECT of the embedded engine that gives the rows with the columns of the node.
   *
   * @throws DataNodeException 42703 if the names are others; 42804 if a type is another; 22003 if
   *     values would change
   */
  String query() {
    checkNames();
    checkTypes();
    String all =
        columns.stream()
            .map(
                column -> {
                  String name = rows.quoted(column.name());
                  return converts(column) ? cast(name, column.type()) + " AS " + name : name;
                })
            .collect(Collectors.joining(", "));
    return "SELECT " + all + " FROM " + rows.sqlName();
  }

  private void checkNames() {
    List<String> wanted = columns.stream().map(Field::name).toList();
    List<String> lacking = wanted.stream().filter(name -> !given.containsKey(name)).toList();
    List<String> surplus =
        rows.fields().stream().map(Field::name).filter(name -> !wanted.contains(name)).toList();
    if (!lacking.isEmpty() || !surplus.isEmpty()) {
      throw new DataNodeException(
          SqlState.UNDEFINED_COLUMN,
          "The rows do not have the columns of the node, "
              + String.join(", ", wanted)
              + (lacking.isEmpty() ? "" : "; they lack " + String.join(", ", lacking))
              + (surplus.isEmpty()
                  ? ""
                  : "; they have " + String.join(", ", surplus) + " besides"));
    }
  }

  private ColumnType given(Field column) {
    return Optional.ofNullable(given.get(column.name())).orElseThrow();
  }

  private boolean converts(Field column) {
    return !given(column).equals(column.type());
  }

  private void checkTypes() {
    List<Field> other = columns.stream().filter(this::converts).toList();
    if (other.isEmpty()) {
      return;
    }
    String counts =
        other.stream()
            .map(column -> "CAST(" + misfits(column) + " AS VARCHAR)")
            .collect(Collectors.joining(", "));
    List<@Nullable String> misfits =
        rows.ask("SELECT " + counts + " FROM " + rows.sqlName(), other.size()).get(0);
    List<String> wrong = new ArrayList<>();
    boolean lossy = true;
    for (int i = 0; i < other.size(); i++) {
      if (!"0".equals(misfits.get(i))) {
        wrong.add(wrong(other.get(i), misfits.get(i)));
        lossy &= convertible(other.get(i));
      }
    }
    if (!wrong.isEmpty()) {
      throw new DataNodeException(
          lossy ? SqlState.NUMERIC_OUT_OF_RANGE : SqlState.DATATYPE_MISMATCH,
          String.join("; ", wrong));
    }
  }

  private String wrong(Field column, @Nullable String misfits) {
    return convertible(column)
        ? misfits
            + " values of column '"
            + column.name()
            + "', which is "
            + given(column)
            + ", are not kept by the "
            + column.type()
            + " it has to be"
        : "Column '" + column.name() + "' is " + given(column) + "; expected " + column.type();
  }

  /** How many values do not fit, in SQL. */
  private String misfits(Field column) {
    String name = rows.quoted(column.name());
    if (!convertible(column)) {
      return "count(" + name + ")";
    }
    Function<ColumnType, String> type = rows.embedded()::typeName;
    String there = "TRY_CAST(" + name + " AS " + type.apply(column.type()) + ")";
    String back = "TRY_CAST(" + there + " AS " + type.apply(given(column)) + ")";
    return "count(*) FILTER (WHERE " + back + " IS DISTINCT FROM " + name + ")";
  }

  private boolean convertible(Field column) {
    Kind from = given(column).kind();
    Kind to = column.type().kind();
    return (from.isNumber() && to.isNumber())
        || (from == to && (from == Kind.TIMESTAMP || from == Kind.INSTANT))
        || (from == Kind.TIMESTAMP && to == Kind.INSTANT && utc.contains(column.name()));
  }

  private String cast(String name, ColumnType type) {
    return "CAST(" + name + " AS " + rows.embedded().typeName(type) + ")";
  }
}
