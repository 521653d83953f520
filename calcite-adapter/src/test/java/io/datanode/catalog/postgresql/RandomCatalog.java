package io.datanode.catalog.postgresql;

import io.datanode.catalog.CatalogSnapshot;
import io.datanode.catalog.StorageDeclaration;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.node.Column;
import io.datanode.node.DataNode;
import io.datanode.node.Dtype;
import io.datanode.node.EpochUnit;
import io.datanode.node.ForeignKey;
import io.datanode.node.NodeName;
import io.datanode.node.Stitch;
import io.datanode.node.TableSource;
import io.datanode.node.TableSource.FileFormat;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Valid catalogs that use every field of the model, with texts that are hard to write down. */
final class RandomCatalog {
  private static final List<String> HARD =
      List.of(
          "true",
          "null",
          "~",
          "no",
          "1e3",
          "007",
          "0x1F",
          "2024-01-01",
          "-",
          "- a",
          "a: b",
          "a #b",
          "#",
          "'",
          "\"",
          "''",
          "\"\"",
          "\\",
          "\\n",
          "line\nbreak",
          "line\r\nbreak",
          "\ttab",
          " x",
          "x ",
          "\n",
          "x\n\n",
          "{a}",
          "[a]",
          "a,b",
          "&a",
          "*a",
          "!a",
          "|",
          ">",
          "%",
          "@a",
          "`",
          "${",
          "$${",
          "${ENV:X}",
          "$${ENV:X}",
          "$",
          "a.b",
          "\"a\".b",
          ".",
          "ä",
          "Ω",
          "日本",
          "😀",
          "\u2028",
          "\u0085",
          "\u00a0x",
          "\ufeffx",
          "e\u0301",
          "İ",
          "ß",
          "NULL",
          "{}",
          "\\N",
          "x".repeat(200));

  private final Random random;

  RandomCatalog(long seed) {
    this.random = new Random(seed);
  }

  CatalogSnapshot declared() {
    Map<String, StorageDeclaration> storages = new LinkedHashMap<>();
    for (String name : texts(1 + random.nextInt(3))) {
      storages.put(name, storage(name));
    }
    Map<NodeName, DataNode> nodes = new LinkedHashMap<>();
    List<NodeName> names = new ArrayList<>();
    for (int i = random.nextInt(8); i >= 0; i--) {
      // Numbered, because names that differ only in case are one.
      names.add(new NodeName(random.nextBoolean() ? "nodes" : text(), text() + i));
    }
    for (NodeName name : names) {
      nodes.put(name, node(name, names, pick(List.copyOf(storages.values()))));
    }
    boolean assets = random.nextBoolean();
    return new CatalogSnapshot(
        nodes, storages, assets ? pick(names) : null, assets ? text() : null);
  }

  private StorageDeclaration storage(String name) {
    Map<String, String> options = new LinkedHashMap<>();
    if (random.nextBoolean()) {
      options.put("path", pick(List.of("/data", "/data/$${x}", "${ENV:LAKE}", "/desk.duckdb")));
    }
    if (random.nextBoolean()) {
      options.put("password", pick(List.of("", "${ENV:P}", "${ENV:P}${ENV:Q}")));
    }
    for (String key : texts(random.nextInt(3))) {
      options.put("x" + key, text().replace("${", "$${") + pick(List.of("", "${ENV:X}")));
    }
    return new StorageDeclaration(name, pick(List.of("duckdb", "postgresql")), options, "");
  }

