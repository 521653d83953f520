package io.datanode.node;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Names as one text, as tables of metadata show them: separated by a comma and a blank. A name that
 * holds a comma, a quotation mark or a blank at either end stands in double quotes, doubled within.
 */
public final class NameList {
  private static final Pattern NAME = Pattern.compile("\"((?:[^\"]|\"\")*)\"|[^,]+");

  private NameList() {}

  /** The text of names; empty without any. */
  public static String join(List<String> names) {
    return names.stream().map(NameList::quoted).collect(Collectors.joining(", "));
  }

  private static String quoted(String name) {
    boolean plain = !name.contains(",") && !name.contains("\"") && name.equals(name.strip());
    return plain && !name.isEmpty() ? name : '"' + name.replace("\"", "\"\"") + '"';
  }

  /** The names that {@link #join} made a text of. */
  public static List<String> split(String text) {
    List<String> names = new ArrayList<>();
    Matcher name = NAME.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (text.charAt(at) == ' ' || text.charAt(at) == ',') {
        at++;
      } else {
        name.find(at);
        String quoted = name.group(1);
        names.add(quoted == null ? name.group().strip() : quoted.replace("\"\"", "\""));
        at = name.end();
      }
    }
    return names;
  }
}
