package io.datanode.storage.duckdb;

import io.datanode.DataNodeException;
import io.datanode.storage.NewRows;
import io.datanode.storage.WriteMode;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How the rows that a table has are changed by new ones, in SQL of DuckDB.
 *
 * @param old what stands after FROM to read the rows that are there
 * @param rows the new ones
 */
record RowChange(String old, NewRows rows) {

  /** True for rows {@code o} that are there and rows {@code n} to come if their keys are equal. */
  private String sameKey() {
    return rows.key().stream()
        .map(Names::quoted)
        .map(name -> "o." + name + " = n." + name)
        .collect(Collectors.joining(" AND "));
  }

  private String added() {
    return "(" + rows.query() + ")";
  }

  /** True for rows {@code o} whose key a new row has. */
  private String overtaken() {
    return "EXISTS (SELECT 1 FROM " + added() + " AS n WHERE " + sameKey() + ")";
  }

  /**
   * Makes sure that no new row has the key of one that is there.
   *
   * @throws DataNodeException 23505 naming the first such keys
   */
  void checkApart(PooledConnection connection) throws SQLException {
    String keys =
        rows.key().stream()
            .map(name -> "CAST(n." + Names.quoted(name) + " AS VARCHAR)")
            .collect(Collectors.joining(", "));
    List<List<String>> met =
        connection.rows(
            "SELECT "
                + keys
                + " FROM "
                + added()
                + " AS n WHERE EXISTS (SELECT 1 FROM "
                + old
                + " AS o WHERE "
                + sameKey()
                + ") ORDER BY ALL LIMIT "
                + (NewRows.KEYS_NAMED + 1));
    if (!met.isEmpty()) {
      throw rows.alreadyThere(met);
    }
  }

  /** How many rows that are there go. */
  long replaced(PooledConnection connection, WriteMode mode) throws SQLException {
    if (mode == WriteMode.CREATE || mode == WriteMode.APPEND) {
      return 0;
    }
    String all = "SELECT count(*) FROM " + old + " AS o";
    String sql = mode == WriteMode.REPLACE ? all : all + " WHERE " + overtaken();
    return Long.parseLong(connection.rows(sql).get(0).get(0));
  }

  /** A DELETE of the rows that go from a table. */
  String delete(WriteMode mode) {
    String all = "DELETE FROM " + old + " AS o";
    return mode == WriteMode.REPLACE ? all : all + " WHERE " + overtaken();
  }

  /** A SELECT of all rows there are to be, in order of their keys. */
  String merged(WriteMode mode) {
    String all =
        switch (mode) {
          case CREATE, REPLACE -> inOrder();
          case APPEND -> kept("") + " UNION ALL " + inOrder();
          case UPSERT -> kept(" WHERE NOT " + overtaken()) + " UNION ALL " + inOrder();
        };
    String order = rows.key().stream().map(Names::quoted).collect(Collectors.joining(", "));
    return "SELECT * FROM (" + all + ") ORDER BY " + order;
  }

  /** Rows that are there, in the types of the new ones, which hold all of their values. */
  private String kept(String condition) {
    String columns =
        rows.columns().stream()
            .map(
                column -> {
                  String name = Names.quoted(column.name());
                  String type = NativeTypes.nativeType(column.type());
                  return "CAST(o." + name + " AS " + type + ") AS " + name;
                })
            .collect(Collectors.joining(", "));
    return "SELECT " + columns + " FROM " + old + " AS o" + condition;
  }

  /** A SELECT of the new rows with their columns in order. */
  private String inOrder() {
    return "SELECT " + columns() + " FROM " + added() + " AS n";
  }

  /** An INSERT of the new rows into a table. */
  String insert() {
    return "INSERT INTO " + old + " (" + columns() + ") " + inOrder();
  }

  private String columns() {
    return rows.names().stream().map(Names::quoted).collect(Collectors.joining(", "));
  }
}
