package io.datanode.catalog.declaration;

import io.datanode.catalog.CatalogSnapshot;
import io.datanode.catalog.StorageDeclaration;
import io.datanode.node.Column;
import io.datanode.node.DataNode;
import io.datanode.node.ForeignKey;
import io.datanode.node.NodeName;
import io.datanode.node.Stitch;
import io.datanode.node.TableSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;

/** Writes what a catalog declares as the text of a {@code catalog.yaml}. */
public final class CatalogText {
  private static final int WIDEST_LINE = 100;

  private final CatalogSnapshot declared;

  private CatalogText(CatalogSnapshot declared) {
    this.declared = declared;
  }

  /**
   * A text that declares the same.
   *
   * @param declared what {@link io.datanode.catalog.Catalog#declared()} gives
   */
  public static String of(CatalogSnapshot declared) {
    // A mapping of nothing but single values is written on one line, as publishers do.
    return yaml(new CatalogText(declared).catalog(), DumperOptions.FlowStyle.AUTO);
  }

  /**
   * The text of one node, as an item of the list of nodes.
   *
   * @param catalog which has its storage
   * @return lines, of which the first begins with a dash
   */
  public static List<String> of(CatalogSnapshot catalog, DataNode node) {
    String item = yaml(List.of(new CatalogText(catalog).node(node)), DumperOptions.FlowStyle.BLOCK);
    return item.stripTrailing().stripIndent().lines().toList();
  }

