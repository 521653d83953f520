package io.datanode.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** SQL as a tree that remembers which parts can be left out or put in place of others. */
sealed interface Sql {
  /** Writes the text, and collects parameters in the order of their {@code ?}. */
  void write(StringBuilder text, List<Parameter> parameters);

  /** Trees that are smaller by one step, the boldest steps first. */
  Stream<Sql> smaller();

  /** The expressions and queries in it, outer ones first. */
  Stream<Phrase> phrases();

  /** The statement, with {@code ?} for parameters. */
  default String text() {
    StringBuilder text = new StringBuilder();
    write(text, new ArrayList<>());
    return text.toString();
  }

  /** Its parameters, in the order of their {@code ?}. */
  default List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>();
    write(new StringBuilder(), parameters);
    return parameters;
  }

  /** Text that is kept as it is. */
  record Words(String words) implements Sql {
    @Override
    public void write(StringBuilder text, List<Parameter> parameters) {
      text.append(words);
    }

    @Override
    public Stream<Sql> smaller() {
      return Stream.empty();
    }

    @Override
    public Stream<Phrase> phrases() {
      return Stream.empty();
    }
  }

  /**
   * A {@code ?}.
   *
   * @param value bound to it
   * @param literal the same value as a constant
   */
  record Parameter(Kind kind, @Nullable Object value, String literal) implements Sql {
    @Override
    public void write(StringBuilder text, List<Parameter> parameters) {
      text.append('?');
      parameters.add(this);
    }

    @Override
    public Stream<Sql> smaller() {
      return Stream.of(new Words(literal));
    }

    @Override
    public Stream<Phrase> phrases() {
      return Stream.empty();
    }
  }

  /**
   * Parts in a row. A part inside it of the same sort may take its place.
   *
   * @param sort the type of an expression, or {@code query}; empty for other parts of a statement
   * @param instead shorter texts that may take its place
   */
  record Phrase(String sort, List<Sql> parts, List<String> instead) implements Sql {
    @Override
    public void write(StringBuilder text, List<Parameter> parameters) {
      parts.forEach(part -> part.write(text, parameters));
    }

    @Override
    public Stream<Sql> smaller() {
      Stream<Sql> inside = replaced(parts).map(changed -> new Phrase(sort, changed, instead));
      return Stream.of(constants(), hoisted(), inside).flatMap(steps -> steps);
    }

    @Override
    public Stream<Phrase> phrases() {
      return Stream.concat(Stream.of(this), parts.stream().flatMap(Sql::phrases));
    }

    private Stream<Sql> hoisted() {
      return sort.isEmpty()
          ? Stream.empty()
          : phrases().skip(1).filter(part -> part.sort().equals(sort)).map(part -> part);
    }

    private Stream<Sql> constants() {
      int length = text().length();
      return instead.stream()
          .filter(text -> text.length() < length)
          .map(text -> new Phrase("", List.of(new Words(text)), List.of()));
    }
  }

  /**
   * Elements of which some may be left out, but not all.
   *
   * @param separator stands between them
   */
  record Listing(String separator, List<Sql> elements) implements Sql {
    @Override
    public void write(StringBuilder text, List<Parameter> parameters) {
      for (int i = 0; i < elements.size(); i++) {
        text.append(i == 0 ? "" : separator);
        elements.get(i).write(text, parameters);
      }
    }

    /** One half, the other, then all but one element. */
    @Override
    public Stream<Sql> smaller() {
      int size = elements.size();
      Stream<List<Sql>> halves =
          size > 3
              ? Stream.of(elements.subList(0, size / 2), elements.subList(size / 2, size))
              : Stream.empty();
      Stream<List<Sql>> others = IntStream.range(0, size).mapToObj(this::without);
      return Stream.of(halves, others, replaced(elements))
          .flatMap(steps -> steps)
          .filter(rest -> !rest.isEmpty())
          .map(rest -> new Listing(separator, List.copyOf(rest)));
    }

    @Override
    public Stream<Phrase> phrases() {
      return elements.stream().flatMap(Sql::phrases);
    }

    private List<Sql> without(int left) {
      List<Sql> rest = new ArrayList<>(elements);
      rest.remove(left);
      return rest;
    }
  }

  /** An expression: texts and trees in a row. */
  static Sql expression(Kind kind, Object... parts) {
    return new Phrase(kind.name(), trees(parts), List.of(kind.plain(), kind.none()));
  }

  /** A query: a query inside it can take its place. */
  static Sql query(Object... parts) {
    return new Phrase("query", trees(parts), List.of());
  }

  /** A part that cannot be left out. */
  static Sql clause(Object... parts) {
    return new Phrase("", trees(parts), List.of());
  }

  /** A part that can be left out. */
  static Sql optional(Object... parts) {
    return either("", parts);
  }

  /** A part that a shorter text can stand for. */
  static Sql either(String instead, Object... parts) {
    return new Phrase("", trees(parts), List.of(instead));
  }

  /** Elements of which some can be left out. */
  static Sql list(String separator, List<? extends Sql> elements) {
    return new Listing(separator, List.copyOf(elements));
  }

  private static List<Sql> trees(Object... parts) {
    return Stream.of(parts)
        .map(part -> part instanceof Sql tree ? tree : new Words((String) part))
        .toList();
  }

  private static Stream<List<Sql>> replaced(List<Sql> parts) {
    return IntStream.range(0, parts.size())
        .boxed()
        .flatMap(i -> parts.get(i).smaller().map(part -> with(parts, i, part)));
  }

  private static List<Sql> with(List<Sql> parts, int index, Sql part) {
    List<Sql> changed = new ArrayList<>(parts);
    changed.set(index, part);
    return List.copyOf(changed);
  }
}
