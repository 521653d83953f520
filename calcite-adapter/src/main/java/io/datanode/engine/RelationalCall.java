package io.datanode.engine;

import io.datanode.plan.RelationalQuery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query that is built, to run with its values and limits; what {@link
 * io.datanode.jdbc.session.StatementCall} is for SQL.
 *
 * @param id chosen by the caller, unique in the session; names the statement in {@code cancel} and
 *     in the query log
 * @param parameters one value for each parameter of the query, in order; null, Boolean, Long,
 *     Double, BigDecimal, String, byte[], LocalDate, LocalTime, LocalDateTime, Instant, UUID, or a
 *     List of these
 * @param maxRows rows after which the result ends; 0 means no limit
 * @param timeoutSeconds seconds after which the statement is stopped with SQLSTATE 57014; 0 means
 *     the session's limit
 * @param asOf the instant it is to be in, not after that of the session; null for that of the
 *     session
 */
public record RelationalCall(
    String id,
    RelationalQuery query,
    List<@Nullable Object> parameters,
    long maxRows,
    int timeoutSeconds,
    @Nullable Instant asOf) {
  public RelationalCall {
    parameters = Collections.unmodifiableList(new ArrayList<>(parameters));
  }

  /** A call at the time of the session. */
  public RelationalCall(
      String id,
      RelationalQuery query,
      List<@Nullable Object> parameters,
      long maxRows,
      int timeoutSeconds) {
    this(id, query, parameters, maxRows, timeoutSeconds, null);
  }
}
