package io.datanode.jdbc.batch;

import java.util.Objects;

/**
 * The SQL type of a column, and with it how a {@link ColumnVector} holds its values. Immutable.
 *
 * <table>
 * <caption>How values are held</caption>
 * <tr><td>BOOLEAN</td><td>{@link LongVector}: 0 or 1</td></tr>
 * <tr><td>TINYINT … BIGINT</td><td>{@link LongVector}</td></tr>
 * <tr><td>REAL, DOUBLE</td><td>{@link DoubleVector}; a REAL is a float widened exactly</td></tr>
 * <tr><td>DECIMAL</td><td>{@link LongVector} of unscaled values if precision is at most 18, else
 * {@link DecimalVector}</td></tr>
 * <tr><td>VARCHAR, UUID, JSON, OTHER</td><td>{@link TextVector}</td></tr>
 * <tr><td>VARBINARY</td><td>{@link BinaryVector}</td></tr>
 * <tr><td>DATE</td><td>{@link LongVector}: days since 1970-01-01, proleptic Gregorian</td></tr>
 * <tr><td>TIME</td><td>{@link LongVector}: microseconds since midnight</td></tr>
 * <tr><td>TIMESTAMP</td><td>{@link LongVector}: microseconds since 1970-01-01 00:00:00 on the wall
 * clock, no zone; nanoseconds if precision is greater than 6</td></tr>
 * <tr><td>INSTANT</td><td>{@link LongVector}: microseconds since 1970-01-01T00:00:00Z; nanoseconds if
 * precision is greater than 6. {@link #INFINITY} and {@link #MINUS_INFINITY} stand for the infinite
 * timestamps of PostgreSQL and DuckDB, in TIMESTAMP and DATE too</td></tr>
 * <tr><td>YEAR_MONTH</td><td>{@link LongVector}: months</td></tr>
 * <tr><td>DAY_TIME</td><td>{@link LongVector}: microseconds</td></tr>
 * <tr><td>ARRAY</td><td>{@link ArrayVector}</td></tr>
 * </table>
 */
public final class ColumnType {
  /** The instant, date or timestamp after all others. */
  public static final long INFINITY = Long.MAX_VALUE;

  /** The instant, date or timestamp before all others. */
  public static final long MINUS_INFINITY = -Long.MAX_VALUE;

  /** A family of types. */
  public enum Kind {
    BOOLEAN,
    TINYINT,
    SMALLINT,
    INTEGER,
    BIGINT,
    REAL,
    DOUBLE,
    DECIMAL,
    VARCHAR,
    VARBINARY,
    DATE,
    TIME,
    /** A wall-clock timestamp without zone. */
    TIMESTAMP,
    /** A point in time: TIMESTAMP WITH LOCAL TIME ZONE. */
    INSTANT,
    UUID,
    JSON,
    /** An interval of years and months. */
    YEAR_MONTH,
    /** An interval of days to fractions of a second. */
    DAY_TIME,
    ARRAY,
    /** A type of the storage that SQL here only knows as text. */
    OTHER;

    /** True for whole numbers, decimals and binary floating point numbers. */
    public boolean isNumber() {
      switch (this) {
        case TINYINT:
        case SMALLINT:
        case INTEGER:
        case BIGINT:
        case REAL:
        case DOUBLE:
        case DECIMAL:
          return true;
        default:
          return false;
      }
    }
  }

