package io.datanode.jdbc.session;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/** A statement to run, with its parameter values and limits. Immutable. */
public final class StatementCall {
  private final String id;
  private final String sql;
  private final List<Object> parameters;
  private final long maxRows;
  private final int timeoutSeconds;

  /**
   * A statement to run.
   *
   * @param id chosen by the caller, unique in the session; names the statement in {@code cancel}
   *     and in the query log
   * @param parameters one value per {@code ?}, in order; each null, Boolean, Long, Double,
   *     BigDecimal, String, byte[], LocalDate, LocalTime, LocalDateTime, Instant, UUID, or a List
   *     of these
   * @param maxRows rows after which the result ends; 0 means no limit
   * @param timeoutSeconds seconds after which the statement is stopped with SQLSTATE 57014; 0 means
   *     never
   */
  public StatementCall(
      String id, String sql, List<?> parameters, long maxRows, int timeoutSeconds) {
    this.id = Objects.requireNonNull(id);
    this.sql = Objects.requireNonNull(sql);
    this.parameters = Collections.unmodifiableList(new ArrayList<>(parameters));
    this.maxRows = maxRows;
    this.timeoutSeconds = timeoutSeconds;
  }

  public String id() {
    return id;
  }

  public String sql() {
    return sql;
  }

  public List<Object> parameters() {
    return parameters;
  }

  public long maxRows() {
    return maxRows;
  }

  public int timeoutSeconds() {
    return timeoutSeconds;
  }
}
