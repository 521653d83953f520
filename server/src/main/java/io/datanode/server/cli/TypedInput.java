package io.datanode.server.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jline.reader.Completer;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jspecify.annotations.Nullable;

/** Statements that a person types, over several lines, with history and completion. */
final class TypedInput implements ShellInput {
  private static final String PROMPT = "datanode> ";
  private static final String MORE = "       -> ";

  private final org.jline.terminal.Terminal terminal;
  private final LineReader reader;
  private final Queue<String> ready = new ArrayDeque<>();

  /**
   * Input from a terminal.
   *
   * @param history file that keeps what was typed
   */
  TypedInput(org.jline.terminal.Terminal terminal, Completer completer, Path history) {
    this.terminal = terminal;
    this.reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("datanode")
            .parser(new Statements())
            .completer(completer)
            .variable(LineReader.HISTORY_FILE, history)
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, MORE)
            // An exclamation mark is part of SQL, not a command of a history.
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.CASE_INSENSITIVE, true)
            .build();
  }

  @Override
  public @Nullable String next() {
    while (ready.isEmpty()) {
      try {
        StatementSplitter.Split split = StatementSplitter.split(reader.readLine(PROMPT));
        ready.addAll(split.complete());
        if (!split.rest().isEmpty()) {
          ready.add(split.rest());
        }
      } catch (UserInterruptException e) {
        // Ctrl-C gives up what was being typed.
        ready.clear();
      } catch (EndOfFileException e) {
        return null;
      }
    }
    return ready.remove();
  }

  @Override
  public boolean goesOnAfterErrors() {
    return true;
  }

  @Override
  public void close() throws IOException {
    terminal.close();
  }

  /** Words for completion; a statement is over where {@link StatementSplitter} says so. */
  private static final class Statements extends DefaultParser {
    Statements() {
      setQuoteChars(new char[0]);
      setEscapeChars(new char[0]);
    }

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
      if (context == ParseContext.ACCEPT_LINE && !StatementSplitter.split(line).rest().isEmpty()) {
        throw new EOFError(-1, -1, "The statement has no semicolon yet");
      }
      return super.parse(line, cursor, context);
    }

    /** Names may stand beside brackets and commas, and are completed part by part. */
    @Override
    public boolean isDelimiterChar(CharSequence buffer, int position) {
      char c = buffer.charAt(position);
      return Character.isWhitespace(c) || "(),.=<>+-*/".indexOf(c) >= 0;
    }
  }
}
