package io.datanode.catalog.file;

import java.util.List;
import java.util.Map;

/** A part of a catalog file that knows where it stands. */
sealed interface Value {
  /** Where it begins. */
  Place place();

  /** What it is, for error messages. */
  String kind();

  /**
   * A place in a file.
   *
   * @param line counted from 1
   * @param column counted from 1
   */
  record Place(int line, int column) {}

  /**
   * Keys with values, in the order of the file.
   *
   * @param keys where each key stands
   */
  record Mapping(Place place, Map<String, Value> entries, Map<String, Place> keys)
      implements Value {
    @Override
    public String kind() {
      return "a mapping of keys to values";
    }
  }

  /** A list. */
  record Sequence(Place place, List<Value> items) implements Value {
    @Override
    public String kind() {
      return "a list";
    }
  }

  /**
   * A text, number, truth value or nothing.
   *
   * @param raw as it is written, safe to print
   * @param text with references replaced; may be a secret
   */
  record Scalar(Place place, Type type, String raw, String text) implements Value {
    enum Type {
      TEXT,
      NUMBER,
      BOOLEAN,
      NOTHING
    }

    @Override
    public String kind() {
      return switch (type) {
        case TEXT -> "the text '" + raw + "'";
        case NUMBER -> "the number " + raw;
        case BOOLEAN -> raw;
        case NOTHING -> "empty";
      };
    }
  }
}
