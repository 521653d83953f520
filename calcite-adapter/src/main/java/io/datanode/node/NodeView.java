package io.datanode.node;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which rows of a node a name in SQL stands for. */
public enum NodeView {
  /** The newest version of each row that is known: what the node's own name stands for. */
  NEWEST(""),
  /** Every version of each row that is known. */
  VERSIONS("$versions"),
  /** Of each identity the newest row; of a node without identity, its newest row. */
  LATEST("$latest");

  private final String suffix;

  NodeView(String suffix) {
    this.suffix = suffix;
  }

  /** What follows the node's name, for example {@code $versions}. */
  public String suffix() {
    return suffix;
  }

  /** The node's name in the name of this view of it, ignoring case; null if it is another name. */
  public @Nullable String nodeName(String name) {
    boolean ends = name.toLowerCase(Locale.ROOT).endsWith(suffix);
    return ends && name.length() > suffix.length()
        ? name.substring(0, name.length() - suffix.length())
        : null;
  }
}
