package io.datanode.storage;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows that are to be written to a table. They lie in an embedded engine, and do not change there.
 * None has a NULL in its key, and no two have the same.
 *
 * @param engine where they lie
 * @param query a SELECT of that engine which gives them, with these columns
 * @param columns in order, with the types the table has or is to have
 * @param timeIndex the column that says when a row holds
 * @param identity the columns that with it identify a row
 * @param knowledgeTime the column that tells versions of a row apart, or null if there are none
 * @param description what a row is, for a table that is made; or null
 */
public record NewRows(
    EmbeddedEngine engine,
    String query,
    List<Field> columns,
    String timeIndex,
    List<String> identity,
    @Nullable String knowledgeTime,
    @Nullable String description) {
  /** So many keys are named in an error. */
  public static final int KEYS_NAMED = 3;

  public NewRows {
    columns = List.copyOf(columns);
    identity = List.copyOf(identity);
  }

  /** The columns in which no two rows are equal, the time first, the knowledge time last. */
  public List<String> key() {
    List<String> key = new ArrayList<>();
    key.add(timeIndex);
    key.addAll(identity);
    if (knowledgeTime != null) {
      key.add(knowledgeTime);
    }
    return key;
  }

  /** True for types whose values are written; others are only read. */
  public static boolean isWritten(ColumnType type) {
    return switch (type.kind()) {
      case OTHER, ARRAY, YEAR_MONTH, DAY_TIME -> false;
      default -> true;
    };
  }

  /** A column. */
  public record Field(String name, ColumnType type) {}

  /** Names of the columns, in order. */
  public List<String> names() {
    return columns.stream().map(Field::name).toList();
  }

  /**
   * What is wrong with rows to be appended whose keys are there already.
   *
   * @param keys values in order of {@link #key}; one more than {@link #KEYS_NAMED} if there are
   *     more
   */
  public DataNodeException alreadyThere(List<List<String>> keys) {
    return new DataNodeException(
        SqlState.UNIQUE_VIOLATION,
        "The node already has rows with "
            + String.join(", ", key())
            + " = "
            + inWords(keys)
            + "; mode append takes rows with new keys only, upsert replaces those there are",
        null);
  }

  /**
   * Keys as an error names them: the first few.
   *
   * @param keys as above
   */
  public static String inWords(List<List<String>> keys) {
    return keys.stream()
            .limit(KEYS_NAMED)
            .map(values -> "(" + String.join(", ", values) + ")")
            .collect(Collectors.joining(", "))
        + (keys.size() > KEYS_NAMED ? ", …" : "");
  }
}
