package io.datanode.server.rest;

import io.datanode.DataNodeException;
import io.datanode.jdbc.Setting;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnBatch;
import io.datanode.jdbc.session.Result;
import io.datanode.jdbc.session.Session;
import io.datanode.server.http.Exchange;
import io.datanode.server.http.HttpError;
import io.datanode.server.http.RefusedException;
import io.datanode.server.session.OpenStatement;
import io.datanode.server.session.RowReader;
import io.datanode.server.session.ServerSession;
import io.datanode.server.session.ServerSession.StatementUse;
import io.datanode.server.session.Sessions;
import io.datanode.server.session.Sessions.SessionUse;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs statements of requests, each in a session of its own, and sends their rows while they are
 * read. When the client goes away, the statement is stopped. Thread-safe.
 */
final class StatementRunner {
  /** The request header that names an instant in the past. */
  static final String AS_OF = "As-Of";

  private static final Logger LOGGER = LoggerFactory.getLogger(StatementRunner.class);

  private final Sessions sessions;
  private final Executor cleaning;

  /**
   * A runner.
   *
   * @param cleaning runs what ends statements of clients that are gone
   */
  StatementRunner(Sessions sessions, Executor cleaning) {
    this.sessions = sessions;
    this.cleaning = cleaning;
  }

  /** What is run. */
  @FunctionalInterface
  interface Work {
    /**
     * Runs it.
     *
     * @param id names the statement in {@code cancel} and in the query log
     */
    Result run(Session session, String id) throws SQLException;
  }

  /** Makes the writer of an answer. */
  @FunctionalInterface
  interface Writers {
    /**
     * A writer.
     *
     * @param result whose rows it will be given; not to be read
     */
    RowsWriter to(OutputStream out, Result result) throws IOException;
  }

  /**
   * How rows are answered.
   *
   * @param maxRows rows to send; if there are more, the answer says so. 0 means all
   */
  record Answer(String contentType, Writers writers, long maxRows) {}

  /**
   * Runs a statement and answers with its rows.
   *
   * @param settings of its session
   * @throws SQLException if it fails before anything is answered
   * @throws RefusedException 505 if the client cannot be told where rows end
   */
  void answer(Exchange exchange, Map<String, String> settings, Work work, Answer answer)
      throws RefusedException, SQLException, IOException {
    if (!exchange.canStream()) {
      throw new RefusedException(
          HttpError.of(
              505,
              SqlState.PROTOCOL_ERROR,
              "Rows are sent by HTTP/1.1 only: by HTTP/1.0 nobody could tell a broken answer from a"
                  + " whole one. In nginx, set proxy_http_version 1.1"));
    }
    String sessionId = sessions.newId();
    sessions.open(sessionId, exchange.user(), exchange.shownUser(), inTime(exchange, settings));
    try (SessionUse use =
        sessions.use(sessionId, exchange.user()).orElseThrow(StatementRunner::stopped)) {
      String id = sessions.newId();
      use.session().addStatement(id, null, null);
      exchange.responseHeader("Query-Id", id);
      try (StatementUse statement = use.session().use(id).orElseThrow(StatementRunner::stopped)) {
        run(exchange, use.session(), statement.statement(), work, answer);
      }
    } finally {
      sessions.close(sessionId, exchange.user());
    }
  }

  /** The settings, and the instant of header {@code As-Of} where they name none. */
  private static Map<String, String> inTime(Exchange exchange, Map<String, String> settings) {
    String asOf = exchange.header(AS_OF);
    boolean named = settings.keySet().stream().anyMatch(Setting.AS_OF.key()::equalsIgnoreCase);
    if (asOf == null || named) {
      return settings;
    }
    Map<String, String> all = new HashMap<>(settings);
    all.put(Setting.AS_OF.key(), asOf);
    return all;
  }

  private static SQLException stopped() {
    return SqlState.SERVER_SHUTDOWN.exception("The server is shutting down");
  }

  private void run(
      Exchange exchange, ServerSession session, OpenStatement statement, Work work, Answer answer)
      throws SQLException, IOException {
    Runnable giveUp = () -> giveUp(session, statement);
    exchange.onClientGone(giveUp);
    statement.run(statement.id(), engine -> work.run(engine, statement.id()), RowReader::new);
    statement.read(
        RowReader.class,
        rows -> {
          try {
            send(exchange, rows, answer, giveUp);
          } catch (IOException e) {
            LOGGER.debug("The client of statement {} is gone", statement.id());
          }
          return null;
        });
  }

  private static void send(Exchange exchange, RowReader rows, Answer answer, Runnable giveUp)
      throws SQLException, IOException {
    ResponseBody body =
        new ResponseBody(exchange, answer.contentType(), Accepted.gzip(exchange), giveUp);
    RowsWriter writer = answer.writers().to(body, rows.result());
    try {
      writer.begin(rows.columns(), rows.timeZone());
      long count = 0;
      boolean truncated = false;
      ColumnBatch batch;
      while (!truncated && (batch = rows.batch()) != null) {
        int batchRows = batch.rowCount();
        if (answer.maxRows() > 0 && count + batchRows > answer.maxRows()) {
          truncated = true;
          batch.setRowCount((int) (answer.maxRows() - count));
        }
        writer.rows(batch);
        count += batch.rowCount();
        rows.take(batchRows);
        if (!rows.lastBatch()) {
          body.offer();
        }
      }
      writer.end(count, truncated);
      body.end();
    } catch (IOException e) {
      body.abandon(e);
      throw e;
    } catch (SQLException e) {
      breakOff(body, writer, HttpError.of(e), e);
    } catch (DataNodeException e) {
      breakOff(body, writer, HttpError.of(e), e.toSqlException());
    } catch (RuntimeException e) {
      LOGGER.error("Rows could not be written", e);
      SQLException error =
          SqlState.INTERNAL_ERROR.exception(
              "The server failed (" + e.getClass().getSimpleName() + "); its log says more", e);
      breakOff(body, writer, HttpError.of(error), error);
    }
  }

  private static void breakOff(
      ResponseBody body, RowsWriter writer, HttpError error, SQLException cause)
      throws SQLException, IOException {
    if (!body.begun()) {
      throw cause;
    }
    writer.fail(error);
    body.breakOff(cause);
  }

  /** Ends the statement of a client that is gone; on other threads, as it may have to wait. */
  private void giveUp(ServerSession session, OpenStatement statement) {
    cleaning.execute(() -> session.giveUp(statement));
  }
}
