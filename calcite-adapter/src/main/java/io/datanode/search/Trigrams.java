package io.datanode.search;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Groups of three letters of a text, by which texts are alike even where their words differ in form
 * or spelling.
 *
 * @see "PostgreSQL, extension pg_trgm: words in lower case, two blanks before each and one after"
 */
final class Trigrams {
  private final Set<String> groups = new HashSet<>();

  /** The groups of a text: letters and digits make words, all else parts them. */
  static Trigrams of(String text) {
    Trigrams trigrams = new Trigrams();
    String lower = text.toLowerCase(Locale.ROOT);
    int start = 0;
    for (int i = 0; i <= lower.length(); i++) {
      if (i == lower.length() || !Character.isLetterOrDigit(lower.charAt(i))) {
        if (i > start) {
          trigrams.add("  " + lower.substring(start, i) + " ");
        }
        start = i + 1;
      }
    }
    return trigrams;
  }

  private void add(String word) {
    for (int i = 0; i + 3 <= word.length(); i++) {
      groups.add(word.substring(i, i + 3));
    }
  }

  /** Of the groups that either text has, the part that both have: 0 to 1. */
  double similarity(Trigrams other) {
    boolean fewer = groups.size() < other.groups.size();
    Set<String> small = fewer ? groups : other.groups;
    Set<String> large = fewer ? other.groups : groups;
    long both = small.stream().filter(large::contains).count();
    long either = groups.size() + other.groups.size() - both;
    return either == 0 ? 0 : (double) both / either;
  }
}
