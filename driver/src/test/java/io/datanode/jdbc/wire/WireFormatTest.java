package io.datanode.jdbc.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.jdbc.MemoryResult;
import io.datanode.jdbc.Rows;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.MetadataCall;
import io.datanode.jdbc.session.ResultColumn;
import io.datanode.jdbc.session.SessionInfo;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.jdbc.session.StatementShape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What one side writes, the other reads unchanged. */
class WireFormatTest {
  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

  @Test
  void valuesOfEveryTypeSurvive() throws Exception {
    List<ColumnType> types =
        List.of(
            ColumnType.BOOLEAN,
            ColumnType.TINYINT,
            ColumnType.SMALLINT,
            ColumnType.INTEGER,
            ColumnType.BIGINT,
            ColumnType.REAL,
            ColumnType.DOUBLE,
            ColumnType.decimal(18, 4),
            ColumnType.decimal(38, 10),
            ColumnType.VARCHAR,
            ColumnType.VARBINARY,
            ColumnType.DATE,
            ColumnType.TIME,
            ColumnType.TIMESTAMP,
            ColumnType.TIMESTAMP_NANOS,
            ColumnType.INSTANT,
            ColumnType.INSTANT_NANOS,
            ColumnType.UUID,
            ColumnType.JSON,
            ColumnType.YEAR_MONTH,
            ColumnType.DAY_TIME,
            ColumnType.array(ColumnType.DOUBLE),
            ColumnType.array(ColumnType.array(ColumnType.VARCHAR)),
            ColumnType.OTHER);
    Object[] ordinary = {
      true,
      -128,
      32767,
      -5,
      Long.MIN_VALUE,
      1.1f,
      100.7472,
      new BigDecimal("-12345.6789"),
      new BigDecimal("1234567890123456789012345678.0123456789"),
      "Zürich 東京 \uD83D\uDCC8 \u0000",
      new byte[] {0, -1, 127},
      LocalDate.of(1500, 1, 1),
      LocalTime.of(23, 59, 59, 999_999_000),
      LocalDateTime.of(2024, 3, 10, 2, 30, 0, 123_456_000),
      LocalDateTime.of(2024, 3, 10, 2, 30, 0, 123_456_789),
      Instant.parse("9999-12-31T23:59:59.999999Z"),
      Instant.parse("2024-01-02T03:04:05.123456789Z"),
      "6f1c1f04-9b5c-4f4b-8a59-8f6a5c1f0a11",
      "{\"a\": [1, 2]}",
      -13,
      -1L,
      List.of(1.5, Double.NaN),
      List.of(List.of("a", ""), List.of()),
      "MAP {a=1}"
    };
    Object[] extreme = {
      false,
      127,
      -32768,
      Integer.MIN_VALUE,
      Long.MAX_VALUE,
      Float.NaN,
      Double.NEGATIVE_INFINITY,
      new BigDecimal("99999999999999.9999"),
      new BigDecimal("-9999999999999999999999999999.9999999999"),
      "",
      new byte[0],
      LocalDate.of(9999, 12, 31),
      LocalTime.MIDNIGHT,
      LocalDateTime.of(1, 1, 1, 0, 0),
      LocalDateTime.of(1677, 9, 22, 0, 0),
      Instant.parse("0001-01-01T00:00:00Z"),
      Instant.parse("1969-12-31T23:59:59.999999999Z"),
      "00000000-0000-0000-0000-000000000000",
      "null",
      Integer.MAX_VALUE,
      Long.MAX_VALUE,
      List.of(),
      List.of(),
      ""
    };
    Object[] nulls = new Object[types.size()];
    ColumnBatch batch = Rows.batch(types, ordinary, nulls, extreme, nulls);

    assertEquals(Rows.read(types, batch), Rows.read(types, sent(types, batch)));
  }

  @Test
  void infiniteTimesAndLongsOfEveryWidthSurvive() throws Exception {
    List<ColumnType> types = List.of(ColumnType.INSTANT, ColumnType.BIGINT);
    for (long range : new long[] {0, 1, 255, 256, 65535, 65536, 0xffffffffL, 0x100000000L, -1}) {
      Object[][] rows = {
        {ColumnType.INFINITY, -7L},
        {ColumnType.MINUS_INFINITY, -7L + range},
        {0L, null},
        {null, range == 0 ? -7L : -6L}
      };
      ColumnBatch batch = Rows.batch(types, rows);
      assertEquals(Rows.read(types, batch), Rows.read(types, sent(types, batch)));
    }
  }

