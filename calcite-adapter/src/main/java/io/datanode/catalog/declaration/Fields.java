package io.datanode.catalog.declaration;

import io.datanode.catalog.declaration.Value.Mapping;
import io.datanode.catalog.declaration.Value.Place;
import io.datanode.catalog.declaration.Value.Scalar;
import io.datanode.catalog.declaration.Value.Sequence;
import io.datanode.node.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One mapping of a catalog file, read key by key; what does not fit becomes a problem. */
final class Fields {
  private final Mapping mapping;
  private final Section section;
  private final Problems problems;

  private Fields(Mapping mapping, Section section, Problems problems) {
    this.mapping = mapping;
    this.section = section;
    this.problems = problems;
  }

  /** A value that has to be a mapping with the keys of a section. */
  static Optional<Fields> of(Value value, Section section, Problems problems) {
    if (!(value instanceof Mapping mapping)) {
      problems.add(
          value.place(),
          "Expected "
              + section.title()
              + " with keys such as "
              + String.join(", ", section.keys().subList(0, 2))
              + ", found "
              + value.kind());
      return Optional.empty();
    }
    mapping
        .keys()
        .forEach(
            (key, place) -> {
              if (!section.keys().contains(key)) {
                problems.add(
                    place,
                    "Unknown key '"
                        + key
                        + "' in "
                        + section.title()
                        + Nearest.hint(key, "its keys", section.keys()));
              }
            });
    return Optional.of(new Fields(mapping, section, problems));
  }

  Place place() {
    return mapping.place();
  }

  boolean has(String key) {
    return value(key) != null;
  }

  /** The value of a key; null if it is missing or empty. */
  @Nullable Value value(String key) {
    Value value = mapping.entries().get(key);
    return value instanceof Scalar scalar && scalar.type() == Scalar.Type.NOTHING ? null : value;
  }

  /** Reports what is wrong with the value of a key. */
  void problem(String key, String message) {
    Value value = mapping.entries().get(key);
    problems.add(value == null ? mapping.place() : value.place(), message);
  }

  /** A text or number that is not blank; null if there is none. */
  @Nullable String text(String key) {
    Value value = mapping.entries().get(key);
    return value == null ? null : text(key, value).orElse(null);
  }

  /** A text that must be there. */
  Optional<String> required(String key) {
    boolean misspelt =
        mapping.keys().keySet().stream()
            .filter(other -> !section.keys().contains(other))
            .anyMatch(other -> Nearest.to(other, section.keys()).filter(key::equals).isPresent());
    if (!mapping.entries().containsKey(key) && !misspelt) {
      problems.add(mapping.place(), "Key '" + key + "' is missing in " + section.title());
    }
    return Optional.ofNullable(text(key));
  }

  private Optional<String> text(String key, Value value) {
    if (value instanceof Scalar scalar && scalar.type() != Scalar.Type.BOOLEAN) {
      if (scalar.raw().isBlank()) {
        problems.add(value.place(), "'" + key + "' is empty; give it a value or leave the key out");
        return Optional.empty();
      }
      return Optional.of(scalar.text());
    }
    problems.add(value.place(), "'" + key + "' has to be a text, but is " + value.kind());
    return Optional.empty();
  }

  /** A truth value, or what holds if there is none. */
  boolean truth(String key, boolean otherwise) {
    Value value = mapping.entries().get(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Scalar scalar && scalar.type() == Scalar.Type.BOOLEAN) {
      return scalar.text().equals("true");
    }
    problem(key, "'" + key + "' has to be true or false, but is " + value.kind());
    return otherwise;
  }

  /** Texts of a list without repetition; a single text counts as a list of one. Null if missing. */
  @Nullable List<String> texts(String key) {
    return texts(key, false);
  }

  /** As {@link #texts}, but a text may be there twice. */
  @Nullable List<String> parts(String key) {
    return texts(key, true);
  }

  private @Nullable List<String> texts(String key, boolean repeated) {
    Value value = mapping.entries().get(key);
    if (value == null) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    for (Value item : value instanceof Sequence list ? list.items() : List.of(value)) {
      Optional<String> text = text(key, item);
      if (!repeated && text.isPresent() && texts.contains(text.get())) {
        problems.add(item.place(), "'" + key + "' names '" + text.get() + "' twice");
      } else {
        text.ifPresent(texts::add);
      }
    }
    return texts;
  }

  /** A text as it stands in the file, safe to print. */
  String raw(String key) {
    return mapping.entries().get(key) instanceof Scalar scalar ? scalar.raw() : "";
  }
}
