package io.datanode.storage.duckdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.datanode.DataNodeException;
import io.datanode.jdbc.batch.ArrayVector;
import io.datanode.jdbc.batch.BinaryVector;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnVector;
import io.datanode.jdbc.batch.DecimalVector;
import io.datanode.jdbc.batch.DoubleVector;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.jdbc.batch.TextVector;
import io.datanode.storage.IntermediateTable;
import io.datanode.storage.RunningQuery;
import io.datanode.storage.StorageQuery;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is shipped is read as it was, whatever its type, and leaves nothing. */
class ShippedTableTest {
  @TempDir Path folder;

  private EmbeddedDuckDb engine;

  @BeforeEach
  void open() {
    engine = EmbeddedDuckDb.open(Map.of());
  }

  @AfterEach
  void close() {
    assertEquals(0, engine.openQueries());
    engine.close();
  }

  @Test
  void wholeNumbersKeepTheirEnds() {
    comesBack(ColumnType.BOOLEAN, 0L, 1L, null);
    comesBack(ColumnType.TINYINT, -128L, 127L, null, 0L);
    comesBack(ColumnType.SMALLINT, -32768L, 32767L, null, 0L);
    comesBack(ColumnType.INTEGER, (long) Integer.MIN_VALUE, (long) Integer.MAX_VALUE, null, 0L);
    comesBack(ColumnType.BIGINT, Long.MIN_VALUE, Long.MAX_VALUE, null, 0L);
  }

  @Test
  void floatingPointNumbersKeepNanInfinityAndTheSignOfZero() {
    comesBack(
        ColumnType.DOUBLE,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        -0.0,
        null,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        0.1);
    comesBack(
        ColumnType.REAL,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        null,
        (double) 0.1f,
        (double) Float.MAX_VALUE);
  }

  @Test
  void decimalsOfAnyLengthKeepAllDigits() {
    comesBack(ColumnType.decimal(4, 2), 9999L, -9999L, null, 0L);
    comesBack(ColumnType.decimal(9, 0), 999_999_999L, -999_999_999L, null);
    comesBack(ColumnType.decimal(18, 6), 999_999_999_999_999_999L, -1L, null);
    comesBack(
        ColumnType.decimal(38, 10),
        new BigDecimal("9999999999999999999999999999.9999999999"),
        new BigDecimal("-9999999999999999999999999999.9999999999"),
        new BigDecimal("0.0000000000"),
        new BigDecimal("-0.0000000001"),
        new BigDecimal("18446744073709551616.0000000000"),
        null);
  }

  @Test
  void textIsAnyUnicodeOfAnyLength() {
    comesBack(
        ColumnType.VARCHAR,
        "",
        " ",
        null,
        "twelve bytes",
        "thirteen byte",
        "a\0b",
        "zwölf böte",
        "日本語の文字列です",
        "\uD83D\uDE00 and \uFDD0 and \uFFFF",
        "quote ' \" \\ \n",
        "x".repeat(1_000_000));
    comesBack(ColumnType.JSON, "{\"a\": [1, null]}", null, "1");
    comesBack(ColumnType.OTHER, "(1,2)", null);
  }

  @Test
  void bytesAndUuids() {
    comesBack(ColumnType.VARBINARY, new byte[0], new byte[] {0, -1, 127}, null, new byte[100_000]);
    comesBack(
        ColumnType.UUID,
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "80000000-0000-0000-8000-000000000000",
        null);
  }

  @Test
  void datesAndTimesKeepMicrosecondsNanosecondsAndInfinity() {
    long infinity = ColumnType.INFINITY;
    long minusInfinity = ColumnType.MINUS_INFINITY;
    comesBack(ColumnType.DATE, 0L, -719_528L, 2_932_896L, infinity, minusInfinity, null);
    comesBack(ColumnType.TIME, 0L, 86_399_999_999L, null);
    for (ColumnType type :
        List.of(
            ColumnType.TIMESTAMP,
            ColumnType.INSTANT,
            ColumnType.TIMESTAMP_NANOS,
            ColumnType.INSTANT_NANOS)) {
      comesBack(type, 0L, 1L, -1L, 1_704_067_200_123_456_789L, infinity, minusInfinity, null);
    }
  }

  @Test
  void intervals() {
    comesBack(ColumnType.YEAR_MONTH, 0L, 14L, -25L, null);
    comesBack(ColumnType.DAY_TIME, 0L, 86_400_000_001L, -1L, null);
  }

