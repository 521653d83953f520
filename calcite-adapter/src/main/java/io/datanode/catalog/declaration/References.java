package io.datanode.catalog.declaration;

import io.datanode.catalog.declaration.Value.Place;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * References to environment variables in the texts of a catalog: {@code ${ENV:NAME}} stands for the
 * value of a variable, and {@code $${} for the two characters {@code ${}.
 */
public final class References {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\$\\{|\\$\\{([^}]*)}?");
  private static final Pattern ENVIRONMENT = Pattern.compile("ENV:([A-Za-z_][A-Za-z0-9_]*)");
  private static final Pattern ONLY_REFERENCES =
      Pattern.compile("(?:\\$\\{ENV:[A-Za-z_][A-Za-z0-9_]*})*");

  private final Function<String, @Nullable String> environment;
  private final Problems problems;

  /**
   * The references of one catalog.
   *
   * @param environment the value of an environment variable, or null
   * @param problems take what refers to nothing
   */
  public References(Function<String, @Nullable String> environment, Problems problems) {
    this.environment = environment;
    this.problems = problems;
  }

  /** A text in which {@code ${} stands for itself. */
  public static String escaped(String text) {
    return text.replace("${", "$${");
  }

  /** True if a text is nothing but references, so that it gives no secret away. */
  static boolean only(String raw) {
    return ONLY_REFERENCES.matcher(raw).matches();
  }

  /** The text with references replaced. */
  String resolve(String raw, Place place) {
    return replace(raw, environment, problem -> problems.add(place, problem));
  }

  /** Reports references that are misspelt; none is looked up. */
  void check(String raw, Place place) {
    replace(raw, name -> "", problem -> problems.add(place, problem));
  }

  /**
   * A text with references replaced.
   *
   * @param values the value of an environment variable, or null
   * @param problem takes what is wrong with a reference, which then stands for nothing
   */
  public static String replace(
      String raw, Function<String, @Nullable String> values, Consumer<String> problem) {
    Matcher matcher = REFERENCE.matcher(raw);
    StringBuilder text = new StringBuilder();
    while (matcher.find()) {
      matcher.appendReplacement(text, Matcher.quoteReplacement(referred(matcher, values, problem)));
    }
    return matcher.appendTail(text).toString();
  }

  private static String referred(
      Matcher matcher, Function<String, @Nullable String> values, Consumer<String> problem) {
    String reference = matcher.group();
    if (reference.equals("$${")) {
      return "${";
    }
    Matcher variable = ENVIRONMENT.matcher(matcher.group(1));
    if (!reference.endsWith("}") || !variable.matches()) {
      problem.accept(
          "'"
              + reference
              + "' refers to nothing; expected ${ENV:NAME}, or $${ for these characters themselves");
      return "";
    }
    String value = values.apply(variable.group(1));
    if (value == null) {
      problem.accept("Environment variable " + variable.group(1) + " is not set");
      return "";
    }
    return value;
  }
}
