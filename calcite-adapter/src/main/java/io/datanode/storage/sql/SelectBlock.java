package io.datanode.storage.sql;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One SELECT under construction. Clauses are filled in the order SQL evaluates them. */
final class SelectBlock {
  /** FROM with all its aliases, or null for a SELECT without one. */
  @Nullable String from;

  /** Aliases that FROM defines. */
  final Set<String> aliases = new LinkedHashSet<>();

  /** True if FROM is one table or sub-query, so that its columns need no qualifier. */
  boolean singleItem = true;

  /** True if FROM may stand in a join as it is: it has no other clause and plain columns. */
  boolean joinable = true;

  /** True if a part of FROM reads columns of a part before it. */
  boolean lateral;

  final List<String> where = new ArrayList<>();

  /** Text of each output column. */
  List<String> columns = new ArrayList<>();

  /** Name of each output column; unique in the block. */
  List<String> names = new ArrayList<>();

  @Nullable String groupBy;
  boolean aggregated;
  boolean distinct;
  final List<String> having = new ArrayList<>();

  /** Conditions on window functions, of which the rows that meet them are shown. */
  final List<String> qualify = new ArrayList<>();

  /** True if some column is a window function. */
  boolean windowed;

  /** True if some column gives another value each time it is evaluated. */
  boolean volatileColumns;

  final List<String> orderBy = new ArrayList<>();

  /** Keys of which only the first row is shown, in the order of ORDER BY. */
  @Nullable String distinctOn;

  @Nullable String limit;
  @Nullable String offset;

  /** The whole text, if this is a set operation or VALUES rather than a SELECT. */
  @Nullable String compound;

  /** Aliases that sub-queries of this block refer to; they must stay qualified. */
  final Set<String> correlated = new LinkedHashSet<>();

  /** True if what ORDER BY says decides which rows there are. */
  boolean limited() {
    return limit != null || offset != null || distinctOn != null || !qualify.isEmpty();
  }

  /** True if nothing but FROM and WHERE is there. */
  boolean onlyRows() {
    return compound == null && !aggregated && !distinct && !limited() && orderBy.isEmpty();
  }

  /** True if the columns are names of FROM items and nothing but WHERE was added. */
  boolean plain() {
    return onlyRows() && !windowed && columns.stream().allMatch(SqlPieces::isReference);
  }

  void replaceColumns(List<String> texts, List<String> newNames) {
    columns = new ArrayList<>(texts);
    names = new ArrayList<>(newNames);
    joinable = false;
  }

  /** The text of this block; aliases of its own FROM are resolved. */
  String text(StorageDialect dialect) {
    if (compound != null) {
      StringBuilder text = new StringBuilder(compound);
      appendTail(text, dialect);
      return text.toString();
    }
    if (usesHiddenName(orderBy) || usesHiddenName(having) || usesHiddenName(qualify)) {
      correlated.addAll(aliases);
    }
    StringBuilder text = new StringBuilder("SELECT ");
    if (distinct) {
      text.append("DISTINCT ");
    }
    if (distinctOn != null) {
      text.append("DISTINCT ON (").append(distinctOn).append(") ");
    }
    for (int i = 0; i < columns.size(); i++) {
      if (i > 0) {
        text.append(", ");
      }
      String column = columns.get(i);
      String name = dialect.quote(names.get(i));
      text.append(column);
      if (!isNamed(column, name)) {
        text.append(" AS ").append(name);
      }
    }
    if (from != null) {
      text.append("\nFROM ").append(fromText(dialect));
    }
    if (!where.isEmpty()) {
      text.append("\nWHERE ").append(conjunction(where));
    }
    if (groupBy != null && !groupBy.isEmpty()) {
      text.append("\nGROUP BY ").append(groupBy);
    }
    if (!having.isEmpty()) {
      text.append("\nHAVING ").append(conjunction(having));
    }
    if (!qualify.isEmpty()) {
      text.append("\nQUALIFY ").append(conjunction(qualify));
    }
    appendTail(text, dialect);
    return resolveAliases(text.toString(), dialect);
  }

  /**
   * True if a bare column in ORDER BY would be taken for an output column of the same name that
   * holds something else, as in {@code SELECT a AS b, b AS a FROM t ORDER BY t.a}; DuckDB takes it
   * so in HAVING too.
   */
  private boolean usesHiddenName(List<String> texts) {
    for (String text : texts) {
      for (int i = 0; i < columns.size(); i++) {
        String name = SqlPieces.ALIAS_END + "\"" + names.get(i).replace("\"", "\"\"") + "\"";
        boolean uses = text.toLowerCase(Locale.ROOT).contains(name.toLowerCase(Locale.ROOT));
        boolean same = SqlPieces.isReference(columns.get(i)) && columns.get(i).endsWith(name);
        if (uses && !same) {
          return true;
        }
      }
    }
    return false;
  }

  /** FROM, without the alias of a single table that nothing refers to by it. */
  private String fromText(StorageDialect dialect) {
    String text = String.valueOf(from);
    if (singleItem && aliases.size() == 1 && text.charAt(0) != '(') {
      String alias = aliases.iterator().next();
      String suffix = " AS " + dialect.quote(alias);
      if (!correlated.contains(alias) && text.endsWith(suffix)) {
        return text.substring(0, text.length() - suffix.length());
      }
    }
    return text;
  }

  private static String conjunction(List<String> terms) {
    return terms.stream().collect(Collectors.joining(" AND "));
  }

  private void appendTail(StringBuilder text, StorageDialect dialect) {
    if (!orderBy.isEmpty()) {
      text.append("\nORDER BY ").append(String.join(", ", orderBy));
    }
    if (limit != null || offset != null) {
      text.append('\n').append(dialect.limit(limit, offset));
    }
  }

  private boolean isNamed(String column, String quotedName) {
    return column.endsWith(SqlPieces.ALIAS_END + quotedName) && SqlPieces.isReference(column);
  }

  private String resolveAliases(String text, StorageDialect dialect) {
    String resolved = text;
    for (String alias : aliases) {
      boolean qualify = !singleItem || correlated.contains(alias);
      resolved = SqlPieces.resolve(resolved, alias, qualify ? dialect.quote(alias) + "." : "");
    }
    return resolved;
  }
}
