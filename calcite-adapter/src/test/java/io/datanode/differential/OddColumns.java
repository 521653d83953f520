package io.datanode.differential;

import io.datanode.differential.Term.Range;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What is known of the columns of {@link io.datanode.testing.OddNodes}. */
final class OddColumns {
  /**
   * A column.
   *
   * @param name its name, or an expression over it in which {@code %s} stands for the alias
   */
  private record Column(String name, Kind kind, Range range) {
    String text(String alias) {
      return name.contains("%s") ? name.replace("%s", alias) : alias + "." + name;
    }
  }

  private static final Range TEXT = Range.upTo(16);
  private static final Column ID = new Column("id", Kind.BIGINT, Range.upTo(100));
  private static final Column ASSET = new Column("asset_identifier", Kind.TEXT, TEXT);
  private static final Column TIME = instant("time_index");
  private static final Column PRICE = new Column("price", Kind.DOUBLE, Range.notFinite(20_000));
  private static final Column LABEL = new Column("label", Kind.TEXT, TEXT);
  private static final Column SIZE = new Column("size", Kind.INTEGER, Range.upTo(12));

  private static final Map<String, List<Column>> NODES =
      Map.of(
          "ticks",
          List.of(
              ID,
              ASSET,
              TIME,
              PRICE,
              new Column("ratio", Kind.DOUBLE, Range.upTo(8)),
              new Column("extreme", Kind.DOUBLE, Range.upTo(Double.MAX_VALUE)),
              new Column("amount", Kind.DECIMAL, Range.decimal(18, 4)),
              new Column("wide", Kind.DECIMAL, Range.decimal(38, 10)),
              SIZE,
              new Column("whole", Kind.INTEGER, Range.upTo(0x1p31)),
              new Column("volume", Kind.BIGINT, Range.upTo(0x1p63)),
              new Column("flag", Kind.BOOLEAN, Range.NONE),
              LABEL,
              new Column("day", Kind.DATE, Range.notFinite(0)),
              new Column("moment", Kind.TIMESTAMP, Range.notFinite(0)),
              recent("seen_at")),
          "fundamentals",
          List.of(
              ID,
              ASSET,
              TIME,
              recent("published_at"),
              new Column("eps", Kind.DOUBLE, Range.upTo(8)),
              new Column("revenue", Kind.DECIMAL, Range.decimal(18, 2)),
              new Column("rating", Kind.INTEGER, Range.upTo(3)),
              new Column("source", Kind.TEXT, TEXT)),
          "restated",
          List.of(
              ID,
              ASSET,
              TIME,
              recent("known_at"),
              new Column("eps", Kind.DOUBLE, Range.upTo(8)),
              new Column("rating", Kind.INTEGER, Range.upTo(3)),
              new Column("note", Kind.TEXT, TEXT)),
          "assets",
          List.of(
              ASSET,
              new Column("name", Kind.TEXT, TEXT),
              new Column("category", Kind.TEXT, TEXT),
              new Column("currency", Kind.TEXT, TEXT),
              new Column("listed_on", Kind.DATE, Range.NONE),
              new Column("lot", Kind.INTEGER, Range.upTo(70)),
              new Column("active", Kind.BOOLEAN, Range.NONE)),
          "spans",
          List.of(
              ID,
              ASSET,
              TIME,
              new Column("opens", Kind.TIME, Range.NONE),
              new Column("session", Kind.UUID, Range.NONE),
              new Column("CARDINALITY(%s.marks)", Kind.INTEGER, Range.upTo(3)),
              new Column("%s.marks[1]", Kind.INTEGER, Range.upTo(1)),
              instant("valid_from"),
              instant("valid_to")),
          "nothing",
          List.of(ID, ASSET, TIME, PRICE, LABEL, SIZE),
          "single",
          List.of(ID, ASSET, TIME, PRICE, LABEL, SIZE));

  private OddColumns() {}

  private static Column instant(String name) {
    return new Column(name, Kind.INSTANT, Range.notFinite(0));
  }

  private static Column recent(String name) {
    return new Column(name, Kind.INSTANT, Range.NONE);
  }

  /** The columns of a node under an alias. */
  static Scope of(String node, String alias) {
    List<Term> columns =
        NODES.get(node).stream()
            .map(
                column ->
                    new Term(column.kind(), new Sql.Words(column.text(alias)), column.range()))
            .toList();
    String key = node.equals("assets") ? "asset_identifier" : "id";
    return new Scope(columns, Stream.of(column(columns, alias, key)).toList());
  }

  private static Term column(List<Term> columns, String alias, String name) {
    return columns.stream()
        .filter(column -> column.text().equals(alias + "." + name))
        .findFirst()
        .orElseThrow();
  }
}
