package io.datanode.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datanode.schema.FunctionCatalog.Category;
import io.datanode.schema.FunctionCatalog.Function;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page of functions says what the function catalog says. */
class FunctionDocumentationTest {
  private static final Path PAGE = Path.of("..", "docs", "functions.md");

  private static final Map<Category, String> TITLES =
      new EnumMap<>(
          Map.of(
              Category.NUMERIC, "Numbers",
              Category.STRING, "Text",
              Category.TIME, "Time",
              Category.CONDITIONAL, "Conditions",
              Category.ARRAY, "Arrays",
              Category.AGGREGATE, "Aggregates",
              Category.WINDOW, "Window functions",
              Category.TABLE, "Table functions",
              Category.SYSTEM, "Session"));

  @Test
  void pageIsWhatTheCatalogSays() throws IOException {
    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(PAGE, page());
    }
    assertEquals(
        page(),
        Files.readString(PAGE),
        "docs/functions.md differs from FunctionCatalog; write it anew with mvn -pl calcite-adapter"
            + " -am test -Dtest=FunctionDocumentationTest -DargLine=-Ddocs.update=true"
            + " -Dsurefire.failIfNoSpecifiedTests=false");
  }

  private static String page() {
    StringBuilder page =
        new StringBuilder(
            "# Functions\n\n"
                + "Made from `FunctionCatalog`; do not edit. Operators and their rules are in"
                + " [sql.md](sql.md).\n"
                + "A function of NULL is NULL unless its line says otherwise.\n");
    for (Category category : Category.values()) {
      List<Function> functions =
          FunctionCatalog.functions().stream()
              .filter(function -> function.category() == category)
              .toList();
      if (!functions.isEmpty()) {
        page.append("\n## ")
            .append(TITLES.get(category))
            .append("\n\n| call | gives |\n|---|---|\n");
        functions.forEach(
            function ->
                page.append("| `")
                    .append(function.signature().replace("|", "\\|"))
                    .append("` | ")
                    .append(function.text().replace("|", "\\|"))
                    .append(" |\n"));
      }
    }
    page.append(
        "\n## Not pushed to PostgreSQL\n\n"
            + "Over nodes of a PostgreSQL storage, all functions run in PostgreSQL except these, which"
            + " the embedded\nengine computes from the rows it is sent; `EXPLAIN` says so. Which"
            + " arguments of the others are pushed\nis in [storages.md](storages.md).\n\n"
            + "| function | why |\n|---|---|\n");
    PostgreSqlFunctionsTest.NOT_PUSHED.forEach(
        (name, why) -> page.append("| `").append(name).append("` | ").append(why).append(". |\n"));
    return page.toString();
  }
}
