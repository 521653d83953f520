package io.datanode.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import javax.sql.DataSource;
import org.apache.calcite.adapter.jdbc.JdbcConvention;
import org.apache.calcite.adapter.jdbc.JdbcSchema;
import org.apache.calcite.jdbc.CalciteConnection;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.schema.Schemas;
import org.apache.calcite.sql.dialect.PostgresqlSqlDialect;

/**
 * Calcite as it comes, with one {@code JdbcSchema} for DuckDB and one for PostgreSQL. With
 * Calcite's own dialect for DuckDB every join on a text fails, because DuckDB knows no CHARACTER
 * SET; so it speaks to DuckDB as to PostgreSQL.
 */
final class StockCalcite {
  private StockCalcite() {}

  /** A connection with the schemas {@code lake} and {@code desk}. */
  static Connection connect(Path duckDbFile, String postgreSqlUrl) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("caseSensitive", "false");
    properties.setProperty("unquotedCasing", "UNCHANGED");
    properties.setProperty("quotedCasing", "UNCHANGED");
    properties.setProperty("timeZone", "UTC");
    properties.setProperty(
        "parserFactory", "org.apache.calcite.sql.parser.babel.SqlBabelParserImpl#FACTORY");
    Connection connection = DriverManager.getConnection("jdbc:calcite:", properties);
    SchemaPlus root = connection.unwrap(CalciteConnection.class).getRootSchema();
    DataSource lake =
        JdbcSchema.dataSource(
            "jdbc:duckdb:" + duckDbFile + ";duckdb.read_only=true",
            "org.duckdb.DuckDBDriver",
            null,
            null);
    DataSource desk =
        JdbcSchema.dataSource(postgreSqlUrl, "org.postgresql.Driver", "postgres", "postgres");
    JdbcConvention convention =
        JdbcConvention.of(
            PostgresqlSqlDialect.DEFAULT,
            Schemas.subSchemaExpression(root, "lake", JdbcSchema.class),
            "lake");
    root.add("lake", new JdbcSchema(lake, PostgresqlSqlDialect.DEFAULT, convention, null, "main"));
    root.add("desk", JdbcSchema.create(root, "desk", desk, null, "public"));
    return connection;
  }
}
