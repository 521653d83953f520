package io.datanode.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TablePrinterTest {
  private final StringWriter out = new StringWriter();

  private String print(
      Terminal terminal, List<String> labels, List<Boolean> numbers, String... cells) {
    TablePrinter table = new TablePrinter(new PrintWriter(out), terminal);
    table.begin(labels, numbers);
    for (int i = 0; i < cells.length; i += labels.size()) {
      table.row(Arrays.asList(cells).subList(i, i + labels.size()));
    }
    table.end();
    return out.toString();
  }

  @Test
  void numbersGoToTheRightAndTextToTheLeft() {
    assertEquals(
        """
        asset | close
        ------+------
        SAP   |  1.5
        A     | 10.25
        (2 rows)
        """
            .replace("10.25", "10.25")
            .replace("|  1.5", "|   1.5"),
        print(
            Terminal.none(),
            List.of("asset", "close"),
            List.of(false, true),
            "SAP",
            "1.5",
            "A",
            "10.25"));
  }

  @Test
  void nullIsToldFromAnEmptyString() {
    assertEquals(
        "a    | b\n-----+--\nNULL |\n(1 row)\n",
        print(Terminal.none(), List.of("a", "b"), List.of(false, false), null, ""));
  }

  @Test
  void anEmptyResultStillShowsItsColumns() {
    assertEquals("a\n-\n(0 rows)\n", print(Terminal.none(), List.of("a"), List.of(false)));
  }

  @Test
  void longTextIsCutOnATerminalOnly() {
    String text = "x".repeat(100);
    assertTrue(print(Terminal.none(), List.of("a"), List.of(false), text).contains(text));
    assertTrue(
        print(new Terminal(true, false, 80), List.of("a"), List.of(false), text)
            .contains("x".repeat(59) + "\u2026"));
  }

  @Test
  void controlCharactersDoNotReachTheTerminal() {
    assertTrue(
        print(Terminal.none(), List.of("a"), List.of(false), "1\n\u001b[2J")
            .contains("1\\n\\x1b[2J"));
  }

  @Test
  void rowsAfterTheFirstThousandAreStillPrinted() {
    String[] cells = new String[1_500];
    Arrays.setAll(cells, Integer::toString);
    assertTrue(
        print(Terminal.none(), List.of("n"), List.of(true), cells).endsWith("1499\n(1500 rows)\n"));
  }
}
