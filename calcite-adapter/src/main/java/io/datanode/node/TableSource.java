package io.datanode.node;

import java.util.List;

/** Where the rows of a node are, within its storage. */
public sealed interface TableSource {
  /**
   * A table or view.
   *
   * @param path its name, outermost part first, for example {@code [public, daily_prices]}
   */
  record Table(List<String> path) implements TableSource {
    public Table {
      path = List.copyOf(path);
    }

    @Override
    public String toString() {
      return String.join(".", path);
    }
  }

  /**
   * Files of one format that together are one table.
   *
   * @param format what the files are
   * @param globs absolute paths or glob patterns ({@code *}, {@code **}, {@code ?})
   * @param hivePartitioned true if folders named {@code key=value} are columns
   * @param hidden columns of the files that the node does not show, such as partition folders
   *     written only for pruning
   */
  record Files(FileFormat format, List<String> globs, boolean hivePartitioned, List<String> hidden)
      implements TableSource {
    public Files {
      globs = List.copyOf(globs);
      hidden = List.copyOf(hidden);
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
}
