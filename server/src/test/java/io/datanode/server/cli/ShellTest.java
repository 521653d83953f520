package io.datanode.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jline.reader.Candidate;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The shell, as a person and as a script use it. */
@Timeout(120)
class ShellTest {
  @RegisterExtension static final DemoFolder DEMO = new DemoFolder();
  @TempDir static Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int pipe(String input, String... options) {
    String[] args = new String[options.length + 2];
    args[0] = "shell";
    args[1] = DEMO.path();
    System.arraycopy(options, 0, args, 2, options.length);
    Terminal terminal = Terminal.none().with(new ByteArrayInputStream(input.getBytes(UTF_8)));
    return Main.run(args, Map.of(), terminal, new PrintWriter(out), new PrintWriter(err));
  }

  private String printed() {
    return out.toString().replace("\r", "");
  }

  @Test
  void statementsOfAScriptRunOneAfterTheOther() {
    assertEquals(
        0,
        pipe(
            """
            -- Two statements; this is no third one.
            SELECT 1 AS one;
            SELECT 'a;b' AS text,
                   CAST(NULL AS INTEGER) AS nothing
            """),
        err::toString);
    assertEquals(
        """
        one
        ---
          1
        (1 row)
        text | nothing
        -----+--------
        a;b  |    NULL
        (1 row)
        """,
        printed());
  }

  @Test
  void settingsLastForTheFollowingStatements() {
    assertEquals(
        0,
        pipe(
            """
            SET timeZone = 'Europe/Berlin';
            SELECT TIMESTAMP '2024-07-01T12:00:00Z' AS noon;
            """,
            "--format",
            "csv"),
        err::toString);
    assertEquals("noon\n2024-07-01 14:00:00+02\n", printed());
  }

  @Test
  void aScriptEndsAtItsFirstError() {
    assertEquals(1, pipe("SELECT closing FROM daily_prices; SELECT 2 AS two;"));
    assertTrue(err.toString().startsWith("error 42703: "), err::toString);
    assertTrue(err.toString().contains("line 1, column 8"), err::toString);
    assertFalse(err.toString().contains("\tat "), err::toString);
    assertEquals("", printed());
  }

  @Test
  void nodesAndTheirColumnsAreListed() {
    assertEquals(0, pipe("\\d\n\\d FX_Rates\n"), err::toString);
    assertTrue(printed().startsWith("table_schem"), printed());
    assertTrue(printed().contains("\nnodes       | daily_prices"), printed());
    assertTrue(printed().contains("\ncolumn_name"), printed());
    assertTrue(printed().contains("\ntime_index"), printed());
  }

  @Test
  void aNodeThatIsNotThereIsToldSo() {
    assertEquals(1, pipe("\\d fx_rate\n"));
    assertEquals(
        "error 42P01: There is no node 'fx_rate' in schema 'nodes'; \\d lists nodes\n",
        err.toString());
  }

  @Test
  void aCommandThatIsNotThereIsToldSo() {
    assertEquals(1, pipe("\\x\n"));
    assertEquals("error 42601: There is no command \\x; \\? lists them\n", err.toString());
  }

  @Test
  void formatAndTextForNullMayChange() {
    String nothing = "SELECT CAST(NULL AS INTEGER) AS n;\n";
    assertEquals(
        0,
        pipe(nothing + "\\null -\n" + nothing + "\\format json\n" + nothing, "--null", "?"),
        err::toString);
    assertEquals("n\n-\n?\n(1 row)\nn\n-\n-\n(1 row)\n[\n {\"n\": null}\n]\n", printed());
    assertEquals(1, pipe("\\format xml\n"));
    assertEquals("error 22023: 'xml' is no format; expected table, csv or json\n", err.toString());
  }

  @Test
  void aStatementIsTypedOverSeveralLinesAndErrorsDoNotEndTheSession() throws Exception {
    String typed = "SELECT nothing;\nSELECT 1 + 1\n  AS two;\n\\q\n";
    try (Connection connection = DriverManager.getConnection("jdbc:datanode:" + DEMO.path());
        ShellInput input = typing(typed, connection)) {
      assertEquals(0, shell(connection).run(input));
    }
    assertTrue(err.toString().startsWith("error 42703: "), () -> "err " + err + out);
    assertEquals("two\n---\n  2\n(1 row)\n", printed());
    assertTrue(
        Files.readString(folder.resolve("history")).contains("SELECT 1 + 1"),
        "what was typed is remembered");
  }

  @Test
  void ctrlCStopsTheStatementThatRuns() throws Exception {
    String slow =
        "SELECT COUNT(*) FROM daily_prices a, daily_prices b, daily_prices c, daily_prices d"
            + " WHERE a.close + b.close + c.close > d.close;";
    try (Connection connection = DriverManager.getConnection("jdbc:datanode:" + DEMO.path());
        ShellInput input = new PipedInput(new ByteArrayInputStream(slow.getBytes(UTF_8)))) {
      Shell shell = shell(connection);
      CompletableFuture<Integer> code =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return shell.run(input);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      while (!code.isDone()) {
        // Pressed again and again, as the first time may come before the statement begins.
        shell.cancel();
        Thread.onSpinWait();
      }
      assertEquals(1, code.get());
    }
    assertTrue(err.toString().startsWith("error 57014: "), err::toString);
  }

  private Shell shell(Connection connection) {
    return new Shell(
        connection,
        new PrintOptions(),
        0,
        Terminal.none(),
        new PrintWriter(out),
        new PrintWriter(err, true));
  }

  private static ShellInput typing(String typed, Connection connection) throws Exception {
    return new TypedInput(
        new DumbTerminal(
            "test",
            "ansi",
            new ByteArrayInputStream(typed.getBytes(UTF_8)),
            new ByteArrayOutputStream(),
            UTF_8),
        new NameCompleter(connection),
        folder.resolve("history"));
  }

  @Test
  void nodesColumnsFunctionsAndWordsAreCompleted() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:datanode:" + DEMO.path())) {
      NameCompleter completer = new NameCompleter(connection);
      assertEquals(List.of("daily_prices"), completed(completer, "DAILY_"));
      assertEquals(List.of("time_index"), completed(completer, "time_i"));
      assertEquals(List.of("TIME_BUCKET"), completed(completer, "time_bu"));
      assertEquals(List.of("MATCH_CONDITION"), completed(completer, "match_"));
      assertEquals(List.of(), completed(completer, "nothing_like_this"));
    }
  }

  private static List<String> completed(NameCompleter completer, String begun) {
    return completer.candidates(begun).stream().map(Candidate::value).toList();
  }

  @Test
  void aSemicolonInTextNamesAndCommentsEndsNothing() {
    assertEquals(
        List.of("SELECT 'it''s; 1', \"a;b\"", "SELECT /* ; */ 2 -- ;"),
        StatementSplitter.split("SELECT 'it''s; 1', \"a;b\"; SELECT /* ; */ 2 -- ;\n;").complete());
    assertEquals("SELECT 'not over;", StatementSplitter.split("SELECT 'not over;").rest());
    assertEquals(List.of("\\d x"), StatementSplitter.split("\\d x\n").complete());
  }
}
