package io.datanode.plan;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * Something wrong at a place of the parsed text. The planner says it again with the place in the
 * user's text, as a {@link MisplacedSqlException}.
 */
public final class ParsedSqlException extends DataNodeException {
  private static final long serialVersionUID = 1L;

  private final SqlState state;
  private final transient @Nullable SqlParserPos place;

  /**
   * An error without its place in words.
   *
   * @param place null if the query was not written, but built
   */
  public ParsedSqlException(SqlState state, String message, @Nullable SqlParserPos place) {
    super(state, message);
    this.state = state;
    this.place = place;
  }

  DataNodeException in(SqlText text) {
    return place == null || place.getLineNum() < 1
        ? new DataNodeException(state, getMessage(), this)
        : SqlErrors.at(state, getMessage(), place.getLineNum(), place.getColumnNum(), text);
  }
}
