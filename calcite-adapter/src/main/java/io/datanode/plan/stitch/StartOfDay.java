package io.datanode.plan.stitch;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.plan.Plan.ParameterSource;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * When the day of an instant began in a zone: midnight, or the first time that the zone's clock
 * shows on a day on which it skips midnight.
 *
 * @param type of the column it is compared with; one without zone is the clock of the zone
 */
record StartOfDay(ZoneId zone, ColumnType type) implements ParameterSource.RangeEnd.End {
  @Override
  public @Nullable Object bound(@Nullable Object given) {
    if (given == null) {
      return null;
    }
    LocalDate day = ((Instant) given).atZone(zone).toLocalDate();
    return switch (type.kind()) {
      case DATE -> day;
      case TIMESTAMP -> day.atStartOfDay(zone).toLocalDateTime();
      default -> day.atStartOfDay(zone).toInstant();
    };
  }
}
