package io.datanode.node;

import io.datanode.jdbc.batch.ColumnType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Guesses which columns of a table are its time index, identity and knowledge time, where its
 * publisher does not say: by the table's primary key, else by names in common use whose column is
 * of a fitting type.
 *
 * <p>Names are compared as words: {@code timeIndex}, {@code Time Index} and {@code time_index} are
 * the same.
 */
public final class RoleInference {
  /** Key of the time index in {@link Roles#how}. */
  public static final String TIME_INDEX = "time_index";

  /** Key of the identity in {@link Roles#how}. */
  public static final String IDENTITY = "identity";

  /** Key of the knowledge time in {@link Roles#how}. */
  public static final String KNOWLEDGE_TIME = "knowledge_time";

  private static final Set<ColumnType.Kind> TEMPORAL =
      Set.of(ColumnType.Kind.INSTANT, ColumnType.Kind.TIMESTAMP, ColumnType.Kind.DATE);

  private static final Pattern CAPITAL = Pattern.compile("([a-z0-9])([A-Z])");
  private static final Pattern GAP = Pattern.compile("[ \\-.]+");
  private static final String PRIMARY_KEY = "the table's primary key";
  private static final String GUESS = "a guess";

  private RoleInference() {}

  /**
   * True if a role was only guessed, for want of anything that says more.
   *
   * @param how as {@link Roles#how} tells it, or null for a role that is declared
   */
  public static boolean isGuess(@Nullable String how) {
    return how != null && how.endsWith(GUESS);
  }

  /**
   * A column to judge.
   *
   * @param name the published name
   */
  public record Field(String name, ColumnType type) {}

  /**
   * Roles of columns.
   *
   * @param timeIndex column that says when a row holds, or null if there is none
   * @param identity columns that together with the time index identify a row, in order of the table
   * @param asset the one of them that names the asset, or null
   * @param knowledgeTime column that says when a row became known, or null
   * @param key time index and identity, if they are declared, the table's own key, or likely to
   *     identify a row; else empty
   * @param how by role, in words, how what was not declared was found
   */
  public record Roles(
      @Nullable String timeIndex,
      List<String> identity,
      @Nullable String asset,
      @Nullable String knowledgeTime,
      List<String> key,
      Map<String, String> how) {
    public Roles {
      key = List.copyOf(key);
      identity = List.copyOf(identity);
      how = Map.copyOf(how);
    }
  }

  /**
   * Completes what a node declares.
   *
   * @param node what is declared; column names in it are published names
   * @param fields columns of the node in order
   * @param primaryKey columns of the table's own primary key, published names
   */
  public static Roles infer(DataNode node, List<Field> fields, List<String> primaryKey) {
    Map<String, String> how = new LinkedHashMap<>();
    Map<String, Field> byWord = new LinkedHashMap<>();
    fields.forEach(field -> byWord.putIfAbsent(word(field.name()), field));

    String timeIndex = node.timeIndex();
    if (timeIndex == null) {
      timeIndex = timeIndex(node, fields, byWord, primaryKey, how);
    }
    List<String> identity = node.identity();
    String asset = node.asset();
    if (identity == null) {
      identity = identity(fields, byWord, primaryKey, timeIndex, asset, how);
    }
    if (asset == null) {
      asset = asset(identity);
    }
    String knowledgeTime = node.knowledgeTime();
    if (PublicationLag.of(knowledgeTime).isPresent()) {
      knowledgeTime = null;
    } else if (knowledgeTime == null) {
      knowledgeTime = knowledgeTime(fields, byWord, timeIndex, identity, how);
    }
    List<String> key = new ArrayList<>();
    if (timeIndex != null) {
      key.add(timeIndex);
    }
    key.addAll(identity);
    if (!keyIsLikely(node, fields, timeIndex, identity, how)) {
      key.clear();
    }
    return new Roles(timeIndex, identity, asset, knowledgeTime, key, how);
  }

