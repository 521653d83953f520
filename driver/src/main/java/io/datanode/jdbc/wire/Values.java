package io.datanode.jdbc.wire;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * How single values travel: a byte for the class, then the value. The classes are those of {@code
 * StatementCall.parameters()} and {@code MetadataCall.arguments()}.
 */
final class Values {
  private static final int DEEPEST_LIST = 8;

  private Values() {}

  static void write(ByteWriter out, Object value) {
    if (value == null) {
      out.int8('0');
    } else if (value instanceof Boolean) {
      out.int8((Boolean) value ? 'T' : 'F');
    } else if (value instanceof Long) {
      out.int8('L');
      out.int64((Long) value);
    } else if (value instanceof Integer) {
      out.int8('I');
      out.int32((Integer) value);
    } else if (value instanceof Double) {
      out.int8('D');
      out.int64(Double.doubleToRawLongBits((Double) value));
    } else if (value instanceof BigDecimal) {
      out.int8('N');
      out.bytes(((BigDecimal) value).unscaledValue().toByteArray());
      out.int32(((BigDecimal) value).scale());
    } else if (value instanceof String) {
      out.int8('S');
      out.text((String) value);
    } else if (value instanceof byte[]) {
      out.int8('B');
      out.bytes((byte[]) value);
    } else if (value instanceof LocalDate) {
      out.int8('d');
      out.int64(((LocalDate) value).toEpochDay());
    } else if (value instanceof LocalTime) {
      out.int8('t');
      out.int64(((LocalTime) value).toNanoOfDay());
    } else if (value instanceof LocalDateTime) {
      out.int8('w');
      out.int64(((LocalDateTime) value).toLocalDate().toEpochDay());
      out.int64(((LocalDateTime) value).toLocalTime().toNanoOfDay());
    } else if (value instanceof Instant) {
      out.int8('i');
      out.int64(((Instant) value).getEpochSecond());
      out.int32(((Instant) value).getNano());
    } else if (value instanceof UUID) {
      out.int8('u');
      out.int64(((UUID) value).getMostSignificantBits());
      out.int64(((UUID) value).getLeastSignificantBits());
    } else if (value instanceof List) {
      out.int8('A');
      writeList(out, (List<?>) value);
    } else {
      throw new IllegalArgumentException("Value of " + value.getClass() + " cannot be sent");
    }
  }

  static void writeList(ByteWriter out, List<?> values) {
    out.count(values.size());
    for (Object value : values) {
      write(out, value);
    }
  }

  static List<Object> readList(ByteReader in) throws SQLException {
    return readList(in, 0);
  }

  private static List<Object> readList(ByteReader in, int depth) throws SQLException {
    if (depth > DEEPEST_LIST) {
      throw ByteReader.malformed("lists within lists are too deep");
    }
    int count = in.countOfItems();
    List<Object> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(read(in, depth));
    }
    return values;
  }

  private static Object read(ByteReader in, int depth) throws SQLException {
    int code = in.int8();
    try {
      switch (code) {
        case '0':
          return null;
        case 'T':
          return true;
        case 'F':
          return false;
        case 'L':
          return in.int64();
        case 'I':
          return in.int32();
        case 'D':
          return Double.longBitsToDouble(in.int64());
        case 'N':
          return new BigDecimal(new BigInteger(in.bytes()), in.int32());
        case 'S':
          return in.text();
        case 'B':
          return in.bytes();
        case 'd':
          return LocalDate.ofEpochDay(in.int64());
        case 't':
          return LocalTime.ofNanoOfDay(in.int64());
        case 'w':
          return LocalDate.ofEpochDay(in.int64()).atTime(LocalTime.ofNanoOfDay(in.int64()));
        case 'i':
          return Instant.ofEpochSecond(in.int64(), in.int32());
        case 'u':
          return new UUID(in.int64(), in.int64());
        case 'A':
          return readList(in, depth + 1);
        default:
          throw ByteReader.malformed("a value of kind " + code);
      }
    } catch (DateTimeException | NumberFormatException e) {
      throw ByteReader.malformed("a value out of range: " + e.getMessage());
    }
  }
}