  private DataNode node(NodeName name, List<NodeName> others, StorageDeclaration storage) {
    List<String> roles = texts(6);
    String time = orNull(roles.get(0));
    List<String> identity = random.nextBoolean() ? null : roles.subList(1, 1 + random.nextInt(3));
    String asset = identity == null || identity.isEmpty() ? null : orNull(pick(identity));
    String knowledgeTime = orNull(roles.get(4));
    List<String> snapshotBy = identity == null || random.nextBoolean() ? null : identity;
    List<String> tieBreak = pick(Arrays.asList(null, null, List.of(), roles.subList(5, 6)));
    List<Column> columns = new ArrayList<>();
    texts(random.nextInt(4)).forEach(column -> columns.add(column(column)));
    boolean only = !columns.isEmpty() && time == null && identity == null && knowledgeTime == null;
    only &= tieBreak == null;
    List<ForeignKey> keys = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      keys.add(foreignKey(name, pick(others)));
    }
    if (!keys.isEmpty() && random.nextInt(4) == 0) {
      keys.add(keys.get(0));
    }
    Stitch stitch = random.nextInt(4) == 0 ? stitch(name, others) : null;
    if (stitch != null) {
      columns.replaceAll(column -> Column.of(column.name(), null));
      only = false;
      tieBreak = null;
    }
    return new DataNode(
        name,
        stitch != null ? "" : storage.name(),
        stitch != null ? stitch : source(storage.options().get("path")),
        orNull(text()),
        orNull(text()),
        time,
        identity,
        asset,
        knowledgeTime,
        snapshotBy,
        tieBreak,
        orNull(pick(List.of("1d", "5m", "1mo"))),
        texts(random.nextInt(3)),
        columns,
        only && random.nextBoolean(),
        keys);
  }

  /** Of nodes declared before, so that none is stitched from itself; null if they are too few. */
  private @Nullable Stitch stitch(NodeName name, List<NodeName> others) {
    List<NodeName> parts = others.subList(0, others.indexOf(name));
    if (parts.size() < 2) {
      return null;
    }
    List<NodeName> two = parts.subList(parts.size() - 2, parts.size());
    ZoneId zone = ZoneId.of(pick(List.of("Z", "America/New_York", "+05:30")));
    Instant instant = Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000) * 1000L);
    return pick(
        List.of(
            new Stitch(parts, null, null, true),
            new Stitch(parts, null, pick(List.of(Stitch.Overlap.values())), false),
            new Stitch(two, Stitch.Boundary.fixed(instant, zone), null, false),
            new Stitch(two, new Stitch.Boundary(Stitch.At.MIDNIGHT, null, zone), null, false),
            new Stitch(
                two,
                new Stitch.Boundary(Stitch.At.HISTORY_END, null, ZoneOffset.UTC),
                null,
                false)));
  }

  private TableSource source(@Nullable String storagePath) {
    if (random.nextBoolean()) {
      return new TableSource.Table(texts(1 + random.nextInt(3)));
    }
    String folder =
        storagePath == null || storagePath.endsWith(".duckdb") || random.nextInt(4) == 0
            ? "/elsewhere"
            : storagePath;
    List<String> globs = new ArrayList<>();
    for (String part : texts(1 + random.nextInt(2))) {
      String segment = "f" + part.replace("/", "").replace("\0", "").strip();
      globs.add(
          folder
              + pick(List.of("/", "/*/", "/a=b/"))
              + segment
              + pick(List.of(".csv", ".parquet", "")));
    }
    return new TableSource.Files(
        pick(List.of(FileFormat.CSV, FileFormat.PARQUET)),
        globs,
        random.nextBoolean(),
        texts(random.nextInt(2)));
  }

  private Column column(String name) {
    EpochUnit epoch = random.nextInt(4) == 0 ? pick(List.of(EpochUnit.values())) : null;
    Dtype dtype =
        random.nextInt(3) == 0
            ? null
            : Dtype.parse(
                    epoch != null
                        ? "timestamp with time zone"
                        : random.nextInt(4) == 0 ? "numeric(12,4)" : pick(Dtype.tokens()))
                .orElseThrow();
    return new Column(
        name,
        random.nextBoolean() ? name : text(),
        epoch != null ? ColumnType.INSTANT : dtype == null ? null : dtype.type(),
        dtype == null ? null : dtype.token(),
        orNull(text()),
        orNull(text()),
        orNull(text()),
        epoch,
        random.nextBoolean());
  }

  private ForeignKey foreignKey(NodeName node, NodeName target) {
    List<String> columns = texts(1 + random.nextInt(2));
    List<String> targetColumns = random.nextBoolean() ? columns : texts(columns.size());
    String made = node.identifier() + "_" + String.join("_", columns) + "_fkey";
    return new ForeignKey(random.nextBoolean() ? made : text(), columns, target, targetColumns);
  }

  private List<String> texts(int count) {
    Set<String> texts = new LinkedHashSet<>();
    while (texts.size() < count) {
      texts.add(text());
    }
    return List.copyOf(texts);
  }

  /** Never blank: that is the same as a key left out. */
  private String text() {
    String text = pick(HARD) + (random.nextBoolean() ? "" : pick(HARD));
    return text.isBlank() ? "x" + text : text;
  }

  private @Nullable String orNull(String text) {
    return random.nextBoolean() ? text : null;
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
