package io.datanode.read;

import io.datanode.jdbc.read.Cell;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values of results as the classes of {@code java.time} and of collections, not those of JDBC. */
public final class JavaValues {
  private JavaValues() {}

  /**
   * The value of a column.
   *
   * @param cell standing on a batch
   * @return null for NULL; Instant, LocalDateTime, LocalDate, LocalTime, Period or Duration for
   *     times; a List of what JDBC gives for arrays; else what {@code ResultSet.getObject} gives
   * @throws SQLException 22018 if the value has no such form
   */
  public static @Nullable Object of(Cell cell, int row) throws SQLException {
    if (cell.isNull(row)) {
      return null;
    }
    switch (cell.column().type().kind()) {
      case INSTANT:
        return cell.instant(row);
      case TIMESTAMP:
        return cell.localDateTime(row);
      case DATE:
        return cell.localDate(row);
      case TIME:
        return cell.localTime(row);
      case YEAR_MONTH:
        return cell.period(row);
      case DAY_TIME:
        return cell.duration(row);
      case ARRAY:
        List<@Nullable Object> elements = Arrays.asList((Object[]) cell.array(row).getArray());
        return Collections.unmodifiableList(elements);
      default:
        return cell.object(row);
    }
  }
}
