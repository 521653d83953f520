package io.datanode.catalog.declaration;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A part of a declared catalog that knows where it stands. */
public sealed interface Value {
  /** Where it begins. */
  Place place();

  /** What it is, for error messages. */
  String kind();

  /**
   * A place in the source of a catalog; {@link Problems.Places} puts it into words.
   *
   * @param line in a file, the line counted from 1; in tables, the row in order of reading
   * @param column in a file, the character counted from 1; in tables, always 1
   */
  record Place(int line, int column) {}

  /**
   * Keys with values, in the order of the source.
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
   * @param references says what references in it stand for; null if the text means itself
   */
  record Scalar(Place place, Type type, String raw, @Nullable References references)
      implements Value {
    /** What a single value is. */
    public enum Type {
      TEXT,
      NUMBER,
      BOOLEAN,
      NOTHING
    }

    /**
     * What it says, with references replaced; may be a secret. A reference to nothing is reported
     * to the problems.
     */
    public String text() {
      return references != null && raw.contains("${") ? references.resolve(raw, place) : raw;
    }

    /** Reports references that are misspelt; none is looked up. */
    void checkReferences() {
      if (references != null && raw.contains("${")) {
        references.check(raw, place);
      }
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
