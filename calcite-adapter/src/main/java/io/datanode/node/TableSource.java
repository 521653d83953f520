package io.datanode.node;

import io.datanode.jdbc.batch.ColumnType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the rows of a node are, within its storage, and how its columns are read from there. */
public sealed interface TableSource permits TableSource.Table, TableSource.Files, Stitch {
  /**
   * Columns that the storage is to show as another type than they are stored in, by stored name. A
   * storage shows a source without conversions as it is, and one with conversions through a view.
   */
  Map<String, Conversion> conversions();

  /** The same source with other conversions. */
  TableSource withConversions(Map<String, Conversion> conversions);

  /**
   * A table or view.
   *
   * @param path its name, outermost part first, for example {@code [public, daily_prices]}
   */
  record Table(List<String> path, Map<String, Conversion> conversions) implements TableSource {
    public Table {
      path = List.copyOf(path);
      conversions = Map.copyOf(conversions);
    }

    /** A table shown as it is stored. */
    public Table(List<String> path) {
      this(path, Map.of());
    }

    @Override
    public Table withConversions(Map<String, Conversion> other) {
      return new Table(path, other);
    }

    @Override
    public String toString() {
      return String.join(".", path);
    }
  }

  /**
   * Files of one format that together are one table. Columns are matched by name: a column that
   * some files lack is NULL in their rows.
   *
   * @param format what the files are
   * @param globs absolute paths or glob patterns ({@code *}, {@code **}, {@code ?})
   * @param hivePartitioned true if folders named {@code key=value} are columns; where a file has a
   *     column of that name too, the folder's value counts
   * @param hidden columns of the files that the node does not show, such as partition folders
   *     written only for pruning; a name that the files do not have is ignored
   */
  record Files(
      FileFormat format,
      List<String> globs,
      boolean hivePartitioned,
      List<String> hidden,
      Map<String, Conversion> conversions)
      implements TableSource {
    public Files {
      globs = List.copyOf(globs);
      hidden = List.copyOf(hidden);
      conversions = Map.copyOf(conversions);
    }

    /** Files whose columns are shown as they are stored. */
    public Files(
        FileFormat format, List<String> globs, boolean hivePartitioned, List<String> hidden) {
      this(format, globs, hivePartitioned, hidden, Map.of());
    }

    @Override
    public Files withConversions(Map<String, Conversion> other) {
      return new Files(format, globs, hivePartitioned, hidden, other);
    }

    /** The same files with other hidden columns. */
    public Files withHidden(List<String> other) {
      return new Files(format, globs, hivePartitioned, other, conversions);
    }

    @Override
    public String toString() {
      return String.join(", ", globs);
    }
  }

  /** Formats of data files. */
  enum FileFormat {
    PARQUET,
    CSV
  }

  /**
   * A column shown as another type than it is stored in.
   *
   * @param type the type to show; a stored value that cannot be cast fails the query that reads it
   * @param epoch if not null, the stored value is a number of these units since
   *     1970-01-01T00:00:00Z and {@code type} is an instant
   */
  record Conversion(ColumnType type, @Nullable EpochUnit epoch) {}
}