  @Test
  void textSurvivesWithAndWithoutDictionary() throws Exception {
    List<ColumnType> types = List.of(ColumnType.VARCHAR);
    for (int distinct : new int[] {1, 2, 256, 257, 10_000, 30_000}) {
      Object[][] rows = new Object[30_000][];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = new Object[] {i % 1000 == 999 ? null : "asset-" + i % distinct};
      }
      List<List<Object>> received = Rows.read(types, sent(types, Rows.batch(types, rows)));
      assertEquals(rows.length, received.size());
      for (int i = 0; i < rows.length; i++) {
        assertEquals(rows[i][0], received.get(i).get(0), "row " + i);
      }
    }
  }

  @Test
  void aBatchIsReadIntoTheMemoryOfTheOneBefore() throws Exception {
    List<ColumnType> types = List.of(ColumnType.VARCHAR, ColumnType.array(ColumnType.BIGINT));
    ColumnBatch first =
        Rows.batch(types, new Object[] {null, null}, new Object[] {"a", List.of(1L, 2L)});
    ColumnBatch second =
        Rows.batch(types, new Object[] {"b", List.of(3L)}, new Object[] {"c", List.of()});
    ColumnBatch target = ColumnBatch.of(types, 1);
    frame(types, first).batch(types, target);
    frame(types, second).batch(types, target);
    assertEquals(Rows.read(types, second), Rows.read(types, target));
  }

  @Test
  void requestsSurvive() throws Exception {
    Map<String, String> settings = Map.of("timeZone", "Europe/Zürich", "schema", "");
    assertEquals(settings, WireFormat.readSettings(WireFormat.settings(settings)));
    assertEquals("SELECT '€'", WireFormat.readText(WireFormat.text("SELECT '€'")));

    List<Object> parameters =
        Arrays.asList(
            null,
            true,
            false,
            Long.MIN_VALUE,
            Double.NaN,
            -0.0,
            new BigDecimal("1E+3"),
            new BigDecimal("-0.000"),
            "text",
            LocalDate.of(-44, 3, 15),
            LocalTime.of(1, 2, 3, 4),
            LocalDateTime.of(1500, 2, 28, 23, 59, 59, 999_999_999),
            Instant.parse("2024-11-03T05:30:00.000001Z"),
            new UUID(1, -1),
            Arrays.asList("a", null, List.of(1L)));
    StatementCall call = new StatementCall("s1", "SELECT ?", parameters, 200, 30);
    ExecuteRequest execute =
        WireFormat.readExecute(WireFormat.execute(new ExecuteRequest(call, 1L << 40)));
    assertEquals("s1", execute.call().id());
    assertEquals("SELECT ?", execute.call().sql());
    assertEquals(parameters, execute.call().parameters());
    assertEquals(200, execute.call().maxRows());
    assertEquals(30, execute.call().timeoutSeconds());
    assertEquals(1L << 40, execute.credit());

    MetadataCall columns =
        new MetadataCall(
            MetadataCall.Method.TABLES,
            Arrays.asList(null, "nodes", "%", List.of("TABLE"), 1, true));
    MetadataRequest metadata =
        WireFormat.readMetadata(WireFormat.metadata(new MetadataRequest("m1", columns, 5)));
    assertEquals("m1", metadata.statementId());
    assertEquals(MetadataCall.Method.TABLES, metadata.call().method());
    assertEquals(columns.arguments(), metadata.call().arguments());

    FetchRequest fetch = WireFormat.readFetch(WireFormat.fetch(new FetchRequest("s1", 7)));
    assertEquals("s1", fetch.statementId());
    assertEquals(7, fetch.credit());
    assertNull(WireFormat.readSet(WireFormat.set(new SetRequest("schema", null))).value());
  }

  @Test
  void sessionShapeAndErrorFramesSurvive() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SessionInfo info = new SessionInfo("DataNode SQL", "1.2", "ann", "nodes", NEW_YORK);
    ResultColumn close =
        new ResultColumn("c", ColumnType.decimal(10, 2), false, "nodes", "prices", "close");
    WireFormat.writeOpened(out, new Opened("abc", info));
    WireFormat.writeShape(
        out, new StatementShape(List.of(close), List.of(ResultColumn.of("1", ColumnType.INSTANT))));
    WireFormat.writeError(out, SqlState.QUERY_CANCELED.exception("Statement s1 was cancelled"));
    WireFormat.writeError(out, new SQLException((String) null));
    InputStream in = new ByteArrayInputStream(out.toByteArray());
    FrameReader reader = new FrameReader();

    assertEquals(Frame.OPENED, reader.read(in));
    assertEquals("abc", reader.opened().sessionId());
    assertEquals(NEW_YORK, reader.opened().info().timeZone());
    assertEquals(Frame.SHAPE, reader.read(in));
    ResultColumn column = reader.shape().columns().get(0);
    assertEquals(close.type(), column.type());
    assertEquals("close", column.name());
    assertFalse(column.nullable());
    assertEquals(ColumnType.INSTANT, reader.shape().parameters().get(0).type());
    assertEquals(Frame.ERROR, reader.read(in));
    SQLException error = assertInstanceOf(SQLTimeoutException.class, reader.error());
    assertEquals("57014", error.getSQLState());
    assertEquals("Statement s1 was cancelled", error.getMessage());
    assertEquals(Frame.ERROR, reader.read(in));
    assertEquals("XX000", reader.error().getSQLState());
    assertThrows(EOFException.class, () -> reader.read(in));
  }

  @Test
  void aMessageOfAnotherVersionOrCutShortIsAProtocolError() {
    byte[] body = WireFormat.text("SELECT 1");
    SQLException cut =
        assertThrows(
            SQLException.class, () -> WireFormat.readText(Arrays.copyOf(body, body.length - 1)));
    assertEquals("08P01", cut.getSQLState());
    body[0] = 9;
    SQLException version = assertThrows(SQLException.class, () -> WireFormat.readText(body));
    assertEquals(
        "Request has version 9 of application/vnd.datanode.v1; this server understands version 1",
        version.getMessage());
  }

  @Test
  void theFirstBatchIsSentAtOnceAndLaterOnesAreGathered() throws Exception {
    List<ColumnBatch> batches = batches(100, 2048);
    ResultWriter writer = new ResultWriter(new MemoryResult(COLUMNS, NEW_YORK, batches), false);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertFalse(writer.writeRows(out, Long.MAX_VALUE));

    List<Integer> sizes = new ArrayList<>();
    FrameReader reader = new FrameReader();
    InputStream in = new ByteArrayInputStream(out.toByteArray());
    ColumnBatch target = ColumnBatch.of(List.of(ColumnType.BIGINT), 1);
    long expected = 0;
    while (reader.read(in) == Frame.BATCH) {
      reader.batch(List.of(ColumnType.BIGINT), target);
      sizes.add(target.rowCount());
      for (List<Object> row : Rows.read(List.of(ColumnType.BIGINT), target)) {
        assertEquals(expected++, row.get(0));
      }
    }
    assertEquals(Frame.END, reader.kind());
    assertEquals(204_800, expected);
    assertEquals(2048, sizes.get(0));
    assertTrue(Collections.max(sizes) >= 65_536, sizes.toString());
    assertEquals(204_800, writer.rows());
  }

  @Test
  void whatIsKnownToBeTheLastBatchIsLeftToBeSentWithTheEnd() throws Exception {
    assertEquals(0, flushes(new MemoryResult(COLUMNS, NEW_YORK, batches(1, 10))));
    assertEquals(1, flushes(new MemoryResult(COLUMNS, NEW_YORK, batches(2, 10))));
    SQLException failure = SqlState.DIVISION_BY_ZERO.exception("Division by zero");
    assertEquals(1, flushes(new MemoryResult(COLUMNS, NEW_YORK, batches(1, 10), failure)));
  }

  private static int flushes(MemoryResult result) throws IOException {
    AtomicInteger flushes = new AtomicInteger();
    OutputStream out =
        new ByteArrayOutputStream() {
          @Override
          public void flush() {
            flushes.incrementAndGet();
          }
        };
    assertFalse(new ResultWriter(result, false).writeRows(out, Long.MAX_VALUE));
    return flushes.get();
  }

  @Test
  void compressedBatchesAreSmallerAndHoldTheSameRows() throws Exception {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    new ResultWriter(new MemoryResult(COLUMNS, NEW_YORK, batches(100, 2048)), false)
        .writeRows(plain, Long.MAX_VALUE);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    new ResultWriter(new MemoryResult(COLUMNS, NEW_YORK, batches(100, 2048)), true)
        .writeRows(packed, Long.MAX_VALUE);
    assertTrue(packed.size() < plain.size(), packed.size() + " of " + plain.size());

    FrameReader reader = new FrameReader();
    InputStream in = new ByteArrayInputStream(packed.toByteArray());
    ColumnBatch target = ColumnBatch.of(List.of(ColumnType.BIGINT), 1);
    long expected = 0;
    while (reader.read(in) == Frame.BATCH) {
      reader.batch(List.of(ColumnType.BIGINT), target);
      for (List<Object> row : Rows.read(List.of(ColumnType.BIGINT), target)) {
        assertEquals(expected++, row.get(0));
      }
    }
    assertEquals(Frame.END, reader.kind());
    assertEquals(204_800, expected);
  }

  @Test
  void smallBatchesAreNotCompressed() throws Exception {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    new ResultWriter(new MemoryResult(COLUMNS, NEW_YORK, batches(1, 10)), false)
        .writeRows(plain, Long.MAX_VALUE);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    new ResultWriter(new MemoryResult(COLUMNS, NEW_YORK, batches(1, 10)), true)
        .writeRows(packed, Long.MAX_VALUE);
    assertArrayEquals(plain.toByteArray(), packed.toByteArray());
  }

  @Test
  void aDamagedCompressedBatchIsAProtocolError() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    new ResultWriter(new MemoryResult(COLUMNS, NEW_YORK, batches(1, 2048)), true)
        .writeRows(packed, Long.MAX_VALUE);
    byte[] whole = packed.toByteArray();
    for (int place : new int[] {5, 6, 8, 9, 12, 200}) {
      byte[] damaged = whole.clone();
      damaged[place] ^= (byte) 0xff;
      SQLException refused =
          assertThrows(
              SQLException.class,
              () -> {
                FrameReader reader = new FrameReader();
                reader.read(new ByteArrayInputStream(damaged));
                reader.batch(
                    List.of(ColumnType.BIGINT), ColumnBatch.of(List.of(ColumnType.BIGINT), 1));
              },
              "byte " + place);
      assertEquals("08P01", refused.getSQLState());
    }
  }

  @Test
  void rowsStopWhenTheCreditIsUsedUpAndGoOnLater() throws Exception {
    ResultWriter writer =
        new ResultWriter(new MemoryResult(COLUMNS, NEW_YORK, batches(10, 2048)), false);
    List<Object> received = new ArrayList<>();
    int responses = 0;
    boolean more = true;
    while (more) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      more = writer.writeRows(out, 1);
      responses++;
      FrameReader reader = new FrameReader();
      InputStream in = new ByteArrayInputStream(out.toByteArray());
      ColumnBatch target = ColumnBatch.of(List.of(ColumnType.BIGINT), 1);
      while (reader.read(in) == Frame.BATCH) {
        reader.batch(List.of(ColumnType.BIGINT), target);
        Rows.read(List.of(ColumnType.BIGINT), target).forEach(row -> received.add(row.get(0)));
      }
      assertEquals(more ? Frame.MORE : Frame.END, reader.kind());
    }
    assertEquals(20_480, received.size());
    assertEquals(20_479L, received.get(20_479));
    assertTrue(responses > 2, "responses: " + responses);
  }

  @Test
  void anErrorAmongRowsArrivesAfterTheRowsBeforeIt() throws Exception {
    SQLException failure = SqlState.DIVISION_BY_ZERO.exception("Division by zero");
    MemoryResult result = new MemoryResult(COLUMNS, NEW_YORK, batches(1, 10), failure);
    ResultWriter writer = new ResultWriter(result, false);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertFalse(writer.writeRows(out, 1 << 20));
    assertEquals(failure, writer.failure());
    writer.close();
    assertTrue(result.closed());

    InputStream in = new ByteArrayInputStream(out.toByteArray());
    FrameReader reader = new FrameReader();
    assertEquals(Frame.BATCH, reader.read(in));
    assertEquals(Frame.ERROR, reader.read(in));
    assertEquals("22012", reader.error().getSQLState());
  }

  private static final List<ResultColumn> COLUMNS =
      List.of(ResultColumn.of("n", ColumnType.BIGINT));

  /** Batches that count from 0. */
  private static List<ColumnBatch> batches(int count, int rows) {
    List<ColumnBatch> batches = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Object[][] values = new Object[rows][];
      for (int row = 0; row < rows; row++) {
        values[row] = new Object[] {(long) i * rows + row};
      }
      batches.add(Rows.batch(List.of(ColumnType.BIGINT), values));
    }
    return batches;
  }

  private static ColumnBatch sent(List<ColumnType> types, ColumnBatch batch) throws Exception {
    ColumnBatch target = ColumnBatch.of(types, 1);
    frame(types, batch).batch(types, target);
    return target;
  }

  private static FrameReader frame(List<ColumnType> types, ColumnBatch batch) throws Exception {
    ByteWriter frame = new ByteWriter(16);
    WireFormat.writeBatch(frame, types, batch);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    WireFormat.finish(frame, out);
    FrameReader reader = new FrameReader();
    assertEquals(Frame.BATCH, reader.read(new ByteArrayInputStream(out.toByteArray())));
    return reader;
  }
}
