package io.datanode.storage.sql;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.NlsString;
import org.apache.calcite.util.TimestampString;

/** Writes constants. */
final class Literals {
  private final StorageDialect dialect;

  Literals(StorageDialect dialect) {
    this.dialect = dialect;
  }

  /** A literal with its type, even where the storage would guess another. */
  String typed(RexLiteral literal, RelDataType type) {
    if (literal.isNull()) {
      return "CAST(NULL AS " + dialect.typeName(type) + ")";
    }
    SqlTypeName name = type.getSqlTypeName();
    String text = text(literal, false);
    boolean plain =
        name == SqlTypeName.INTEGER
            || SqlTypeFamily.CHARACTER.getTypeNames().contains(name)
            || name == SqlTypeName.BOOLEAN
            || text.startsWith("CAST(");
    return plain ? text : "CAST(" + text + " AS " + dialect.typeName(type) + ")";
  }

  String text(RexLiteral literal, boolean inComparison) {
    RelDataType type = literal.getType();
    if (literal.isNull()) {
      return type.getSqlTypeName() == SqlTypeName.NULL
          ? "NULL"
          : "CAST(NULL AS " + dialect.typeName(type) + ")";
    }
    switch (type.getSqlTypeName()) {
      case BOOLEAN:
        return Boolean.TRUE.equals(literal.getValueAs(Boolean.class)) ? "TRUE" : "FALSE";
      case TINYINT:
      case SMALLINT:
      case BIGINT:
        String whole = decimal(literal).toPlainString();
        return inComparison ? whole : "CAST(" + whole + " AS " + dialect.typeName(type) + ")";
      case INTEGER:
        return negative(decimal(literal).toPlainString());
      case DECIMAL:
        BigDecimal value = decimal(literal);
        return value.scale() <= 0 && !inComparison
            ? "CAST(" + value.toPlainString() + " AS " + dialect.typeName(type) + ")"
            : negative(value.toPlainString());
      case REAL:
      case FLOAT:
      case DOUBLE:
        return negative(dialect.floatingPoint(number(literal).doubleValue()));
      case CHAR:
      case VARCHAR:
        return string(literal);
      case BINARY:
      case VARBINARY:
        ByteString bytes = literal.getValueAs(ByteString.class);
        return dialect.binary(bytes == null ? "" : bytes.toString(16));
      case DATE:
        DateString date = literal.getValueAs(DateString.class);
        return dialect.date(LocalDate.parse(String.valueOf(date)));
      case TIME:
        return "TIME '" + literal.getValueAs(org.apache.calcite.util.TimeString.class) + "'";
      case TIMESTAMP:
        return dialect.timestamp(String.valueOf(literal.getValueAs(TimestampString.class)));
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE:
        return dialect.instant(String.valueOf(literal.getValueAs(TimestampString.class)));
      case SYMBOL:
        return dialect.string(String.valueOf(literal.getValue()));
      default:
        if (SqlTypeName.YEAR_INTERVAL_TYPES.contains(type.getSqlTypeName())) {
          return dialect.months(decimal(literal).longValueExact());
        }
        if (SqlTypeName.DAY_INTERVAL_TYPES.contains(type.getSqlTypeName())) {
          return dialect.microseconds(
              decimal(literal).multiply(BigDecimal.valueOf(1000)).longValue());
        }
        if (type.getSqlTypeName() == SqlTypeName.UUID) {
          return "CAST("
              + dialect.string(String.valueOf(literal.getValueAs(java.util.UUID.class)))
              + " AS UUID)";
        }
        throw ExpressionWriter.unsupported(literal);
    }
  }

  private static String negative(String number) {
    return number.startsWith("-") ? "(" + number + ")" : number;
  }

  private static Number number(RexLiteral literal) {
    Object value = literal.getValue();
    return value instanceof Number ? (Number) value : decimal(literal);
  }

  static BigDecimal decimal(RexLiteral literal) {
    BigDecimal value = literal.getValueAs(BigDecimal.class);
    if (value == null) {
      throw ExpressionWriter.unsupported(literal);
    }
    return value;
  }

  private String string(RexLiteral literal) {
    NlsString value = literal.getValueAs(NlsString.class);
    String text = value == null ? "" : value.getValue();
    if (SqlPieces.holdsMark(text) || text.indexOf('\0') >= 0) {
      throw new DataNodeException(
          SqlState.INVALID_PARAMETER,
          "A string literal holds a character that no text may hold (U+0000 or U+FDD0 to U+FDD6)");
    }
    return dialect.string(text);
  }
}
