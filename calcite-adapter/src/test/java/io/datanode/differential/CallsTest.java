package io.datanode.differential;

import static java.util.regex.Pattern.CASE_INSENSITIVE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datanode.schema.FunctionCatalog;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Random queries call what users can call. */
class CallsTest {
  @Test
  void everyFunctionOfTheCatalogIsCalled() {
    String templates =
        Stream.of(Calls.SCALARS, Calls.AGGREGATES, Calls.WINDOWS)
            .flatMap(calls -> calls.all().stream())
            .map(Calls.Call::template)
            .collect(Collectors.joining("\n"));
    List<String> notCalled =
        FunctionCatalog.functions().stream()
            // Those of FROM are called by TimeTables, and OHLCV gives columns, not a value.
            .filter(function -> function.category() != FunctionCatalog.Category.TABLE)
            .filter(function -> !function.name().equals("OHLCV"))
            .filter(function -> !call(function).matcher(templates).find())
            .map(FunctionCatalog.Function::signature)
            .toList();
    assertEquals(List.of(), notCalled);
  }

  /** By its name, one of several in braces, or without parentheses if it takes none. */
  private static Pattern call(FunctionCatalog.Function function) {
    String name = "\\b" + Pattern.quote(function.name()) + "\\b";
    String end = function.signature().contains("(") ? "\\(" : "";
    return Pattern.compile(name + end + "|\\{[^}]*" + name + "[^}]*\\}" + end, CASE_INSENSITIVE);
  }
}
