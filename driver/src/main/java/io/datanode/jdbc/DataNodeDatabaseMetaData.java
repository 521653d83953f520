package io.datanode.jdbc;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.MetadataCall;
import io.datanode.jdbc.session.MetadataCall.Method;
import io.datanode.jdbc.session.ResultColumn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Describes the catalog: calls answered by rows go to the session, with no rows for what does not
 * exist here, such as procedures.
 */
final class DataNodeDatabaseMetaData extends DatabaseFacts {
  private static final Pattern NUMBERS = Pattern.compile("(\\d{1,9})(?:\\.(\\d{1,9}))?.*");

  private final DataNodeConnection connection;
  private Map<String, String> nameLists;

  DataNodeDatabaseMetaData(DataNodeConnection connection) {
    super(connection);
    this.connection = connection;
  }

  private ResultSet rows(Method method, Object... arguments) throws SQLException {
    MetadataCall call = new MetadataCall(method, Arrays.asList(arguments));
    return connection.resultSet(null, null, connection.metadata(call), 0);
  }

  private static List<String> list(String[] values) {
    return values == null ? null : Arrays.asList(values);
  }

  /**
   * No rows.
   *
   * @param columns names, each with {@code :i} if it is an INTEGER and {@code :h} if a SMALLINT
   */
  private ResultSet empty(String columns) throws SQLException {
    connection.requireOpen();
    List<ResultColumn> described = new ArrayList<>();
    for (String column : columns.split(" ")) {
      ColumnType type =
          column.endsWith(":i")
              ? ColumnType.INTEGER
              : column.endsWith(":h") ? ColumnType.SMALLINT : ColumnType.VARCHAR;
      described.add(ResultColumn.of(column.replaceFirst(":.$", ""), type));
    }
    return connection.resultSet(null, null, new EmptyResult(described), 0);
  }

  private synchronized String nameList(String name) throws SQLException {
    if (nameLists == null) {
      Map<String, String> read = new HashMap<>();
      try (ResultSet lists = rows(Method.NAME_LISTS)) {
        while (lists.next()) {
          read.put(lists.getString(1), lists.getString(2));
        }
      }
      nameLists = read;
    }
    return nameLists.getOrDefault(name, "");
  }

  /** The first or second number of the product's version, 0 if it has none. */
  private int version(int part) throws SQLException {
    Matcher numbers = NUMBERS.matcher(connection.info().productVersion());
    return numbers.matches() && numbers.group(part + 1) != null
        ? Integer.parseInt(numbers.group(part + 1))
        : 0;
  }

  @Override
  public Connection getConnection() throws SQLException {
    return connection;
  }

  @Override
  public ResultSet getSchemas() throws SQLException {
    return getSchemas(null, null);
  }

  @Override
  public ResultSet getSchemas(String catalog, String schemaPattern) throws SQLException {
    return rows(Method.SCHEMAS, catalog, schemaPattern);
  }

  @Override
  public Properties getRemoteAvaticaProperties() {
    return new Properties();
  }

  @Override
  public String getAvaticaServerVersion() {
    return DriverRelease.version();
  }

  @Override
  public <T> T unwrap(Class<T> iface) throws SQLException {
    return Wrappers.unwrap(this, iface);
  }

  @Override
  public boolean isWrapperFor(Class<?> iface) {
    return iface != null && iface.isInstance(this);
  }

  @Override
  public int getDatabaseMajorVersion() throws SQLException {
    return version(0);
  }

  @Override
  public int getDatabaseMinorVersion() throws SQLException {
    return version(1);
  }

  @Override
  public String getURL() throws SQLException {
    return connection.shownUrl();
  }

  @Override
  public String getUserName() throws SQLException {
    return connection.info().userName();
  }

  @Override
  public String getDatabaseProductName() throws SQLException {
    return connection.info().productName();
  }

  @Override
  public String getDatabaseProductVersion() throws SQLException {
    return connection.info().productVersion();
  }

