package io.datanode;

import io.datanode.engine.EngineSession;
import io.datanode.engine.EngineSessionProvider;
import io.datanode.engine.SearchCall;
import io.datanode.engine.SearchResult;
import io.datanode.jdbc.ConnectUrl;
import io.datanode.jdbc.Setting;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.session.StatementCall;
import io.datanode.read.FixedReads;
import io.datanode.search.FoundNode;
import io.datanode.search.NodeSearch;
import io.datanode.search.SearchRequest;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a catalog, for Java programs that want rows rather than SQL.
 *
 * <pre>{@code
 * try (DataNodes nodes = DataNodes.open("jdbc:datanode:./market-data")) {
 *   List<Price> prices = nodes.node("daily_prices")
 *       .between(start, end, Interval.CLOSED_OPEN)
 *       .assets("SAP", "AAPL")
 *       .columns("close")
 *       .records(Price.class);
 * }
 * }</pre>
 *
 * <p>Thread-safe: any number of threads may read at the same time; the {@link Rows} that a read
 * gives belong to one thread. Connections and other DataNodes to the same place in this process
 * share one engine. Closing it stops what still runs.
 *
 * <p>Failures are {@link DataNodeException}s with a SQLSTATE; those of a request that is wrong are
 * {@link io.datanode.search.InvalidSearchException}s, which say where.
 */
public final class DataNodes implements AutoCloseable {
  private final EngineSession session;

  private DataNodes(EngineSession session) {
    this.session = session;
  }

  /**
   * Opens the nodes at a place, or those of a server. What is asked of a server's nodes is planned
   * in this process and runs in the server: conditions, joins, aggregates and limits go there.
   *
   * @param url {@code jdbc:datanode:<folder, file, .duckdb file, catalog.yaml or postgresql://…>}
   *     or {@code jdbc:datanode://host:8765/}, with settings behind {@code ?} as for a connection
   * @throws DataNodeException 22023 if the URL is wrong, 08001 or 28000 if the server does not
   *     answer or refuses the login, or what the engine says of the place
   */
  public static DataNodes open(String url) {
    if (!ConnectUrl.accepts(url)) {
      throw new DataNodeException(
          SqlState.INVALID_PARAMETER,
          "This is no URL of data nodes; expected jdbc:datanode:<place>");
    }
    return unchecked(
        () -> {
          ConnectUrl parsed = ConnectUrl.parse(url, new Properties());
          Map<String, String> settings = new HashMap<>();
          parsed.settings().forEach((setting, value) -> settings.put(setting.key(), value));
          String place =
              parsed.remote()
                  ? parsed
                      .with(setting -> setting.scope() == Setting.Scope.CONNECTION)
                      .substring("jdbc:".length())
                  : parsed.path();
          return new DataNodes(new EngineSessionProvider().open(place, settings));
        });
  }

  /**
   * A node to read.
   *
   * @param identifier of a node, with its namespace or without
   * @throws DataNodeException 42P01 with the nearest names if there is none
   */
  public NodeReader node(String identifier) {
    FixedReads reads = new FixedReads(session);
    return NodeReader.of(reads, reads.node(identifier));
  }

  /**
   * Nodes whose identifier, labels, description and columns are like the words, those most alike
   * first; at most {@value NodeSearch#MOST}.
   *
   * @throws io.datanode.search.InvalidSearchException 22023 if there are no words
   */
  public List<FoundNode> searchDescriptions(String words) {
    return new NodeSearch(session.nodes()).descriptions(words, NodeSearch.MOST, node -> true);
  }

  /**
   * Nodes with columns whose name, label or description contains the words, in any case; first
   * those that have a column of this name.
   *
   * @throws io.datanode.search.InvalidSearchException 22023 if there are no words
   */
  public List<FoundNode> searchColumns(String words) {
    return new NodeSearch(session.nodes()).columns(words, node -> true);
  }

  /**
   * A page of a search. Its columns are those of the index, then {@code base__<column>} and {@code
   * <join name>__<column>}.
   *
   * @throws io.datanode.search.InvalidSearchException if the request is wrong
   */
  public Rows search(SearchRequest request) {
    return unchecked(
        () -> {
          SearchResult page = session.search(SearchCall.of("search-" + UUID.randomUUID(), request));
          return new Rows(
              page,
              () -> {
                Long next = page.nextOffset();
                return next == null ? OptionalLong.empty() : OptionalLong.of(next);
              });
        });
  }

  /**
   * The rows of a query in SQL.
   *
   * @param parameters one value for each {@code ?}
   */
  public Rows query(String sql, @Nullable Object... parameters) {
    return unchecked(
        () ->
            new Rows(
                session.execute(
                    new StatementCall(
                        "query-" + UUID.randomUUID(), sql, Arrays.asList(parameters), 0, 0)),
                OptionalLong::empty));
  }

  /** Ends all reads. Calling it again does nothing. */
  @Override
  public void close() {
    session.close();
  }

  /** What fails with a checked exception of JDBC. */
  interface Work<T> {
    T run() throws SQLException;
  }

  /** Does something whose failure is told as {@link DataNodeException}. */
  static <T> T unchecked(Work<T> work) {
    try {
      return work.run();
    } catch (SQLException e) {
      if (e.getCause() instanceof DataNodeException cause) {
        throw cause;
      }
      throw new DataNodeException(
          e.getSQLState() == null ? SqlState.INTERNAL_ERROR.code() : e.getSQLState(),
          String.valueOf(e.getMessage()),
          e);
    }
  }
}
