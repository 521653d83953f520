package io.datanode.catalog;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import java.util.List;

/** A catalog that breaks rules; knows all of them, so that they can be mended in one go. */
public final class InvalidCatalogException extends DataNodeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  /**
   * One thing that is wrong.
   *
   * @param where file, line and column, as {@code /data/catalog.yaml:12:5}
   * @param message what is wrong and what would be right
   */
  public record Problem(String where, String message) {
    @Override
    public String toString() {
      return where + ": " + message;
    }
  }

  /**
   * A catalog with these problems.
   *
   * @param problems at least one, in order of place
   */
  public InvalidCatalogException(List<Problem> problems) {
    super(SqlState.CONFIGURATION_ERROR, message(problems));
    this.problems = List.copyOf(problems);
  }

  /** All that is wrong, in order of place. */
  public List<Problem> problems() {
    return problems;
  }

  private static String message(List<Problem> problems) {
    int others = problems.size() - 1;
    return problems.get(0)
        + (others == 0
            ? ""
            : " (and " + others + (others == 1 ? " problem" : " problems") + " more)");
  }
}
