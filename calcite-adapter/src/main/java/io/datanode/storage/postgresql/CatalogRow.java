package io.datanode.storage.postgresql;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row of {@code pg_catalog}, read as text; columns are counted from 0. */
record CatalogRow(List<@Nullable String> values) {
  /** Separates names in one text; no name has it. */
  private static final String SEPARATOR = "\u001f";

  @Nullable String get(int column) {
    return values.get(column);
  }

  /** A value that is never NULL. */
  String text(int column) {
    String value = values.get(column);
    if (value == null) {
      throw new IllegalStateException("pg_catalog gave NULL in column " + column + " of " + values);
    }
    return value;
  }

  boolean isTrue(int column) {
    return "t".equals(values.get(column));
  }

  int number(int column) {
    return Integer.parseInt(text(column));
  }

  /** The number of a table, as a parameter of another question. */
  Long table(int column) {
    return Long.valueOf(text(column));
  }

  /** The number of a type: unsigned, but the driver holds it in an int. */
  int type(int column) {
    return (int) Long.parseLong(text(column));
  }

  /** Names that were joined by the separator. */
  List<String> names(int column) {
    return Arrays.asList(text(column).split(SEPARATOR));
  }
}
