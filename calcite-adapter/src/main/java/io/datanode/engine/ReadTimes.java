package io.datanode.engine;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.batch.LongVector;
import io.datanode.plan.Plan;
import io.datanode.storage.EmbeddedEngine;
import io.datanode.storage.RunningQuery;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds what the times of FOR SYSTEM_TIME AS OF are, before anything is read. */
final class ReadTimes {
  private final EmbeddedEngine embedded;

  ReadTimes(EmbeddedEngine embedded) {
    this.embedded = embedded;
  }

  /**
   * The values for one execution, with those found.
   *
   * @throws DataNodeException 22023 if a time is NULL or later than the session may see
   */
  QueryRun.Arguments found(
      List<Plan.ReadTime> times, QueryRun.Arguments arguments, RunningStatement statement) {
    List<@Nullable Instant> found = new ArrayList<>();
    for (Plan.ReadTime time : times) {
      Instant instant =
          time.statement() == null
              ? value(time, arguments)
              : computed(time.statement(), arguments, statement);
      if (instant == null) {
        throw new DataNodeException(
            SqlState.INVALID_PARAMETER,
            "The time of FOR SYSTEM_TIME AS OF is NULL; expected an instant" + time.place());
      }
      arguments.times().check(instant, time.place());
      found.add(instant);
    }
    return arguments.at(arguments.times().naming(found));
  }

  private static @Nullable Instant value(Plan.ReadTime time, QueryRun.Arguments arguments) {
    Object value = time.value() == null ? null : arguments.value(time.value());
    return (Instant) value;
  }

  private @Nullable Instant computed(
      Plan.StorageStatement planned, QueryRun.Arguments arguments, RunningStatement statement) {
    try (RunningQuery query =
        statement.watched(
            embedded.execute(new ReadyStatement(planned, Map.of(), Map.of()).query(arguments)))) {
      ColumnBatch batch = query.next();
      while (batch != null && batch.rowCount() == 0) {
        batch = query.next();
      }
      if (batch == null || batch.column(0).isNull(0)) {
        return null;
      }
      return Instant.EPOCH.plus(((LongVector) batch.column(0)).get(0), ChronoUnit.MICROS);
    }
  }
}
