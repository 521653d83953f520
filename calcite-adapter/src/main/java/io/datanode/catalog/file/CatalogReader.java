package io.datanode.catalog.file;

import io.datanode.catalog.CatalogSnapshot;
import io.datanode.catalog.StorageDeclaration;
import io.datanode.catalog.file.Value.Mapping;
import io.datanode.catalog.file.Value.Place;
import io.datanode.catalog.file.Value.Scalar;
import io.datanode.catalog.file.Value.Sequence;
import io.datanode.node.DataNode;
import io.datanode.node.ForeignKey;
import io.datanode.node.Nearest;
import io.datanode.node.NodeName;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads a whole catalog file. */
final class CatalogReader {
  private static final String IMPLICIT_STORAGE = "files";

  private final Path file;
  private final CatalogFolder folder;
  private final Problems problems;
  private final Map<String, StorageDeclaration> storages = new LinkedHashMap<>();
  private final Map<NodeName, DataNode> nodes = new LinkedHashMap<>();
  private final Map<NodeName, Place> places = new LinkedHashMap<>();
  private @Nullable NodeName assetsNode;
  private @Nullable String assetsKey;

  private CatalogReader(Path file) {
    this.file = file;
    this.folder = new CatalogFolder(file.getParent());
    this.problems = new Problems(file);
  }

  /**
   * Reads a catalog.
   *
   * @param file where it stands, absolute; its folder is what relative paths refer to
   * @param text what it says
   * @param environment the value of an environment variable, or null
   * @throws io.datanode.catalog.InvalidCatalogException if anything is wrong
   */
  static CatalogSnapshot read(
      Path file, String text, Function<String, @Nullable String> environment) {
    CatalogReader reader = new CatalogReader(file);
    boolean yaml = !file.toString().toLowerCase(Locale.ROOT).endsWith(".json");
    SourceReader.read(text, yaml, reader.problems, environment)
        .flatMap(value -> Fields.of(value, Section.CATALOG, reader.problems))
        .ifPresent(reader::catalog);
    reader.problems.throwIfAny();
    return new CatalogSnapshot(reader.nodes, reader.storages, reader.assetsNode, reader.assetsKey);
  }

  private void catalog(Fields fields) {
    storages(fields);
    Value list = fields.value("nodes");
    if (list instanceof Sequence sequence) {
      for (Value item : sequence.items()) {
        NodeReader.read(item, problems, folder, storages).ifPresent(node -> add(node, item));
      }
      checkForeignKeys();
    } else if (list != null) {
      fields.problem("nodes", "'nodes' has to be a list of nodes, but is " + list.kind());
    }
    assets(fields);
  }

  private void storages(Fields fields) {
    Value value = fields.value("storages");
    if (value instanceof Mapping mapping) {
      mapping
          .entries()
          .forEach((name, storage) -> storage(name, storage, mapping.keys().get(name)));
    } else if (value != null) {
      fields.problem(
          "storages",
          "'storages' has to be a mapping of names to storages, but is "
              + value.kind()
              + "; expected for example lake: { type: duckdb, path: ./data }");
    }
    if (storages.isEmpty()) {
      storages.put(
          IMPLICIT_STORAGE,
          new StorageDeclaration(
              IMPLICIT_STORAGE, "duckdb", Map.of("path", folder.path()), file.toString()));
    }
  }

  private void storage(String name, Value value, @Nullable Place place) {
    Place keyPlace = place == null ? value.place() : place;
    Map<String, String> options = new LinkedHashMap<>();
    String type = "";
    if (value instanceof Mapping mapping) {
      for (Map.Entry<String, Value> entry : mapping.entries().entrySet()) {
        String key = entry.getKey();
        if (!(entry.getValue() instanceof Scalar scalar)
            || (scalar.type() == Scalar.Type.NOTHING && !key.equals("password"))) {
          problems.add(
              entry.getValue().place(),
              "'"
                  + key
                  + "' of storage '"
                  + name
                  + "' has to be a text, number or truth value, but is "
                  + entry.getValue().kind());
        } else if (key.equals("type")) {
          type = scalar.text();
        } else if (key.equals("path")) {
          options.put(key, CatalogFolder.absolute(folder.path(), scalar.text()));
        } else {
          options.put(key, scalar.text());
        }
      }
      if (!mapping.entries().containsKey("type")) {
        problems.add(
            keyPlace, "Storage '" + name + "' has no type; expected for example type: duckdb");
      }
    } else {
      problems.add(
          value.place(),
          "Storage '" + name + "' has to be a mapping with a type, but is " + value.kind());
    }
    // Declared even if wrong, so that its nodes are not reported as well.
    storages.put(name, new StorageDeclaration(name, type, options, file + ":" + keyPlace.line()));
  }

  private void add(DataNode node, Value item) {
    Place place = item.place();
    if (item instanceof Mapping mapping) {
      Value identifier = mapping.entries().get("identifier");
      place = identifier == null ? place : identifier.place();
    }
    Place first = places.putIfAbsent(lowerCase(node.name()), place);
    if (first == null) {
      nodes.put(node.name(), node);
      return;
    }
    problems.add(
        place,
        "Node '"
            + node.name()
            + "' is already declared in line "
            + first.line()
            + (nodes.containsKey(node.name())
                ? ""
                : ", with other upper and lower case, which names do not tell apart"));
  }

  private void checkForeignKeys() {
    for (DataNode node : nodes.values()) {
      for (ForeignKey key : node.foreignKeys()) {
        if (!nodes.containsKey(key.target())) {
          problems.add(
              places.getOrDefault(lowerCase(node.name()), new Place(1, 1)),
              "Foreign key '" + key.name() + "' refers to " + missing(key.target()));
        }
      }
    }
  }

  private void assets(Fields fields) {
    Value value = fields.value("assets");
    if (value != null) {
      Fields.of(value, Section.ASSETS, problems).ifPresent(this::assetsOf);
    }
  }

  private void assetsOf(Fields fields) {
    assetsKey = fields.required("key").orElse(null);
    Optional<NodeName> node = fields.required("node").map(CatalogReader::nodeName);
    if (node.isPresent() && !nodes.containsKey(node.get())) {
      fields.problem("node", "'node' refers to " + missing(node.get()));
    }
    assetsNode = node.orElse(null);
  }

  private String missing(NodeName name) {
    return "node '"
        + name
        + "', which is not declared"
        + Nearest.hint(
            name.toString(), "the nodes", nodes.keySet().stream().map(NodeName::toString).toList());
  }

  private static NodeName lowerCase(NodeName name) {
    return new NodeName(
        name.namespace().toLowerCase(Locale.ROOT), name.identifier().toLowerCase(Locale.ROOT));
  }

  /** A name with or without its namespace: {@code assets} or {@code reference.assets}. */
  static NodeName nodeName(String text) {
    int dot = text.indexOf('.');
    return dot <= 0
        ? new NodeName(NodeName.DEFAULT_NAMESPACE, text)
        : new NodeName(text.substring(0, dot), text.substring(dot + 1));
  }
}
