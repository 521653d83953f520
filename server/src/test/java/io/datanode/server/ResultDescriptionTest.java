package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.server.BothRoads.Road;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a result says of its columns, and the text of their values, type by type. */
@Timeout(60)
class ResultDescriptionTest {
  @TempDir static Path folder;
  private static BothRoads roads;

  @BeforeAll
  static void open() throws Exception {
    Path file = folder.resolve("kinds.duckdb");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = duckdb.createStatement()) {
      statement.execute(
          "CREATE TABLE kinds (time_index TIMESTAMPTZ NOT NULL, flag BOOLEAN, small SMALLINT,"
              + " whole INTEGER NOT NULL, big BIGINT, single FLOAT, wide DOUBLE,"
              + " amount DECIMAL(38, 10), words VARCHAR, early DATE, late DATE, clock TIME,"
              + " wall TIMESTAMP, fine TIMESTAMP_NS, id UUID, doc JSON, list DOUBLE[],"
              + " bytes BLOB)");
      statement.execute(
          "INSERT INTO kinds VALUES ('2024-01-02 03:04:05.123456+00', TRUE, -32768, 2147483647,"
              + " -9223372036854775808, 'NaN', '-Infinity',"
              + " 1234567890123456789012345678.0123456789, 'é', '1500-02-28', '9999-12-31',"
              + " '23:59:59.999999', '2024-03-10 02:30:00.000001',"
              + " '2024-01-02 03:04:05.123456789', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',"
              + " '{\"a\": [1, null]}', [1.5, NULL], '\\x00\\xFF')");
    }
    roads = BothRoads.to(file);
  }

  @AfterAll
  static void close() throws Exception {
    roads.close();
  }

  /** Name, type, class, precision and scale, display size, sign, nullability; then the text. */
  @ParameterizedTest
  @EnumSource(Road.class)
  void columnsAreDescribedAndKeepTheirValues(Road road) throws SQLException {
    StringBuilder table = new StringBuilder();
    try (Connection connection = roads.connect(road, "");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM kinds")) {
      ResultSetMetaData about = row.getMetaData();
      assertTrue(row.next());
      for (int i = 1; i <= about.getColumnCount(); i++) {
        assertEquals("nodes", about.getSchemaName(i));
        assertEquals("kinds", about.getTableName(i));
        assertEquals("", about.getCatalogName(i));
        assertEquals(about.getColumnName(i), about.getColumnLabel(i));
        assertTrue(about.isSearchable(i) && about.isReadOnly(i) && !about.isWritable(i));
        assertTrue(row.getString(i).length() <= about.getColumnDisplaySize(i));
        assertTrue(
            about.getColumnClassName(i).startsWith("[")
                || row.getObject(i).getClass().getName().equals(about.getColumnClassName(i))
                || row.getObject(i) instanceof java.sql.Array);
        table.append(
            String.join(
                "|",
                about.getColumnName(i),
                Integer.toString(about.getColumnType(i)),
                about.getColumnTypeName(i),
                about.getColumnClassName(i),
                about.getPrecision(i)
                    + "."
                    + about.getScale(i)
                    + " in "
                    + about.getColumnDisplaySize(i),
                about.isSigned(i) ? "signed" : "",
                about.isNullable(i) == ResultSetMetaData.columnNullable ? "" : "not null",
                row.getString(i)));
        table.append('\n');
      }
    }
    assertEquals(
        """
        time_index|93|TIMESTAMP WITH LOCAL TIME ZONE|java.sql.Timestamp|32.6 in 32||not null|2024-01-02 03:04:05.123456+00
        flag|16|BOOLEAN|java.lang.Boolean|1.0 in 5|||true
        small|5|SMALLINT|java.lang.Integer|5.0 in 6|signed||-32768
        whole|4|INTEGER|java.lang.Integer|10.0 in 11|signed|not null|2147483647
        big|-5|BIGINT|java.lang.Long|19.0 in 20|signed||-9223372036854775808
        single|7|REAL|java.lang.Float|8.0 in 15|signed||NaN
        wide|8|DOUBLE|java.lang.Double|17.0 in 25|signed||-Infinity
        amount|3|DECIMAL|java.math.BigDecimal|38.10 in 40|signed||1234567890123456789012345678.0123456789
        words|12|VARCHAR|java.lang.String|65535.0 in 65535|||é
        early|91|DATE|java.sql.Date|10.0 in 10|||1500-02-28
        late|91|DATE|java.sql.Date|10.0 in 10|||9999-12-31
        clock|92|TIME|java.sql.Time|15.6 in 15|||23:59:59.999999
        wall|93|TIMESTAMP|java.sql.Timestamp|26.6 in 26|||2024-03-10 02:30:00.000001
        fine|93|TIMESTAMP|java.sql.Timestamp|29.9 in 29|||2024-01-02 03:04:05.123456789
        id|1111|UUID|java.util.UUID|36.0 in 36|||a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11
        doc|12|JSON|java.lang.String|65535.0 in 65535|||{"a": [1, null]}
        list|2003|DOUBLE ARRAY|java.sql.Array|65535.0 in 65535|||[1.5, null]
        bytes|-3|VARBINARY|[B|65535.0 in 65535|||\\x00ff
        """,
        table.toString());
  }
}
