package io.datanode.catalog.file;

import io.datanode.catalog.declaration.Value;
import io.datanode.catalog.declaration.Value.Mapping;
import io.datanode.catalog.declaration.Value.Place;
import io.datanode.catalog.declaration.Value.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts a node into the text of a {@code catalog.yaml}, after the last one, and leaves every other
 * character as it is: no library writes YAML back with its comments. It goes by how catalogs are
 * usually written, so whoever uses it reads the new text to see whether it says what it should.
 */
final class NodeInsertion {
  private static final String NODES = "nodes";
  private static final Pattern ITEM = Pattern.compile("( *)- .*");
  private static final Pattern EMPTY_LIST = Pattern.compile("(nodes:) *\\[ *] *(#.*)?");
  private static final Pattern NOTHING = Pattern.compile("\\s*(#.*)?");
  private static final String INDENT = "  ";

  private NodeInsertion() {}

  /**
   * The text with the node.
   *
   * @param catalog what the text says
   * @param entry lines of the node, of which the first begins with a dash
   * @return empty if the list of nodes is written in another way
   */
  static Optional<String> into(String text, Mapping catalog, List<String> entry) {
    String lineEnd = text.contains("\r\n") ? "\r\n" : "\n";
    List<String> lines = new ArrayList<>(Arrays.asList(text.split("\r?\n", -1)));
    Place key = catalog.keys().get(NODES);
    if (key == null) {
      int end = end(lines, lines.size());
      lines.add(end, NODES + ":");
      lines.addAll(end + 1, indented(entry, INDENT));
      return Optional.of(joined(lines, lineEnd));
    }
    Value nodes = catalog.entries().get(NODES);
    if (!(nodes instanceof Sequence list)) {
      return Optional.empty();
    }
    int line = key.line() - 1;
    if (list.items().isEmpty()) {
      Matcher empty = EMPTY_LIST.matcher(lines.get(line));
      if (!empty.matches()) {
        return Optional.empty();
      }
      lines.set(line, empty.group(2) == null ? empty.group(1) : NODES + ": " + empty.group(2));
      lines.addAll(line + 1, indented(entry, INDENT));
      return Optional.of(joined(lines, lineEnd));
    }
    Matcher item = ITEM.matcher(lines.get(list.items().get(0).place().line() - 1));
    if (!item.matches()) {
      return Optional.empty();
    }
    int next =
        catalog.keys().values().stream()
            .mapToInt(Place::line)
            .filter(other -> other > key.line())
            .min()
            .orElse(lines.size() + 1);
    lines.addAll(end(lines, next - 1), indented(entry, item.group(1)));
    return Optional.of(joined(lines, lineEnd));
  }

  /** The line after the last one before another that says something. */
  private static int end(List<String> lines, int before) {
    int end = before;
    while (end > 0 && NOTHING.matcher(lines.get(end - 1)).matches()) {
      end--;
    }
    return end;
  }

  private static List<String> indented(List<String> entry, String indent) {
    return entry.stream().map(line -> indent + line).toList();
  }

  private static String joined(List<String> lines, String lineEnd) {
    String text = String.join(lineEnd, lines);
    return text.endsWith(lineEnd) ? text : text + lineEnd;
  }
}
