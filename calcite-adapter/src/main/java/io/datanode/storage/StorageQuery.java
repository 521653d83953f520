package io.datanode.storage;

import io.datanode.jdbc.batch.ColumnType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One statement for one storage.
 *
 * @param sql in the storage's dialect, with {@code ?} for parameters
 * @param parameters one value per {@code ?}, in order
 * @param columns types the rows are to have; a storage converts where its own differ
 * @param size what is known of the number of its rows
 */
public record StorageQuery(
    String sql, List<Parameter> parameters, List<ColumnType> columns, ResultSize size) {
  public StorageQuery {
    parameters = List.copyOf(parameters);
    columns = List.copyOf(columns);
  }

  /** A statement that gives any number of rows. */
  public StorageQuery(String sql, List<Parameter> parameters, List<ColumnType> columns) {
    this(sql, parameters, columns, ResultSize.OF_ANY);
  }

  /**
   * A value bound to a {@code ?}.
   *
   * @param type how to bind it
   * @param value null, Boolean, Long, Double, BigDecimal, String, byte[], LocalDate, LocalTime,
   *     LocalDateTime, Instant, UUID, or a List of these; see {@link InfiniteTime} for those of the
   *     times that are infinite
   */
  public record Parameter(ColumnType type, @Nullable Object value) {}

  /** Its text, for logs: parameters are not printed. */
  @Override
  public String toString() {
    return sql;
  }

  /** Parameter values, some of which may be null. */
  public List<@Nullable Object> values() {
    List<@Nullable Object> values = new ArrayList<>();
    parameters.forEach(parameter -> values.add(parameter.value()));
    return Collections.unmodifiableList(values);
  }
}