  public static final ColumnType BOOLEAN = new ColumnType(Kind.BOOLEAN, 1, 0, null);
  public static final ColumnType TINYINT = new ColumnType(Kind.TINYINT, 3, 0, null);
  public static final ColumnType SMALLINT = new ColumnType(Kind.SMALLINT, 5, 0, null);
  public static final ColumnType INTEGER = new ColumnType(Kind.INTEGER, 10, 0, null);
  public static final ColumnType BIGINT = new ColumnType(Kind.BIGINT, 19, 0, null);
  public static final ColumnType REAL = new ColumnType(Kind.REAL, 7, 0, null);
  public static final ColumnType DOUBLE = new ColumnType(Kind.DOUBLE, 15, 0, null);
  public static final ColumnType VARCHAR = new ColumnType(Kind.VARCHAR, 0, 0, null);
  public static final ColumnType VARBINARY = new ColumnType(Kind.VARBINARY, 0, 0, null);
  public static final ColumnType DATE = new ColumnType(Kind.DATE, 0, 0, null);
  public static final ColumnType TIME = new ColumnType(Kind.TIME, 6, 0, null);
  public static final ColumnType TIMESTAMP = new ColumnType(Kind.TIMESTAMP, 6, 0, null);
  public static final ColumnType TIMESTAMP_NANOS = new ColumnType(Kind.TIMESTAMP, 9, 0, null);
  public static final ColumnType INSTANT = new ColumnType(Kind.INSTANT, 6, 0, null);
  public static final ColumnType INSTANT_NANOS = new ColumnType(Kind.INSTANT, 9, 0, null);
  public static final ColumnType UUID = new ColumnType(Kind.UUID, 36, 0, null);
  public static final ColumnType JSON = new ColumnType(Kind.JSON, 0, 0, null);
  public static final ColumnType YEAR_MONTH = new ColumnType(Kind.YEAR_MONTH, 0, 0, null);
  public static final ColumnType DAY_TIME = new ColumnType(Kind.DAY_TIME, 6, 0, null);
  public static final ColumnType OTHER = new ColumnType(Kind.OTHER, 0, 0, null);

  private final Kind kind;
  private final int precision;
  private final int scale;
  private final ColumnType element;

  private ColumnType(Kind kind, int precision, int scale, ColumnType element) {
    this.kind = kind;
    this.precision = precision;
    this.scale = scale;
    this.element = element;
  }

  /** A decimal of 1 to 38 digits, {@code scale} of them after the point. */
  public static ColumnType decimal(int precision, int scale) {
    if (precision < 1 || precision > 38 || scale < 0 || scale > precision) {
      throw new IllegalArgumentException("DECIMAL(" + precision + ", " + scale + ")");
    }
    return new ColumnType(Kind.DECIMAL, precision, scale, null);
  }

  /** An array of values of one type. */
  public static ColumnType array(ColumnType element) {
    return new ColumnType(Kind.ARRAY, 0, 0, Objects.requireNonNull(element));
  }

  /** The type with these parts; used to read a type from the wire. */
  public static ColumnType of(Kind kind, int precision, int scale, ColumnType element) {
    return new ColumnType(kind, precision, scale, element);
  }

  public Kind kind() {
    return kind;
  }

  /** Decimal digits, or fractional digits of the second for times; 0 where it has no meaning. */
  public int precision() {
    return precision;
  }

  /** Digits after the point of a DECIMAL, else 0. */
  public int scale() {
    return scale;
  }

  /** The type of an ARRAY's elements, else null. */
  public ColumnType element() {
    return element;
  }

  /** True if timestamps of this type are held as nanoseconds rather than microseconds. */
  public boolean nanoseconds() {
    return (kind == Kind.TIMESTAMP || kind == Kind.INSTANT) && precision > 6;
  }

  /** A new, empty vector that holds values of this type. */
  public ColumnVector vector(int capacity) {
    switch (kind) {
      case REAL:
      case DOUBLE:
        return new DoubleVector(capacity);
      case DECIMAL:
        return precision <= 18 ? new LongVector(capacity) : new DecimalVector(capacity);
      case VARCHAR:
      case UUID:
      case JSON:
      case OTHER:
        return new TextVector(capacity);
      case VARBINARY:
        return new BinaryVector(capacity);
      case ARRAY:
        return new ArrayVector(capacity, element.vector(capacity));
      default:
        return new LongVector(capacity);
    }
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof ColumnType)) {
      return false;
    }
    ColumnType that = (ColumnType) other;
    return kind == that.kind
        && precision == that.precision
        && scale == that.scale
        && Objects.equals(element, that.element);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, precision, scale, element);
  }

  /** The name as SQL writes it, for example {@code DECIMAL(18, 4)}. */
  @Override
  public String toString() {
    switch (kind) {
      case DECIMAL:
        return "DECIMAL(" + precision + ", " + scale + ")";
      case TIMESTAMP:
        return "TIMESTAMP(" + precision + ")";
      case INSTANT:
        return "TIMESTAMP(" + precision + ") WITH LOCAL TIME ZONE";
      case TIME:
        return "TIME(" + precision + ")";
      case YEAR_MONTH:
        return "INTERVAL YEAR TO MONTH";
      case DAY_TIME:
        return "INTERVAL DAY TO SECOND";
      case ARRAY:
        return element + " ARRAY";
      default:
        return kind.name();
    }
  }
}
