package io.datanode.search;

import java.util.Locale;

/** Which rows a join keeps. */
public enum JoinType {
  /** Rows of the base that have a partner, with their partners. */
  INNER,
  /** All rows of the base. */
  LEFT,
  /** All rows of both; the keys of a row are those of the side that has it. */
  FULL;

  /** How JSON writes it, for example {@code inner}. */
  public String token() {
    return name().toLowerCase(Locale.ROOT);
  }
}