  /**
   * False where the columns were found by name, and others may well be needed to tell rows apart.
   */
  private static boolean keyIsLikely(
      DataNode node,
      List<Field> fields,
      @Nullable String timeIndex,
      List<String> identity,
      Map<String, String> how) {
    if (node.identity() != null || PRIMARY_KEY.equals(how.get(IDENTITY))) {
      return true;
    }
    return timeIndex != null && (!identity.isEmpty() || !hasText(fields));
  }

  private static boolean hasText(List<Field> fields) {
    return fields.stream().anyMatch(field -> field.type().kind() == ColumnType.Kind.VARCHAR);
  }

  /**
   * An integer column that by its name holds instants, as numbers since 1970; asked when no column
   * is a time index as it stands.
   */
  public static Optional<Field> epochCandidate(List<Field> fields) {
    Map<String, Field> byWord = new LinkedHashMap<>();
    fields.forEach(field -> byWord.putIfAbsent(word(field.name()), field));
    return RoleNames.TIME.stream()
        .filter(name -> byWord.containsKey(name) && !RoleNames.CALENDAR.contains(name))
        .map(byWord::get)
        .filter(field -> field.type().kind() == ColumnType.Kind.BIGINT)
        .findFirst();
  }

  /**
   * The unit of an epoch number, by its size: years 1973 to 2286 in seconds, and so on.
   *
   * @return empty if it is too small to be an instant, as 20240131 is
   */
  public static Optional<EpochUnit> epochUnit(long value) {
    if (value >= 100_000_000_000_000_000L) {
      return Optional.of(EpochUnit.NANOSECONDS);
    } else if (value >= 100_000_000_000_000L) {
      return Optional.of(EpochUnit.MICROSECONDS);
    } else if (value >= 100_000_000_000L) {
      return Optional.of(EpochUnit.MILLISECONDS);
    } else if (value >= 100_000_000L) {
      return Optional.of(EpochUnit.SECONDS);
    }
    return Optional.empty();
  }

  /**
   * True if the best known names of time indexes include this one, which is then no last resort.
   */
  public static boolean namesTime(String name) {
    return RoleNames.TIME.contains(word(name));
  }

  private static @Nullable String timeIndex(
      DataNode node,
      List<Field> fields,
      Map<String, Field> byWord,
      List<String> primaryKey,
      Map<String, String> how) {
    for (Field field : fields) {
      if (temporal(field) && containsIgnoringCase(primaryKey, field.name()) && !known(field)) {
        how.put(TIME_INDEX, "'" + field.name() + "' is in the table's primary key");
        return field.name();
      }
    }
    for (String name : RoleNames.TIME) {
      Field field = byWord.get(name);
      // Beside a start, an end bounds how long a row is valid.
      boolean validity = name.equals("end_date") && byWord.containsKey("start_date");
      if (field != null
          && temporal(field)
          && !validity
          && !field.name().equals(node.knowledgeTime())) {
        how.put(TIME_INDEX, "'" + field.name() + "' is a name in use for it");
        return field.name();
      }
    }
    for (Field field : fields) {
      if (temporal(field) && !known(field) && !field.name().equals(node.knowledgeTime())) {
        how.put(
            TIME_INDEX, "'" + field.name() + "' is the first column with dates or times, " + GUESS);
        return field.name();
      }
    }
    return null;
  }