  @Override
  public String getSQLKeywords() throws SQLException {
    return nameList("KEYWORDS");
  }

  @Override
  public String getNumericFunctions() throws SQLException {
    return nameList("NUMERIC_FUNCTIONS");
  }

  @Override
  public String getStringFunctions() throws SQLException {
    return nameList("STRING_FUNCTIONS");
  }

  @Override
  public String getSystemFunctions() throws SQLException {
    return nameList("SYSTEM_FUNCTIONS");
  }

  @Override
  public String getTimeDateFunctions() throws SQLException {
    return nameList("TIME_DATE_FUNCTIONS");
  }

  @Override
  public ResultSet getProcedures(String catalog, String schemaPattern, String procedureNamePattern)
      throws SQLException {
    return empty(
        "PROCEDURE_CAT PROCEDURE_SCHEM PROCEDURE_NAME RESERVED1 RESERVED2 "
            + "RESERVED3 REMARKS PROCEDURE_TYPE:h SPECIFIC_NAME");
  }

  @Override
  public ResultSet getProcedureColumns(
      String catalog, String schemaPattern, String procedureNamePattern, String columnNamePattern)
      throws SQLException {
    return empty(
        "PROCEDURE_CAT PROCEDURE_SCHEM PROCEDURE_NAME COLUMN_NAME COLUMN_TYPE:h "
            + "DATA_TYPE:i TYPE_NAME PRECISION:i LENGTH:i SCALE:h RADIX:h NULLABLE:h "
            + "REMARKS COLUMN_DEF SQL_DATA_TYPE:i SQL_DATETIME_SUB:i "
            + "CHAR_OCTET_LENGTH:i ORDINAL_POSITION:i IS_NULLABLE SPECIFIC_NAME");
  }

  @Override
  public ResultSet getTables(
      String catalog, String schemaPattern, String tableNamePattern, String[] types)
      throws SQLException {
    return rows(Method.TABLES, catalog, schemaPattern, tableNamePattern, list(types));
  }

  @Override
  public ResultSet getCatalogs() throws SQLException {
    return rows(Method.CATALOGS);
  }

  @Override
  public ResultSet getTableTypes() throws SQLException {
    return rows(Method.TABLE_TYPES);
  }

  @Override
  public ResultSet getColumns(
      String catalog, String schemaPattern, String tableNamePattern, String columnNamePattern)
      throws SQLException {
    return rows(Method.COLUMNS, catalog, schemaPattern, tableNamePattern, columnNamePattern);
  }

  @Override
  public ResultSet getColumnPrivileges(
      String catalog, String schema, String table, String columnNamePattern) throws SQLException {
    return rows(Method.COLUMN_PRIVILEGES, catalog, schema, table, columnNamePattern);
  }

  @Override
  public ResultSet getTablePrivileges(String catalog, String schemaPattern, String tableNamePattern)
      throws SQLException {
    return rows(Method.TABLE_PRIVILEGES, catalog, schemaPattern, tableNamePattern);
  }

  @Override
  public ResultSet getBestRowIdentifier(
      String catalog, String schema, String table, int scope, boolean nullable)
      throws SQLException {
    return rows(Method.BEST_ROW_IDENTIFIER, catalog, schema, table, scope, nullable);
  }

  @Override
  public ResultSet getVersionColumns(String catalog, String schema, String table)
      throws SQLException {
    return empty(
        "SCOPE:h COLUMN_NAME DATA_TYPE:i TYPE_NAME COLUMN_SIZE:i "
            + "BUFFER_LENGTH:i DECIMAL_DIGITS:h PSEUDO_COLUMN:h");
  }

  @Override
  public ResultSet getPrimaryKeys(String catalog, String schema, String table) throws SQLException {
    return rows(Method.PRIMARY_KEYS, catalog, schema, table);
  }

  @Override
  public ResultSet getImportedKeys(String catalog, String schema, String table)
      throws SQLException {
    return rows(Method.IMPORTED_KEYS, catalog, schema, table);
  }