  private static String yaml(Object value, DumperOptions.FlowStyle style) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(style);
    options.setWidth(WIDEST_LINE);
    options.setSplitLines(false);
    options.setIndicatorIndent(2);
    options.setIndentWithIndicator(true);
    return new Yaml(new QuotingRepresenter(options), options).dump(value);
  }

  /** Writes texts with line breaks and other invisible characters in quotes, escaped. */
  private static final class QuotingRepresenter extends Representer {
    QuotingRepresenter(DumperOptions options) {
      super(options);
    }

    // Block scalars lose trailing breaks and leading spaces of some texts.
    @Override
    protected Node representScalar(Tag tag, String value, DumperOptions.ScalarStyle style) {
      boolean visible = value.codePoints().allMatch(CatalogText::visible);
      return super.representScalar(
          tag, value, visible ? style : DumperOptions.ScalarStyle.DOUBLE_QUOTED);
    }
  }

  private static boolean visible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> codePoint == ' ';
      default -> true;
    };
  }

  private Map<String, Object> catalog() {
    Map<String, Object> catalog = new LinkedHashMap<>();
    Map<String, Object> storages = new LinkedHashMap<>();
    declared.storages().forEach((name, storage) -> storages.put(name, storage(storage)));
    catalog.put("storages", storages);
    catalog.put("nodes", declared.nodes().values().stream().map(this::node).toList());
    if (declared.assetsNode().isPresent() && declared.assetsKey().isPresent()) {
      Map<String, Object> assets = new LinkedHashMap<>();
      put(assets, "node", Written.name(declared.assetsNode().get()));
      put(assets, "key", declared.assetsKey().get());
      catalog.put("assets", assets);
    }
    return catalog;
  }

  private static Map<String, Object> storage(StorageDeclaration storage) {
    Map<String, Object> map = new LinkedHashMap<>();
    put(map, "type", storage.type());
    map.putAll(new TreeMap<>(storage.options()));
    return map;
  }

  private Map<String, Object> node(DataNode node) {
    Map<String, Object> map = new LinkedHashMap<>();
    put(map, "identifier", node.name().identifier());
    if (!node.name().namespace().equals(NodeName.DEFAULT_NAMESPACE)) {
      put(map, "namespace", node.name().namespace());
    }
    put(map, "description", node.description());
    put(map, "storage", node.stitch().isPresent() ? null : node.storage());
    if (node.source() instanceof TableSource.Table table) {
      put(map, table.path());
    } else if (node.source() instanceof TableSource.Files files) {
      put(map, files, declared.storages().get(node.storage()));
    } else if (node.source() instanceof Stitch stitch) {
      map.put("stitch", stitch(stitch));
    }
    put(map, "time_index", node.timeIndex());
    boolean assetOnly = node.asset() != null && List.of(node.asset()).equals(node.identity());
    if (node.identity() != null && !assetOnly) {
      map.put("identity", escaped(node.identity()));
    }
    put(map, "asset", node.asset());
    put(map, "knowledge_time", node.knowledgeTime());
    if (node.snapshotBy() != null) {
      map.put("snapshot_by", escaped(node.snapshotBy()));
    }
    if (node.tieBreak() != null) {
      map.put("tie_break", escaped(node.tieBreak()));
    }
    put(map, "cadence", node.cadence());
    putUnlessEmpty(map, "labels", node.labels());
    put(map, "storage_hash", node.storageHash());
    if (!node.columns().isEmpty()) {
      Map<String, Object> columns = new LinkedHashMap<>();
      node.columns().forEach(column -> columns.put(column.name(), column(column)));
      map.put("columns", columns);
    }
    if (node.onlyDeclaredColumns()) {
      map.put("only_declared_columns", true);
    }
    if (!node.foreignKeys().isEmpty()) {
      map.put(
          "foreign_keys",
          node.foreignKeys().stream().map(key -> foreignKey(key, node.name())).toList());
    }
    return map;
  }

  private static void put(Map<String, Object> map, List<String> path) {
    if (Written.dotted(path)) {
      put(map, "table", String.join(".", path));
    } else {
      map.put("table", escaped(path));
    }
  }

  private static void put(
      Map<String, Object> map, TableSource.Files files, @Nullable StorageDeclaration storage) {
    String folder = storage == null ? null : storage.options().get("path");
    List<String> globs = new ArrayList<>();
    files.globs().forEach(glob -> globs.add(References.escaped(Written.file(folder, glob))));
    map.put("files", globs.size() == 1 ? globs.get(0) : globs);
    put(map, "format", Written.format(files).orElse(null));
    Written.partitioned(files).ifPresent(partitioned -> map.put("partitioned", partitioned));
    putUnlessEmpty(map, "hidden", files.hidden());
  }

  private static Map<String, Object> stitch(Stitch stitch) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("parts", escaped(stitch.parts().stream().map(Written::name).toList()));
    put(map, "boundary", Written.boundary(stitch).orElse(null));
    put(map, "zone", Written.zone(stitch).orElse(null));
    put(map, "overlap", Written.overlap(stitch).orElse(null));
    if (stitch.sideBySide()) {
      map.put("side_by_side", true);
    }
    return map;
  }

  private static @Nullable Map<String, Object> column(Column column) {
    Map<String, Object> map = new LinkedHashMap<>();
    put(map, "dtype", Written.dtype(column).orElse(null));
    put(map, "label", column.label());
    put(map, "description", column.description());
    put(map, "unit", column.unit());
    put(map, "stored_name", column.storedName().equals(column.name()) ? null : column.storedName());
    put(map, "epoch", Optional.ofNullable(column.epoch()).map(unit -> unit.token()).orElse(null));
    if (!column.nullable()) {
      map.put("nullable", false);
    }
    return map.isEmpty() ? null : map;
  }

  private static Map<String, Object> foreignKey(ForeignKey key, NodeName node) {
    Map<String, Object> map = new LinkedHashMap<>();
    put(
        map,
        "name",
        key.name().equals(NodeReader.foreignKeyName(node, key.columns())) ? null : key.name());
    map.put("columns", escaped(key.columns()));
    put(map, "node", Written.name(key.target()));
    if (!key.targetColumns().equals(key.columns())) {
      map.put("node_columns", escaped(key.targetColumns()));
    }
    return map;
  }

  private static void put(Map<String, Object> map, String key, @Nullable String text) {
    if (text != null) {
      map.put(key, References.escaped(text));
    }
  }

  private static void putUnlessEmpty(Map<String, Object> map, String key, List<String> texts) {
    if (!texts.isEmpty()) {
      map.put(key, escaped(texts));
    }
  }

  /** A list of its own for each use: one that is used twice would be written as an anchor. */
  private static List<String> escaped(List<String> texts) {
    List<String> escaped = new ArrayList<>();
    texts.forEach(text -> escaped.add(References.escaped(text)));
    return escaped;
  }
}