  @Test
  void arraysOfEveryType() {
    comesBack(array(ColumnType.BOOLEAN), list(1L, 0L, null), list(), null);
    comesBack(array(ColumnType.TINYINT), list(-128L, null, 127L));
    comesBack(array(ColumnType.SMALLINT), list(-32768L, null));
    comesBack(array(ColumnType.INTEGER), list(1L), null, list(), list(2L, null, 3L));
    comesBack(array(ColumnType.BIGINT), list(Long.MIN_VALUE, Long.MAX_VALUE));
    comesBack(array(ColumnType.REAL), list(0.5, null, Double.NaN));
    comesBack(array(ColumnType.DOUBLE), list(0.1, Double.NEGATIVE_INFINITY, null, Double.NaN));
    comesBack(array(ColumnType.decimal(9, 2)), list(123L, null, -999_999_999L));
    comesBack(array(ColumnType.decimal(30, 2)), list(new BigDecimal("1.25"), null));
    comesBack(
        array(ColumnType.VARCHAR), list("a", null, "a text that is longer than twelve", ""), null);
    comesBack(array(ColumnType.JSON), list("{\"a\":1}", null));
    comesBack(array(ColumnType.VARBINARY), list(new byte[] {1, 2}, null, new byte[0]));
    comesBack(array(ColumnType.DATE), list(19_000L, null, ColumnType.INFINITY));
    comesBack(array(ColumnType.TIME), list(1L, null, 86_399_999_999L));
    comesBack(array(ColumnType.TIMESTAMP), list(1L, null, ColumnType.MINUS_INFINITY));
    comesBack(array(ColumnType.INSTANT), list(1_704_067_200_123_456L, null, ColumnType.INFINITY));
    comesBack(array(ColumnType.UUID), list("80000000-0000-0000-8000-000000000000", null));
    comesBack(array(array(ColumnType.INTEGER)), list(list(1L, null), null, list()), null, list());
  }

  @Test
  void manyRowsInBatchesOfAnySizeKeepTheirOrder() throws SQLException {
    List<ColumnType> types = List.of(ColumnType.BIGINT, ColumnType.VARCHAR, ColumnType.DOUBLE);
    List<ColumnType> withArray = new ArrayList<>(types);
    withArray.add(ColumnType.array(ColumnType.VARCHAR));
    try (IntermediateTable table =
        engine.createTable("many", List.of("n", "s", "d", "l"), withArray)) {
      long next = 0;
      for (int size : new int[] {1, 0, 2048, 2049, 5000, 100_000, 7}) {
        ColumnBatch batch = ColumnBatch.of(withArray, Math.max(1, size));
        ArrayVector arrays = (ArrayVector) batch.column(3);
        int elements = 0;
        for (int row = 0; row < size; row++, next++) {
          ((LongVector) batch.column(0)).set(row, next);
          ((TextVector) batch.column(1)).set(row, "row number " + next);
          if (next % 3 == 0) {
            batch.column(2).setNull(row);
          } else {
            ((DoubleVector) batch.column(2)).set(row, next / 2.0);
          }
          for (int i = 0; i < next % 3; i++) {
            arrays.elements().ensureCapacity(elements + 1);
            ((TextVector) arrays.elements()).set(elements++, "element " + i + " of " + next);
          }
          arrays.setEnd(row, elements);
        }
        batch.setRowCount(size);
        table.add(batch);
      }
      table.finish();
      assertEquals(
          next + " 0 " + (next - 1) + " true true true",
          text(
              "SELECT concat_ws(' ', count(*), min(n), max(n), bool_and(n = rowid), bool_and(s ="
                  + " 'row number ' || n AND (n % 3 = 0) = (d IS NULL) AND coalesce(d * 2 = n,"
                  + " true)), bool_and(len(l) = n % 3 AND coalesce(l[-1] = 'element ' || (n % 3 -"
                  + " 1) || ' of ' || n, true))) FROM "
                  + table.sqlName()));
    }
    assertEquals("0", text("SELECT count(*) FROM duckdb_tables()"));
  }

  @Test
  void aValueThatDoesNotFitItsTypeIsRefusedAndLeavesNothing() throws SQLException {
    DataNodeException failure =
        assertThrows(DataNodeException.class, () -> comesBack(ColumnType.TINYINT, 1L, 128L));
    assertEquals("22003", failure.sqlState());
    assertEquals("Value 128 is out of range for TINYINT", failure.getMessage());
    assertEquals("0", text("SELECT count(*) FROM duckdb_tables()"));
    assertEquals(0, engine.openQueries());
  }

