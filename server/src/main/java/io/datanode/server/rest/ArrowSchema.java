package io.datanode.server.rest;

import com.google.flatbuffers.FlatBufferBuilder;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.session.ResultColumn;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.apache.arrow.flatbuf.Binary;
import org.apache.arrow.flatbuf.Bool;
import org.apache.arrow.flatbuf.Date;
import org.apache.arrow.flatbuf.DateUnit;
import org.apache.arrow.flatbuf.Decimal;
import org.apache.arrow.flatbuf.Duration;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.Interval;
import org.apache.arrow.flatbuf.IntervalUnit;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.Time;
import org.apache.arrow.flatbuf.TimeUnit;
import org.apache.arrow.flatbuf.Timestamp;
import org.apache.arrow.flatbuf.Type;
import org.apache.arrow.flatbuf.Utf8;

/** The columns of a result as an Arrow schema. */
final class ArrowSchema {
  private static final int[] NO_CHILDREN = {};

  private final FlatBufferBuilder out;
  private final String zone;

  private ArrowSchema(FlatBufferBuilder out, ZoneId zone) {
    this.out = out;
    // Arrow knows IANA names and offsets of hours and minutes, but no Z.
    this.zone = zone.equals(ZoneOffset.UTC) ? "UTC" : zone.getId();
  }

  /** Writes the schema; returns where it is. */
  static int write(FlatBufferBuilder out, List<ResultColumn> columns, ZoneId zone) {
    ArrowSchema schema = new ArrowSchema(out, zone);
    int[] fields = new int[columns.size()];
    for (int i = 0; i < fields.length; i++) {
      ResultColumn column = columns.get(i);
      fields[i] = schema.field(column.label(), column.type(), column.nullable());
    }
    int all = Schema.createFieldsVector(out, fields);
    return Schema.createSchema(out, Endianness.Little, all, 0, 0);
  }

  private int field(String name, ColumnType type, boolean nullable) {
    int[] children =
        type.kind() == ColumnType.Kind.ARRAY
            ? new int[] {field("item", type.element(), true)}
            : NO_CHILDREN;
    int childVector = Field.createChildrenVector(out, children);
    int label = out.createString(name);
    int typeAt = type(type);
    return Field.createField(out, label, nullable, typeCode(type), typeAt, 0, childVector, 0);
  }

  private static byte typeCode(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> Type.Bool;
      case TINYINT, SMALLINT, INTEGER, BIGINT -> Type.Int;
      case REAL, DOUBLE -> Type.FloatingPoint;
      case DECIMAL -> Type.Decimal;
      case VARCHAR, UUID, JSON, OTHER -> Type.Utf8;
      case VARBINARY -> Type.Binary;
      case DATE -> Type.Date;
      case TIME -> Type.Time;
      case TIMESTAMP, INSTANT -> Type.Timestamp;
      case YEAR_MONTH -> Type.Interval;
      case DAY_TIME -> Type.Duration;
      case ARRAY -> Type.List;
    };
  }

  private int type(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> empty(Bool::startBool, Bool::endBool);
      case TINYINT -> Int.createInt(out, 8, true);
      case SMALLINT -> Int.createInt(out, 16, true);
      case INTEGER -> Int.createInt(out, 32, true);
      case BIGINT -> Int.createInt(out, 64, true);
      case REAL -> FloatingPoint.createFloatingPoint(out, Precision.SINGLE);
      case DOUBLE -> FloatingPoint.createFloatingPoint(out, Precision.DOUBLE);
      case DECIMAL -> Decimal.createDecimal(out, type.precision(), type.scale(), 128);
      case VARCHAR, UUID, JSON, OTHER -> empty(Utf8::startUtf8, Utf8::endUtf8);
      case VARBINARY -> empty(Binary::startBinary, Binary::endBinary);
      case DATE -> Date.createDate(out, DateUnit.DAY);
      case TIME -> Time.createTime(out, TimeUnit.MICROSECOND, 64);
      case TIMESTAMP -> Timestamp.createTimestamp(out, unit(type), 0);
      case INSTANT -> Timestamp.createTimestamp(out, unit(type), out.createString(zone));
      case YEAR_MONTH -> Interval.createInterval(out, IntervalUnit.YEAR_MONTH);
      case DAY_TIME -> Duration.createDuration(out, TimeUnit.MICROSECOND);
      case ARRAY ->
          empty(org.apache.arrow.flatbuf.List::startList, org.apache.arrow.flatbuf.List::endList);
    };
  }

  private static short unit(ColumnType type) {
    return type.nanoseconds() ? TimeUnit.NANOSECOND : TimeUnit.MICROSECOND;
  }

  private int empty(Consumer<FlatBufferBuilder> start, ToIntFunction<FlatBufferBuilder> end) {
    start.accept(out);
    return end.applyAsInt(out);
  }
}
