package io.datanode.jdbc.session;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a prepared statement gives and takes. Immutable. */
public final class StatementShape {
  private final List<ResultColumn> columns;
  private final List<ResultColumn> parameters;

  /**
   * The shape of a statement.
   *
   * @param columns columns of its result; empty for a statement without one, such as SET
   * @param parameters one per {@code ?}, in order
   */
  public StatementShape(List<ResultColumn> columns, List<ResultColumn> parameters) {
    this.columns = Collections.unmodifiableList(new ArrayList<>(columns));
    this.parameters = Collections.unmodifiableList(new ArrayList<>(parameters));
  }

  public List<ResultColumn> columns() {
    return columns;
  }

  public List<ResultColumn> parameters() {
    return parameters;
  }
}
