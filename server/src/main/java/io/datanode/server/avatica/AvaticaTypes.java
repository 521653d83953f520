package io.datanode.server.avatica;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.ResultColumn;
import java.sql.DatabaseMetaData;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.avatica.AvaticaParameter;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.ColumnMetaData.AvaticaType;
import org.apache.calcite.avatica.ColumnMetaData.Rep;
import org.apache.calcite.avatica.SqlType;

/**
 * What stock Avatica clients are told of columns, so that they can read what {@link AvaticaRows}
 * sends.
 *
 * @param instantsAsText true if instants are text with all their digits, of JDBC type 2014; else
 *     they are timestamps in the session's zone, cut to milliseconds as Avatica's frames are
 */
record AvaticaTypes(Encoding encoding, boolean instantsAsText) {

  /** Avatica's timestamps and times are milliseconds. */
  private static final int MILLISECOND_DIGITS = 3;

  List<ColumnMetaData> columns(List<ResultColumn> columns) {
    List<ColumnMetaData> metadata = new ArrayList<>(columns.size());
    for (ResultColumn column : columns) {
      metadata.add(column(metadata.size(), column));
    }
    return metadata;
  }

  private ColumnMetaData column(int ordinal, ResultColumn column) {
    AvaticaType type = type(column.type());
    return new ColumnMetaData(
        ordinal,
        false,
        true,
        true,
        false,
        column.nullable() ? DatabaseMetaData.columnNullable : DatabaseMetaData.columnNoNulls,
        true,
        displaySize(column.type()),
        column.label(),
        column.name(),
        column.schema(),
        precision(column.type()),
        column.type().scale(),
        column.table(),
        "",
        type,
        true,
        false,
        false,
        className(type));
  }

  List<AvaticaParameter> parameters(List<ResultColumn> parameters) {
    List<AvaticaParameter> metadata = new ArrayList<>(parameters.size());
    for (ResultColumn parameter : parameters) {
      AvaticaType type = type(parameter.type());
      metadata.add(
          new AvaticaParameter(
              true,
              precision(parameter.type()),
              parameter.type().scale(),
              type.id,
              type.name,
              className(type),
              parameter.label()));
    }
    return metadata;
  }

  private static String className(AvaticaType type) {
    return SqlType.valueOf(type.id).boxedClass().getName();
  }

  private AvaticaType type(ColumnType type) {
    switch (type.kind()) {
      case BOOLEAN:
        return ColumnMetaData.scalar(Types.BOOLEAN, "BOOLEAN", Rep.BOOLEAN);
      case TINYINT:
        return number(Types.TINYINT, "TINYINT");
      case SMALLINT:
        return number(Types.SMALLINT, "SMALLINT");
      case INTEGER:
        return number(Types.INTEGER, "INTEGER");
      case BIGINT:
        return number(Types.BIGINT, "BIGINT");
      case REAL:
        return number(Types.REAL, "REAL");
      case DOUBLE:
        return number(Types.DOUBLE, "DOUBLE");
      case DECIMAL:
        return number(Types.DECIMAL, "DECIMAL");
      case VARBINARY:
        return ColumnMetaData.scalar(Types.VARBINARY, "VARBINARY", Rep.BYTE_STRING);
      case DATE:
        return number(Types.DATE, "DATE");
      case TIME:
        return number(Types.TIME, "TIME");
      case TIMESTAMP:
        return number(Types.TIMESTAMP, "TIMESTAMP");
      case INSTANT:
        return instantsAsText
            ? ColumnMetaData.scalar(
                Types.TIMESTAMP_WITH_TIMEZONE, "TIMESTAMP WITH TIME ZONE", Rep.STRING)
            : number(Types.TIMESTAMP, "TIMESTAMP WITH LOCAL TIME ZONE");
      case ARRAY:
        AvaticaType element = type(type.element());
        return ColumnMetaData.array(element, element.name + " ARRAY", Rep.ARRAY);
      default:
        // Text, and what stock clients can only show as text: UUIDs, JSON, intervals.
        return ColumnMetaData.scalar(Types.VARCHAR, type.toString(), Rep.STRING);
    }
  }

  // JSON does not say which Java type a number had; this makes clients read any of them.
  private static AvaticaType number(int id, String name) {
    return ColumnMetaData.scalar(id, name, Rep.NUMBER);
  }

  private static int precision(ColumnType type) {
    switch (type.kind()) {
      case TIME:
      case TIMESTAMP:
      case INSTANT:
        return MILLISECOND_DIGITS;
      default:
        return type.precision();
    }
  }

  private static int displaySize(ColumnType type) {
    switch (type.kind()) {
      case BOOLEAN:
        return 5;
      case REAL:
      case DOUBLE:
        return 24;
      case DATE:
        return 10;
      case TIME:
        return 12;
      case TIMESTAMP:
        return 23;
      case INSTANT:
        return 35;
      case TINYINT:
      case SMALLINT:
      case INTEGER:
      case BIGINT:
        return type.precision() + 1;
      case DECIMAL:
        return type.precision() + 2;
      case UUID:
        return 36;
      default:
        return 0;
    }
  }
}
