package io.datanode.read;

import io.datanode.engine.EngineSession;
import io.datanode.engine.PageCall;
import io.datanode.engine.ParameterValues;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.read.Cell;
import io.datanode.jdbc.session.Result;
import io.datanode.schema.ResolvedNode;
import io.datanode.search.NodeLookup;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Answers fixed reads in a session: each is one query, planned, logged and limited as SQL is.
 *
 * <p>Use it as the session may be used. A result holds resources of the session until it is closed.
 */
public final class FixedReads {
  private final EngineSession session;

  /**
   * Reads in a session, of the nodes its user sees and at the instant it is in.
   *
   * @param session stays open as long as the reads; it is not closed here
   */
  public FixedReads(EngineSession session) {
    this.session = session;
  }

  /**
   * The node a text names.
   *
   * @param identifier of a node, with its namespace or without
   * @throws io.datanode.search.InvalidSearchException 42P01 with the nearest names if there is none
   *     or there are several
   */
  public ResolvedNode node(String identifier) {
    return new NodeLookup(session.nodes()).named(identifier);
  }

  /**
   * The rows of a read, index columns first, in the order of the index.
   *
   * @throws SQLException what a query may fail with
   * @throws io.datanode.search.InvalidSearchException 22023, 42703, 22018 or 22007 with the place
   *     of what is wrong in the request
   */
  public ReadPage rows(ResolvedNode node, FixedRead read) throws SQLException {
    return rows(newId(), node, read, "", 0);
  }

  /**
   * The same, under an id and with a time limit.
   *
   * @param id names the read in {@code cancel} and in the query log; unique in the session
   * @param reader who turns the pages, for example the address of a client; readers that are told
   *     apart never continue from each other's pages. May be empty
   * @param timeoutSeconds seconds after which it is stopped with SQLSTATE 57014; 0 means the
   *     session's limit
   * @throws SQLException as {@link #rows(ResolvedNode, FixedRead)}
   */
  public ReadPage rows(
      String id, ResolvedNode node, FixedRead read, String reader, int timeoutSeconds)
      throws SQLException {
    return new ReadPage(
        session.page(translation(node, read).rows(), page(id, read, reader, timeoutSeconds)));
  }

  /**
   * How the rows would be read, as {@code EXPLAIN PLAN AS JSON FOR} shows a query.
   *
   * @throws SQLException as {@link #rows}
   */
  public Result explain(ResolvedNode node, FixedRead read) throws SQLException {
    return session.explain(translation(node, read).rows(), page(newId(), read, "", 0));
  }

  private static PageCall page(String id, FixedRead read, String reader, int timeoutSeconds) {
    return new PageCall(
        id,
        reader,
        read.page(0, 0),
        read.limit() == 0 ? Long.MAX_VALUE : read.limit(),
        read.offset(),
        timeoutSeconds,
        null);
  }

  // As in search requests, and in the reference: what a request means does not depend on a session.
  private static ReadTranslation translation(ResolvedNode node, FixedRead read) {
    return new ReadTranslation(node, read, new ParameterValues(ZoneOffset.UTC));
  }

  private static String newId() {
    return "read-" + UUID.randomUUID();
  }

  /**
   * The least and greatest time index of each identity.
   *
   * @param read which rows count; what it says of columns and pages is passed over
   * @throws SQLException as {@link #rows}
   */
  public UpdateStatistics statistics(ResolvedNode node, FixedRead read) throws SQLException {
    List<String> identity = node.identity();
    List<UpdateStatistics.Progress> progress = new ArrayList<>();
    try (Result rows = session.execute(translation(node, read).statistics(newId()))) {
      List<Cell> cells =
          rows.columns().stream().map(column -> Cell.of(column, rows.timeZone())).toList();
      for (ColumnBatch batch = rows.next(); batch != null; batch = rows.next()) {
        for (int i = 0; i < cells.size(); i++) {
          cells.get(i).load(batch.column(i));
        }
        for (int row = 0; row < batch.rowCount(); row++) {
          Map<String, @Nullable Object> coordinate = new LinkedHashMap<>();
          for (int i = 0; i < identity.size(); i++) {
            coordinate.put(identity.get(i), JavaValues.of(cells.get(i), row));
          }
          Comparable<?> earliest = (Comparable<?>) JavaValues.of(cells.get(identity.size()), row);
          Comparable<?> latest = (Comparable<?>) JavaValues.of(cells.get(identity.size() + 1), row);
          if (!identity.isEmpty() || earliest != null) {
            progress.add(new UpdateStatistics.Progress(coordinate, earliest, latest));
          }
        }
      }
    }
    return new UpdateStatistics(identity, progress);
  }
}
