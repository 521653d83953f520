package io.datanode.schema;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.calcite.sql.SqlBasicFunction;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeFamily;

/**
 * Every SQL function users have: its operator, signature and one line of text. The operator table
 * of the validator, {@code getFunctions} and the SQL reference page come from this list; how a
 * storage writes a function is in its dialect.
 */
public final class FunctionCatalog {
  /** What a function is for. */
  public enum Category {
    NUMERIC,
    STRING,
    TIME,
    CONDITIONAL,
    ARRAY,
    AGGREGATE,
    WINDOW,
    TABLE,
    SYSTEM
  }

  /**
   * A function.
   *
   * @param signature how it is called, for people
   * @param text what it gives, in one line
   */
  public record Function(
      String name, Category category, String signature, String text, SqlOperator operator) {}

  private static final List<Function> FUNCTIONS = build();

  private static final SqlOperatorTable OPERATORS = operators();

  private FunctionCatalog() {}

  /** All functions, in order of category and name. */
  public static List<Function> functions() {
    return FUNCTIONS;
  }

  /** What the validator may use: the operators of SQL and the functions of this catalog. */
  public static SqlOperatorTable operatorTable() {
    return OPERATORS;
  }

  /**
   * The operator of a function.
   *
   * @param name as {@link #functions()} lists it
   * @throws IllegalArgumentException if there is no such function
   */
  public static SqlOperator operator(String name) {
    return functions().stream()
        .map(Function::operator)
        .filter(operator -> operator.getName().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name));
  }

  /** Names of the functions of a category, for JDBC's lists. */
  public static List<String> names(Category category) {
    return FUNCTIONS.stream()
        .filter(function -> function.category() == category)
        .map(Function::name)
        .distinct()
        .collect(Collectors.toList());
  }

  private static SqlOperatorTable operators() {
    Set<String> names = new TreeSet<>();
    List<SqlOperator> chosen = new ArrayList<>();
    for (Function function : FUNCTIONS) {
      chosen.add(function.operator());
      names.add(function.operator().getName().toUpperCase(Locale.ROOT));
    }
    Set<SqlKind> syntax =
        Set.of(
            SqlKind.CAST,
            SqlKind.TUMBLE,
            SqlKind.HOP,
            SqlKind.DESCRIPTOR,
            SqlKind.GROUPING,
            SqlKind.ROW,
            SqlKind.UNNEST);
    for (SqlOperator operator : SqlStdOperatorTable.instance().getOperatorList()) {
      boolean function = operator instanceof SqlFunction;
      if (!function
          || syntax.contains(operator.getKind())
          || operator.getName().equals("GROUPING")) {
        chosen.add(operator);
      }
    }
    chosen.addAll(
        List.of(
            SqlLibraryOperators.ILIKE,
            SqlLibraryOperators.NOT_ILIKE,
            SqlLibraryOperators.INFIX_CAST,
            SqlLibraryOperators.TRY_CAST,
            SqlLibraryOperators.SAFE_CAST));
    return new NodeOperatorTable(chosen);
  }

  private static List<Function> build() {
    List<Function> all = new ArrayList<>();
    NumericFunctions.addTo(all);
    TextFunctions.addTo(all);
    TimeFunctions.addTo(all);
    ConditionalFunctions.addTo(all);
    AggregateFunctions.addTo(all);
    TableFunctions.addTo(all);
    SystemFunctions.addTo(all);
    return List.copyOf(all);
  }

  static void add(
      List<Function> all, Category category, String signature, String text, SqlOperator operator) {
    all.add(new Function(operator.getName(), category, signature, text, operator));
  }

  static SqlFunction named(String name, SqlReturnTypeInference type, SqlTypeFamily... arguments) {
    return basic(name, type, OperandTypes.family(Arrays.asList(arguments)));
  }

  static SqlFunction basic(
      String name, SqlReturnTypeInference type, SqlOperandTypeChecker arguments) {
    return SqlBasicFunction.create(
        name, type, arguments, SqlFunctionCategory.USER_DEFINED_FUNCTION);
  }
}