  private static List<String> identity(
      List<Field> fields,
      Map<String, Field> byWord,
      List<String> primaryKey,
      @Nullable String timeIndex,
      @Nullable String declaredAsset,
      Map<String, String> how) {
    if (timeIndex != null && containsIgnoringCase(primaryKey, timeIndex)) {
      List<String> rest = new ArrayList<>(primaryKey);
      rest.removeIf(timeIndex::equalsIgnoreCase);
      // A knowledge time in the key tells versions of a row apart, not rows.
      rest.removeIf(name -> RoleNames.KNOWLEDGE.contains(word(name)));
      how.put(IDENTITY, PRIMARY_KEY);
      return rest;
    }
    if (timeIndex == null && !primaryKey.isEmpty()) {
      how.put(IDENTITY, PRIMARY_KEY);
      return primaryKey;
    }
    Set<String> key = new TreeSet<>();
    if (declaredAsset != null) {
      key.add(declaredAsset);
    } else {
      key.addAll(assetColumns(byWord, timeIndex));
    }
    if (timeIndex != null) {
      for (Field field : fields) {
        if (RoleNames.OWNER.contains(word(field.name())) && identifies(field)) {
          key.add(field.name());
        }
      }
    }
    List<String> inOrder = fields.stream().map(Field::name).filter(key::contains).toList();
    if (!inOrder.isEmpty()) {
      String names = "'" + String.join("', '", inOrder) + "'";
      how.put(
          IDENTITY,
          names + (inOrder.size() == 1 ? " is a name in use for it" : " are names in use for it"));
    }
    return inOrder;
  }

  private static List<String> assetColumns(Map<String, Field> byWord, @Nullable String timeIndex) {
    for (String name : RoleNames.ASSET) {
      Field field = byWord.get(name);
      if (field != null && identifies(field)) {
        return List.of(field.name());
      }
    }
    for (List<String> pair : RoleNames.ASSET_PAIRS) {
      Field first = byWord.get(pair.get(0));
      Field second = byWord.get(pair.get(1));
      if (first != null && second != null && identifies(first) && identifies(second)) {
        return List.of(first.name(), second.name());
      }
    }
    if (timeIndex != null) {
      for (String name : RoleNames.WEAK_ASSET) {
        Field field = byWord.get(name);
        if (field != null && identifies(field)) {
          return List.of(field.name());
        }
      }
    }
    return List.of();
  }

  private static @Nullable String asset(List<String> identity) {
    String best = null;
    int bestRank = Integer.MAX_VALUE;
    for (String column : identity) {
      int rank = RoleNames.ASSET.indexOf(word(column));
      if (rank >= 0 && rank < bestRank) {
        best = column;
        bestRank = rank;
      }
    }
    return best != null || identity.size() != 1 ? best : identity.get(0);
  }

  private static @Nullable String knowledgeTime(
      List<Field> fields,
      Map<String, Field> byWord,
      @Nullable String timeIndex,
      List<String> identity,
      Map<String, String> how) {
    if (timeIndex == null || how.getOrDefault(TIME_INDEX, "").endsWith(GUESS)) {
      return null;
    }
    // A node with knowledge time shows one version per key, so a key that is guessed too small
    // would hide rows: without identity, nothing but numbers may stand beside the two times.
    boolean keyIsSure = !identity.isEmpty() || !hasText(fields);
    if (!keyIsSure) {
      return null;
    }
    for (String name : RoleNames.KNOWLEDGE) {
      Field field = byWord.get(name);
      if (field != null && temporal(field) && !field.name().equals(timeIndex)) {
        how.put(KNOWLEDGE_TIME, "'" + field.name() + "' is a name in use for it");
        return field.name();
      }
    }
    return null;
  }

  private static boolean known(Field field) {
    return RoleNames.KNOWLEDGE.contains(word(field.name()));
  }

  private static boolean temporal(Field field) {
    return TEMPORAL.contains(field.type().kind());
  }

  private static boolean identifies(Field field) {
    return switch (field.type().kind()) {
      case VARCHAR, UUID, TINYINT, SMALLINT, INTEGER, BIGINT -> true;
      default -> false;
    };
  }

  private static boolean containsIgnoringCase(List<String> names, String name) {
    return names.stream().anyMatch(name::equalsIgnoreCase);
  }

  private static String word(String name) {
    String separated = CAPITAL.matcher(name).replaceAll("$1_$2");
    return GAP.matcher(separated).replaceAll("_").toLowerCase(Locale.ROOT);
  }
}
