package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.server.BothRoads.Road;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each result of {@link DatabaseMetaData} has the columns, their types and the order that the
 * Javadoc of JDBC 4.3 lays down, in process and remotely, whatever names are asked for.
 */
@Timeout(120)
class MetadataSpecificationTest {
  /**
   * What JDBC says of a method's result.
   *
   * @param columns names; {@code :i} for int, {@code :h} for short, {@code :l} for long, {@code :b}
   *     for boolean, else String
   * @param order columns it is ordered by
   */
  private record Specified(String columns, String order) {}

  private static final String REFERENCE =
      "PKTABLE_CAT PKTABLE_SCHEM PKTABLE_NAME PKCOLUMN_NAME FKTABLE_CAT FKTABLE_SCHEM FKTABLE_NAME"
          + " FKCOLUMN_NAME KEY_SEQ:h UPDATE_RULE:h DELETE_RULE:h FK_NAME PK_NAME DEFERRABILITY:h";

  private static final Map<String, Specified> JDBC =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("getCatalogs", new Specified("TABLE_CAT", "TABLE_CAT")),
              Map.entry(
                  "getSchemas",
                  new Specified("TABLE_SCHEM TABLE_CATALOG", "TABLE_CATALOG TABLE_SCHEM")),
              Map.entry("getTableTypes", new Specified("TABLE_TYPE", "TABLE_TYPE")),
              Map.entry(
                  "getTables",
                  new Specified(
                      "TABLE_CAT TABLE_SCHEM TABLE_NAME TABLE_TYPE REMARKS TYPE_CAT TYPE_SCHEM"
                          + " TYPE_NAME SELF_REFERENCING_COL_NAME REF_GENERATION",
                      "TABLE_TYPE TABLE_CAT TABLE_SCHEM TABLE_NAME")),
              Map.entry(
                  "getColumns",
                  new Specified(
                      "TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME DATA_TYPE:i TYPE_NAME"
                          + " COLUMN_SIZE:i BUFFER_LENGTH:i DECIMAL_DIGITS:i NUM_PREC_RADIX:i"
                          + " NULLABLE:i REMARKS COLUMN_DEF SQL_DATA_TYPE:i SQL_DATETIME_SUB:i"
                          + " CHAR_OCTET_LENGTH:i ORDINAL_POSITION:i IS_NULLABLE SCOPE_CATALOG"
                          + " SCOPE_SCHEMA SCOPE_TABLE SOURCE_DATA_TYPE:h IS_AUTOINCREMENT"
                          + " IS_GENERATEDCOLUMN",
                      "TABLE_CAT TABLE_SCHEM TABLE_NAME ORDINAL_POSITION")),
              Map.entry(
                  "getPrimaryKeys",
                  new Specified(
                      "TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME KEY_SEQ:h PK_NAME",
                      "COLUMN_NAME")),
              Map.entry(
                  "getImportedKeys",
                  new Specified(REFERENCE, "PKTABLE_CAT PKTABLE_SCHEM PKTABLE_NAME KEY_SEQ")),
              Map.entry(
                  "getExportedKeys",
                  new Specified(REFERENCE, "FKTABLE_CAT FKTABLE_SCHEM FKTABLE_NAME KEY_SEQ")),
              Map.entry(
                  "getCrossReference",
                  new Specified(REFERENCE, "FKTABLE_CAT FKTABLE_SCHEM FKTABLE_NAME KEY_SEQ")),
              Map.entry(
                  "getIndexInfo",
                  new Specified(
                      "TABLE_CAT TABLE_SCHEM TABLE_NAME NON_UNIQUE:b INDEX_QUALIFIER INDEX_NAME"
                          + " TYPE:h ORDINAL_POSITION:h COLUMN_NAME ASC_OR_DESC CARDINALITY:l"
                          + " PAGES:l FILTER_CONDITION",
                      "NON_UNIQUE TYPE INDEX_NAME ORDINAL_POSITION")),
              Map.entry(
                  "getBestRowIdentifier",
                  new Specified(
                      "SCOPE:h COLUMN_NAME DATA_TYPE:i TYPE_NAME COLUMN_SIZE:i BUFFER_LENGTH:i"
                          + " DECIMAL_DIGITS:h PSEUDO_COLUMN:h",
                      "SCOPE")),
              Map.entry(
                  "getVersionColumns",
                  new Specified(
                      "SCOPE:h COLUMN_NAME DATA_TYPE:i TYPE_NAME COLUMN_SIZE:i BUFFER_LENGTH:i"
                          + " DECIMAL_DIGITS:h PSEUDO_COLUMN:h",
                      "")),
              Map.entry(
                  "getTypeInfo",
                  new Specified(
                      "TYPE_NAME DATA_TYPE:i PRECISION:i LITERAL_PREFIX LITERAL_SUFFIX"
                          + " CREATE_PARAMS NULLABLE:h CASE_SENSITIVE:b SEARCHABLE:h"
                          + " UNSIGNED_ATTRIBUTE:b FIXED_PREC_SCALE:b AUTO_INCREMENT:b"
                          + " LOCAL_TYPE_NAME MINIMUM_SCALE:h MAXIMUM_SCALE:h SQL_DATA_TYPE:i"
                          + " SQL_DATETIME_SUB:i NUM_PREC_RADIX:i",
                      "DATA_TYPE")),
              Map.entry(
                  "getFunctions",
                  new Specified(
                      "FUNCTION_CAT FUNCTION_SCHEM FUNCTION_NAME REMARKS FUNCTION_TYPE:h"
                          + " SPECIFIC_NAME",
                      "FUNCTION_CAT FUNCTION_SCHEM FUNCTION_NAME SPECIFIC_NAME")),
              Map.entry(
                  "getFunctionColumns",
                  new Specified(
                      "FUNCTION_CAT FUNCTION_SCHEM FUNCTION_NAME COLUMN_NAME COLUMN_TYPE:h"
                          + " DATA_TYPE:i TYPE_NAME PRECISION:i LENGTH:i SCALE:h RADIX:h NULLABLE:h"
                          + " REMARKS CHAR_OCTET_LENGTH:i ORDINAL_POSITION:i IS_NULLABLE"
                          + " SPECIFIC_NAME",
                      "FUNCTION_CAT FUNCTION_SCHEM FUNCTION_NAME SPECIFIC_NAME")),
              Map.entry(
                  "getProcedures",
                  new Specified(
                      "PROCEDURE_CAT PROCEDURE_SCHEM PROCEDURE_NAME RESERVED1 RESERVED2 RESERVED3"
                          + " REMARKS PROCEDURE_TYPE:h SPECIFIC_NAME",
                      "PROCEDURE_CAT PROCEDURE_SCHEM PROCEDURE_NAME SPECIFIC_NAME")),
              Map.entry(
                  "getProcedureColumns",
                  new Specified(
                      "PROCEDURE_CAT PROCEDURE_SCHEM PROCEDURE_NAME COLUMN_NAME COLUMN_TYPE:h"
                          + " DATA_TYPE:i TYPE_NAME PRECISION:i LENGTH:i SCALE:h RADIX:h NULLABLE:h"
                          + " REMARKS COLUMN_DEF SQL_DATA_TYPE:i SQL_DATETIME_SUB:i"
                          + " CHAR_OCTET_LENGTH:i ORDINAL_POSITION:i IS_NULLABLE SPECIFIC_NAME",
                      "PROCEDURE_CAT PROCEDURE_SCHEM PROCEDURE_NAME SPECIFIC_NAME")),
              Map.entry(
                  "getColumnPrivileges",
                  new Specified(
                      "TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME GRANTOR GRANTEE PRIVILEGE"
                          + " IS_GRANTABLE",
                      "COLUMN_NAME PRIVILEGE")),
              Map.entry(
                  "getTablePrivileges",
                  new Specified(
                      "TABLE_CAT TABLE_SCHEM TABLE_NAME GRANTOR GRANTEE PRIVILEGE IS_GRANTABLE",
                      "TABLE_CAT TABLE_SCHEM TABLE_NAME PRIVILEGE")),
              Map.entry(
                  "getUDTs",
                  new Specified(
                      "TYPE_CAT TYPE_SCHEM TYPE_NAME CLASS_NAME DATA_TYPE:i REMARKS BASE_TYPE:h",
                      "DATA_TYPE TYPE_CAT TYPE_SCHEM TYPE_NAME")),
              Map.entry(
                  "getSuperTypes",
                  new Specified(
                      "TYPE_CAT TYPE_SCHEM TYPE_NAME SUPERTYPE_CAT SUPERTYPE_SCHEM SUPERTYPE_NAME",
                      "")),
              Map.entry(
                  "getSuperTables",
                  new Specified("TABLE_CAT TABLE_SCHEM TABLE_NAME SUPERTABLE_NAME", "")),
              Map.entry(
                  "getAttributes",
                  new Specified(
                      "TYPE_CAT TYPE_SCHEM TYPE_NAME ATTR_NAME DATA_TYPE:i ATTR_TYPE_NAME"
                          + " ATTR_SIZE:i DECIMAL_DIGITS:i NUM_PREC_RADIX:i NULLABLE:i REMARKS"
                          + " ATTR_DEF SQL_DATA_TYPE:i SQL_DATETIME_SUB:i CHAR_OCTET_LENGTH:i"
                          + " ORDINAL_POSITION:i IS_NULLABLE SCOPE_CATALOG SCOPE_SCHEMA SCOPE_TABLE"
                          + " SOURCE_DATA_TYPE:h",
                      "TYPE_CAT TYPE_SCHEM TYPE_NAME ORDINAL_POSITION")),
              Map.entry(
                  "getPseudoColumns",
                  new Specified(
                      "TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME DATA_TYPE:i COLUMN_SIZE:i"
                          + " DECIMAL_DIGITS:i NUM_PREC_RADIX:i COLUMN_USAGE REMARKS"
                          + " CHAR_OCTET_LENGTH:i IS_NULLABLE",
                      "TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME")),
              Map.entry(
                  "getClientInfoProperties",
                  new Specified("NAME MAX_LEN:i DEFAULT_VALUE DESCRIPTION", "NAME"))));

  @TempDir static Path folder;
  private static BothRoads roads;

  @BeforeAll
  static void open() throws Exception {
    roads = BothRoads.toDemo(folder.resolve("demo"));
  }

  @AfterAll
  static void close() throws Exception {
    roads.close();
  }

  private static List<Method> methodsWithRows() {
    return Arrays.stream(DatabaseMetaData.class.getMethods())
        .filter(method -> method.getReturnType() == ResultSet.class)
        .toList();
  }

  @Test
  void everyMethodWithRowsIsSpecified() {
    assertEquals(
        JDBC.keySet(), new TreeSet<>(methodsWithRows().stream().map(Method::getName).toList()));
  }

  @ParameterizedTest
  @EnumSource(Road.class)
  void columnsTypesAndOrderAreThoseOfJdbc(Road road) throws Exception {
    try (Connection connection = roads.connect(road, "")) {
      DatabaseMetaData metadata = connection.getMetaData();
      for (Method method : methodsWithRows()) {
        Specified specified = JDBC.get(method.getName());
        for (String name : new String[] {null, "%", "", "daily\\_prices", "a'b\"c", "nosuch"}) {
          try (ResultSet rows = (ResultSet) method.invoke(metadata, arguments(method, name))) {
            String call = method.getName() + " of " + name;
            assertEquals(specified.columns(), columns(rows.getMetaData()), call);
            assertOrdered(specified.order(), rows, call);
          }
        }
      }
    }
  }

  /** All names the same, but for those of schemas, which hardly have the name of a table. */
  private static Object[] arguments(Method method, String name) {
    Class<?>[] types = method.getParameterTypes();
    Object[] arguments = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      if (types[i] == String.class) {
        boolean qualifier = i % 3 < 2 && (i < 2 || types.length == 6);
        arguments[i] = qualifier && name != null && name.contains("\\") ? null : name;
      } else if (types[i] == int.class) {
        arguments[i] = DatabaseMetaData.bestRowSession;
      } else if (types[i] == boolean.class) {
        arguments[i] = false;
      }
    }
    return arguments;
  }

  private static String columns(ResultSetMetaData about) throws SQLException {
    List<String> columns = new ArrayList<>();
    for (int i = 1; i <= about.getColumnCount(); i++) {
      assertEquals(about.getColumnName(i), about.getColumnLabel(i));
      columns.add(about.getColumnName(i) + suffix(about.getColumnType(i)));
    }
    return String.join(" ", columns);
  }

  private static String suffix(int type) {
    return switch (type) {
      case Types.VARCHAR -> "";
      case Types.INTEGER -> ":i";
      case Types.SMALLINT -> ":h";
      case Types.BIGINT -> ":l";
      case Types.BOOLEAN -> ":b";
      default -> ":" + type;
    };
  }

  private static void assertOrdered(String order, ResultSet rows, String call) throws SQLException {
    List<Comparable<?>> before = null;
    while (rows.next()) {
      List<Comparable<?>> now = new ArrayList<>();
      for (String column : order.isEmpty() ? new String[0] : order.split(" ")) {
        now.add((Comparable<?>) rows.getObject(column));
      }
      if (before != null) {
        assertTrue(compare(before, now) <= 0, call + ": " + now + " follows " + before);
      }
      before = now;
    }
  }

  @SuppressWarnings("unchecked")
  private static int compare(List<Comparable<?>> left, List<Comparable<?>> right) {
    Comparator<Comparable<Object>> nullsFirst = Comparator.nullsFirst(Comparator.naturalOrder());
    for (int i = 0; i < left.size(); i++) {
      int order =
          nullsFirst.compare((Comparable<Object>) left.get(i), (Comparable<Object>) right.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /** A name means the same as pattern, escaped, exactly, and in another case. */
  @ParameterizedTest
  @EnumSource(Road.class)
  void namesArePatterns(Road road) throws SQLException {
    try (Connection connection = roads.connect(road, "")) {
      DatabaseMetaData metadata = connection.getMetaData();
      for (String name :
          new String[] {
            "daily_prices", "daily\\_prices", "DAILY\\_PRICES", "daily%", "d_ily\\_%s"
          }) {
        for (String schema : new String[] {null, "nodes", "NODES", "node_", "%"}) {
          assertEquals(
              List.of("daily_prices"), names(metadata.getTables(null, schema, name, null)), name);
          assertEquals(
              List.of("daily_prices"), names(metadata.getColumns("", schema, name, "clos_")), name);
        }
        assertEquals(List.of(), names(metadata.getTables("nosuch", "nodes", name, null)));
        assertEquals(List.of(), names(metadata.getTables(null, "", name, null)));
      }
      assertEquals(List.of(), names(metadata.getTables(null, "nodes", "daily\\%", null)));
      assertEquals(List.of(), names(metadata.getTables(null, "nodes", "", null)));
    }
  }

  private static List<String> names(ResultSet rows) throws SQLException {
    List<String> names = new ArrayList<>();
    try (rows) {
      while (rows.next()) {
        names.add(rows.getString("TABLE_NAME"));
      }
    }
    return names;
  }
}
