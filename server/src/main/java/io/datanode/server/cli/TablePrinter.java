package io.datanode.server.cli;

import io.datanode.jdbc.session.ResultColumn;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prints rows as a table for people: numbers to the right, everything else to the left, NULL as a
 * text of its own. Widths are those of the first rows, so that a long result is printed while it
 * arrives. On a terminal long texts are cut.
 */
final class TablePrinter {
  private static final int ROWS_FOR_WIDTHS = 1_000;
  private static final int LONGEST_CELL = 60;
  private final PrintWriter out;
  private final Terminal terminal;
  private final String nullText;
  private final List<String[]> waiting = new ArrayList<>();
  private String[] labels = {};
  private boolean[] right = {};
  private int @Nullable [] widths;
  private long rows;

  TablePrinter(PrintWriter out, Terminal terminal) {
    this(out, terminal, "NULL");
  }

  TablePrinter(PrintWriter out, Terminal terminal, String nullText) {
    this.out = out;
    this.terminal = terminal;
    this.nullText = nullText;
  }

  /** Begins a table with these columns; only labels and types count. */
  void begin(List<ResultColumn> columns) {
    begin(
        columns.stream().map(ResultColumn::label).toList(),
        columns.stream().map(column -> column.type().kind().isNumber()).toList());
  }

  /**
   * Begins a table.
   *
   * @param numbers for each column, whether it goes to the right
   */
  void begin(List<String> columnLabels, List<Boolean> numbers) {
    labels = columnLabels.stream().map(this::cell).toArray(String[]::new);
    right = new boolean[labels.length];
    for (int i = 0; i < right.length; i++) {
      right[i] = numbers.get(i);
    }
  }

  void row(List<@Nullable String> values) {
    String[] cells = new String[labels.length];
    for (int i = 0; i < cells.length; i++) {
      String value = values.get(i);
      cells[i] = value == null ? nullText : cell(value);
    }
    rows++;
    if (widths != null) {
      line(cells, widths);
      return;
    }
    waiting.add(cells);
    if (waiting.size() == ROWS_FOR_WIDTHS) {
      head();
    }
  }

  /** Ends the table with the number of its rows. */
  void end() {
    if (widths == null) {
      head();
    }
    out.println("(" + rows + (rows == 1 ? " row)" : " rows)"));
    out.flush();
  }

  private void head() {
    int[] measured = new int[labels.length];
    for (int i = 0; i < measured.length; i++) {
      measured[i] = width(labels[i]);
      for (String[] cells : waiting) {
        measured[i] = Math.max(measured[i], width(cells[i]));
      }
    }
    widths = measured;
    line(labels, measured);
    String[] dashes = new String[measured.length];
    Arrays.setAll(
        dashes, i -> "-".repeat(measured[i] + (i == 0 ? 0 : 1) + (i == dashes.length - 1 ? 0 : 1)));
    out.println(String.join("+", dashes).stripTrailing());
    waiting.forEach(cells -> line(cells, measured));
    waiting.clear();
  }

  private void line(String[] cells, int[] columnWidths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.length; i++) {
      if (i > 0) {
        line.append(" | ");
      }
      String padding = " ".repeat(Math.max(0, columnWidths[i] - width(cells[i])));
      line.append(right[i] ? padding + cells[i] : cells[i] + padding);
    }
    out.println(line.toString().stripTrailing());
  }

  // A cell is one line; control characters would move the cursor of a terminal.
  private String cell(String value) {
    StringBuilder cell = new StringBuilder(value.length());
    value
        .codePoints()
        .forEach(
            c -> {
              if (c == '\n') {
                cell.append("\\n");
              } else if (c == '\t') {
                cell.append("\\t");
              } else if (c == '\r') {
                cell.append("\\r");
              } else if (Character.isISOControl(c)) {
                cell.append(String.format("\\x%02x", c));
              } else {
                cell.appendCodePoint(c);
              }
            });
    if (!terminal.interactive() || width(cell.toString()) <= LONGEST_CELL) {
      return cell.toString();
    }
    return cell.substring(0, cell.offsetByCodePoints(0, LONGEST_CELL - 1)) + "\u2026";
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