  @Override
  public ResultSet getExportedKeys(String catalog, String schema, String table)
      throws SQLException {
    return rows(Method.EXPORTED_KEYS, catalog, schema, table);
  }

  @Override
  public ResultSet getCrossReference(
      String parentCatalog,
      String parentSchema,
      String parentTable,
      String foreignCatalog,
      String foreignSchema,
      String foreignTable)
      throws SQLException {
    return rows(
        Method.CROSS_REFERENCE,
        parentCatalog,
        parentSchema,
        parentTable,
        foreignCatalog,
        foreignSchema,
        foreignTable);
  }

  @Override
  public ResultSet getTypeInfo() throws SQLException {
    return rows(Method.TYPE_INFO);
  }

  @Override
  public ResultSet getIndexInfo(
      String catalog, String schema, String table, boolean unique, boolean approximate)
      throws SQLException {
    return rows(Method.INDEX_INFO, catalog, schema, table, unique, approximate);
  }

  @Override
  public ResultSet getUDTs(
      String catalog, String schemaPattern, String typeNamePattern, int[] types)
      throws SQLException {
    return empty("TYPE_CAT TYPE_SCHEM TYPE_NAME CLASS_NAME DATA_TYPE:i REMARKS " + "BASE_TYPE:h");
  }

  @Override
  public ResultSet getSuperTypes(String catalog, String schemaPattern, String typeNamePattern)
      throws SQLException {
    return empty("TYPE_CAT TYPE_SCHEM TYPE_NAME SUPERTYPE_CAT SUPERTYPE_SCHEM " + "SUPERTYPE_NAME");
  }

  @Override
  public ResultSet getSuperTables(String catalog, String schemaPattern, String tableNamePattern)
      throws SQLException {
    return empty("TABLE_CAT TABLE_SCHEM TABLE_NAME SUPERTABLE_NAME");
  }

  @Override
  public ResultSet getAttributes(
      String catalog, String schemaPattern, String typeNamePattern, String attributeNamePattern)
      throws SQLException {
    return empty(
        "TYPE_CAT TYPE_SCHEM TYPE_NAME ATTR_NAME DATA_TYPE:i ATTR_TYPE_NAME "
            + "ATTR_SIZE:i DECIMAL_DIGITS:i NUM_PREC_RADIX:i NULLABLE:i REMARKS "
            + "ATTR_DEF SQL_DATA_TYPE:i SQL_DATETIME_SUB:i CHAR_OCTET_LENGTH:i "
            + "ORDINAL_POSITION:i IS_NULLABLE SCOPE_CATALOG SCOPE_SCHEMA SCOPE_TABLE "
            + "SOURCE_DATA_TYPE:h");
  }

  @Override
  public ResultSet getClientInfoProperties() throws SQLException {
    return rows(Method.CLIENT_INFO_PROPERTIES);
  }

  @Override
  public ResultSet getFunctions(String catalog, String schemaPattern, String functionNamePattern)
      throws SQLException {
    return rows(Method.FUNCTIONS, catalog, schemaPattern, functionNamePattern);
  }

  @Override
  public ResultSet getFunctionColumns(
      String catalog, String schemaPattern, String functionNamePattern, String columnNamePattern)
      throws SQLException {
    return rows(
        Method.FUNCTION_COLUMNS, catalog, schemaPattern, functionNamePattern, columnNamePattern);
  }

  @Override
  public ResultSet getPseudoColumns(
      String catalog, String schemaPattern, String tableNamePattern, String columnNamePattern)
      throws SQLException {
    return empty(
        "TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME DATA_TYPE:i COLUMN_SIZE:i "
            + "DECIMAL_DIGITS:i NUM_PREC_RADIX:i COLUMN_USAGE REMARKS "
            + "CHAR_OCTET_LENGTH:i IS_NULLABLE");
  }
}
