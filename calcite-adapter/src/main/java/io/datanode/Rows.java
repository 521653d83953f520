package io.datanode;

import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.read.Cell;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.read.JavaValues;
import java.sql.SQLException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Rows that are read once, from first to last, in one of these forms: batches of columns, records,
 * or maps. They arrive while they are read, so memory does not grow with their number. Holds
 * resources until it is closed. Not thread-safe.
 */
public final class Rows implements AutoCloseable {
  private final Result result;
  private final Supplier<OptionalLong> nextOffset;

  Rows(Result result, Supplier<OptionalLong> nextOffset) {
    this.result = result;
    this.nextOffset = nextOffset;
  }

  /** The columns. */
  public List<ResultColumn> columns() {
    return result.columns();
  }

  /**
   * The next rows as columns; null at the end. Valid until the next call.
   *
   * @throws DataNodeException 57014 if the read was stopped, or what the storage says
   */
  public @Nullable ColumnBatch nextBatch() {
    return DataNodes.unchecked(result::next);
  }

  /**
   * The rows as records of a class: each component takes the column of its name. Upper and lower
   * case and underscores are passed over, so {@code timeIndex} is column {@code time_index} and
   * {@code baseClose} is {@code base__close}; columns without component are left out.
   *
   * @return to be closed, which closes the rows
   * @throws DataNodeException 42703 if a component has no column; while reading, 22018 or 22003 if
   *     a value does not fit its component, 22004 if it is NULL and the component is primitive
   */
  public <R extends Record> Stream<R> records(Class<R> type) {
    List<Cell> cells = cells();
    RecordMaker<R> maker = new RecordMaker<>(type, cells);
    return stream(cells, maker::make);
  }

  /**
   * The rows as maps by column name, in the order of the columns. Values are null, Boolean, the
   * boxed number of the column's type, BigDecimal, String, UUID, byte[], Instant, LocalDateTime,
   * LocalDate, LocalTime, Period, Duration or a List. Of columns with the same name the last one is
   * there.
   *
   * @return to be closed, which closes the rows
   */
  public Stream<Map<String, @Nullable Object>> maps() {
    List<Cell> cells = cells();
    return stream(
        cells,
        row -> {
          Map<String, @Nullable Object> map = new LinkedHashMap<>();
          for (Cell cell : cells) {
            map.put(cell.column().label(), JavaValues.of(cell, row));
          }
          return Collections.unmodifiableMap(map);
        });
  }

  /**
   * Where the next page begins; empty if these rows are the last. Known when all rows have been
   * read.
   */
  public OptionalLong nextOffset() {
    return nextOffset.get();
  }

  private List<Cell> cells() {
    return result.columns().stream().map(column -> Cell.of(column, result.timeZone())).toList();
  }

  /** Makes something of a row of the batch in hand. */
  private interface OfRow<T> {
    T of(int row) throws SQLException;
  }

  private <T> Stream<T> stream(List<Cell> cells, OfRow<T> make) {
    Spliterator<T> each =
        new Spliterators.AbstractSpliterator<>(
            Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL) {
          private int row;
          private int rowCount;

          @Override
          public boolean tryAdvance(Consumer<? super T> action) {
            while (row == rowCount) {
              ColumnBatch batch = nextBatch();
              if (batch == null) {
                return false;
              }
              for (int i = 0; i < cells.size(); i++) {
                cells.get(i).load(batch.column(i));
              }
              row = 0;
              rowCount = batch.rowCount();
            }
            int at = row++;
            action.accept(DataNodes.unchecked(() -> make.of(at)));
            return true;
          }
        };
    return StreamSupport.stream(each, false).onClose(this::close);
  }

  /** Stops the read if it still runs and frees what it holds. */
  @Override
  public void close() {
    DataNodes.unchecked(
        () -> {
          result.close();
          return true;
        });
  }
}
