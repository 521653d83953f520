package io.datanode.differential;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls of functions and operators, read from a text.
 *
 * <p>A line is {@code KIND [~] [<=most] : template}. {@code KIND} is the type of the result. {@code
 * ~} marks results whose last digits may differ; {@code most} bounds a number or the length of a
 * text. In a template <code>{TEXT}</code> stands for any text, <code>{a|b}</code> for one of the
 * words, and other names in braces for what the caller says.
 */
record Calls(List<Call> all) {
  /** A call that can be made. */
  record Call(Kind kind, boolean exact, double most, String template) {
    /** Whether a hole of this name is in it. */
    boolean has(String hole) {
      return template.contains("{" + hole + "}");
    }
  }

  /** Of functions and operators. */
  static final Calls SCALARS = read("scalars.txt");

  /** Of aggregates. */
  static final Calls AGGREGATES = read("aggregates.txt");

  /** Of window functions. */
  static final Calls WINDOWS = read("windows.txt");

  /** Calls whose results are the same to the last digit. */
  List<Call> exact(Kind kind) {
    return all.stream().filter(call -> call.exact() && call.kind() == kind).toList();
  }

  /** Calls whose results may differ in the last digits. */
  List<Call> approximate() {
    return all.stream().filter(call -> !call.exact()).toList();
  }

  private static Calls read(String resource) {
    try (InputStream in = Calls.class.getResourceAsStream(resource)) {
      return new Calls(
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> line.contains(" : "))
              .map(Calls::call)
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Call call(String line) {
    int colon = line.indexOf(" : ");
    List<String> head = new ArrayList<>(List.of(line.substring(0, colon).strip().split(" +")));
    Kind kind = Kind.valueOf(head.remove(0));
    boolean exact = !head.remove("~");
    double most = kind == Kind.INTEGER ? 0x1p31 : kind == Kind.BIGINT ? 0x1p63 : 1e18;
    for (String limit : head) {
      most = Double.parseDouble(limit.substring("<=".length()));
    }
    return new Call(kind, exact, most, line.substring(colon + 3).strip());
  }
}