  @Test
  void rowsAreSeenOnlyWhenAllAreThere() throws SQLException {
    try (IntermediateTable table =
        engine.createTable("half", List.of("a"), List.of(ColumnType.BIGINT))) {
      table.add(batch(ColumnType.BIGINT, List.of(1L)));
      assertEquals("0", text("SELECT count(*) FROM duckdb_tables()"));
      table.finish();
      assertEquals("1", text("SELECT a FROM " + table.sqlName()));
    }
    assertEquals("0", text("SELECT count(*) FROM duckdb_tables()"));
  }

  private static ColumnType array(ColumnType element) {
    return ColumnType.array(element);
  }

  private static List<Object> list(Object... values) {
    return Collections.unmodifiableList(new ArrayList<>(Arrays.asList(values)));
  }

  /** Ships the values, once as they are and once many times over, and reads them. */
  private void comesBack(ColumnType type, Object... values) {
    List<Object> all = list(values);
    assertEquals(shown(type, all), shipAndRead(type, all));
    List<Object> many = new ArrayList<>();
    while (many.size() < 5000 && all.toString().length() < 10_000) {
      many.addAll(all);
    }
    assertEquals(shown(type, many), shipAndRead(type, many));
  }

  private List<String> shipAndRead(ColumnType type, List<Object> values) {
    try (IntermediateTable table =
        engine.createTable("piece", List.of("a column"), List.of(type))) {
      table.add(batch(type, values));
      table.finish();
      List<String> read = new ArrayList<>();
      try (RunningQuery query =
          engine.executeOnce(
              new StorageQuery(
                  "SELECT \"a column\" FROM " + table.sqlName(), List.of(), List.of(type)))) {
        for (ColumnBatch batch = query.next(); batch != null; batch = query.next()) {
          for (int i = 0; i < batch.rowCount(); i++) {
            read.add(shown(type, value(batch.column(0), i)));
          }
        }
      }
      return read;
    }
  }

  private static List<String> shown(ColumnType type, List<Object> values) {
    return values.stream().map(value -> shown(type, value)).toList();
  }

  private static String shown(ColumnType type, Object value) {
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(item -> shown(type, item)).toList().toString();
    }
    return String.valueOf(value);
  }

  private static ColumnBatch batch(ColumnType type, List<Object> values) {
    ColumnVector vector = type.vector(Math.max(1, values.size()));
    fill(vector, 0, values);
    ColumnBatch batch = new ColumnBatch(vector);
    batch.setRowCount(values.size());
    return batch;
  }

  private static void fill(ColumnVector vector, int start, List<?> values) {
    int row = start;
    for (Object value : values) {
      vector.ensureCapacity(row + 1);
      if (vector instanceof ArrayVector arrays) {
        int first = arrays.start(row);
        List<?> elements = value == null ? List.of() : (List<?>) value;
        fill(arrays.elements(), first, elements);
        arrays.setEnd(row, first + elements.size());
      }
      if (value == null) {
        vector.setNull(row);
      } else if (vector instanceof LongVector longs) {
        longs.set(row, (Long) value);
      } else if (vector instanceof DoubleVector doubles) {
        doubles.set(row, (Double) value);
      } else if (vector instanceof DecimalVector decimals) {
        decimals.set(row, (BigDecimal) value);
      } else if (vector instanceof BinaryVector bytes) {
        bytes.set(row, (byte[]) value);
      } else if (vector instanceof TextVector texts) {
        texts.set(row, (String) value);
      }
      row++;
    }
  }

  private static Object value(ColumnVector vector, int row) {
    if (vector.isNull(row)) {
      return null;
    }
    if (vector instanceof ArrayVector arrays) {
      List<Object> elements = new ArrayList<>();
      for (int i = arrays.start(row); i < arrays.end(row); i++) {
        elements.add(value(arrays.elements(), i));
      }
      return elements;
    }
    if (vector instanceof LongVector longs) {
      return longs.get(row);
    }
    if (vector instanceof DoubleVector doubles) {
      return doubles.get(row);
    }
    if (vector instanceof DecimalVector decimals) {
      return decimals.get(row);
    }
    return vector instanceof BinaryVector bytes ? bytes.get(row) : ((TextVector) vector).get(row);
  }

  private String text(String sql) throws SQLException {
    try (Connection connection = engine.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
