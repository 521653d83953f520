package io.datanode.catalog.declaration;

import io.datanode.catalog.CatalogSnapshot;
import io.datanode.catalog.StorageDeclaration;
import io.datanode.catalog.declaration.Value.Mapping;
import io.datanode.catalog.declaration.Value.Place;
import io.datanode.catalog.declaration.Value.Scalar;
import io.datanode.catalog.declaration.Value.Sequence;
import io.datanode.node.DataNode;
import io.datanode.node.ForeignKey;
import io.datanode.node.Nearest;
import io.datanode.node.NodeName;
import io.datanode.node.Stitch;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a whole declared catalog. */
public final class CatalogReader {
  private static final String IMPLICIT_STORAGE = "files";

  private final CatalogFolder folder;
  private final Problems problems;
  private final boolean asWritten;
  private final Map<String, StorageDeclaration> storages = new LinkedHashMap<>();
  private final Map<NodeName, DataNode> nodes = new LinkedHashMap<>();
  private final Map<NodeName, String> declaredIn = new LinkedHashMap<>();
  private final Map<NodeName, Place> places = new LinkedHashMap<>();
  private final Map<NodeName, Place> stitches = new LinkedHashMap<>();
  private @Nullable NodeName assetsNode;
  private @Nullable String assetsKey;

  private CatalogReader(CatalogFolder folder, Problems problems, boolean asWritten) {
    this.folder = folder;
    this.problems = problems;
    this.asWritten = asWritten;
  }

  /**
   * What a catalog publishes.
   *
   * @param value the whole catalog; empty if it could not be read, which is then among the problems
   * @throws io.datanode.catalog.InvalidCatalogException if anything is wrong
   */
  public static CatalogSnapshot read(
      Optional<? extends Value> value, Problems problems, CatalogFolder folder) {
    return new CatalogReader(folder, problems, false).snapshot(value);
  }

  /**
   * What a catalog publishes, with the options of its storages as they are written, see {@link
   * io.datanode.catalog.Catalog#declared()}.
   *
   * @param value as above
   * @throws io.datanode.catalog.InvalidCatalogException if anything is wrong, or a secret is
   *     written out
   */
  public static CatalogSnapshot readAsWritten(
      Optional<? extends Value> value, Problems problems, CatalogFolder folder) {
    return new CatalogReader(folder, problems, true).snapshot(value);
  }

  private CatalogSnapshot snapshot(Optional<? extends Value> value) {
    value
        .flatMap(catalog -> Fields.of(catalog, Section.CATALOG, problems))
        .ifPresent(this::catalog);
    problems.throwIfAny();
    return new CatalogSnapshot(nodes, storages, assetsNode, assetsKey, Map.of(), declaredIn);
  }

  private void catalog(Fields fields) {
    storages(fields);
    Value list = fields.value("nodes");
    if (list instanceof Sequence sequence) {
      for (Value item : sequence.items()) {
        NodeReader.read(item, problems, folder, storages).ifPresent(node -> add(node, item));
      }
      checkForeignKeys();
      checkParts();
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
    if (storages.isEmpty() && folder.path().isPresent()) {
      String path = folder.path().get();
      storages.put(
          IMPLICIT_STORAGE,
          new StorageDeclaration(
              IMPLICIT_STORAGE,
              "duckdb",
              Map.of("path", asWritten ? References.escaped(path) : path),
              problems.places().declared(fields.place())));
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
          path(name, scalar).ifPresent(path -> options.put(key, path));
        } else {
          options.put(key, option(name, key, scalar));
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
    storages.put(
        name, new StorageDeclaration(name, type, options, problems.places().declared(keyPlace)));
  }

  private Optional<String> path(String storage, Scalar scalar) {
    Optional<String> base = asWritten ? folder.path().map(References::escaped) : folder.path();
    Optional<String> path = CatalogFolder.absolute(base, option(storage, "path", scalar));
    if (path.isEmpty()) {
      problems.add(
          scalar.place(),
          "'path' of storage '"
              + storage
              + "' is '"
              + scalar.raw()
              + "', which is relative, but this catalog lies in no folder; expected an absolute"
              + " path");
    }
    return path;
  }

  private String option(String storage, String key, Scalar scalar) {
    if (!asWritten) {
      return scalar.text();
    }
    scalar.checkReferences();
    Secrets.problem(storage, key, scalar.raw())
        .ifPresent(problem -> problems.add(scalar.place(), problem));
    return scalar.raw();
  }

  private void add(DataNode node, Value item) {
    Place place = item.place();
    if (item instanceof Mapping mapping) {
      Value identifier = mapping.entries().get("identifier");
      place = identifier == null ? place : identifier.place();
      Value stitch = mapping.entries().get("stitch");
      stitches.put(node.name(), stitch == null ? place : stitch.place());
    }
    Place first = places.putIfAbsent(lowerCase(node.name()), place);
    if (first == null) {
      nodes.put(node.name(), node);
      declaredIn.put(node.name(), problems.places().declared(place));
      return;
    }
    problems.add(
        place,
        "Node '"
            + node.name()
            + "' is already declared "
            + problems.places().elsewhere(first)
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

  private void checkParts() {
    for (DataNode node : nodes.values()) {
      Place place = stitches.getOrDefault(node.name(), new Place(1, 1));
      for (NodeName part : parts(node)) {
        if (!nodes.containsKey(part)) {
          problems.add(place, "Node '" + node.name() + "' is stitched from " + missing(part));
        }
      }
      if (parts(node).stream().anyMatch(part -> leadsTo(part, node.name(), new HashSet<>()))) {
        problems.add(place, "Node '" + node.name() + "' is stitched from itself");
      }
    }
  }

  private static List<NodeName> parts(DataNode node) {
    return node.stitch().map(Stitch::parts).orElse(List.of());
  }

  private boolean leadsTo(NodeName from, NodeName node, Set<NodeName> seen) {
    return from.equals(node)
        || (seen.add(from)
            && nodes.containsKey(from)
            && parts(nodes.get(from)).stream().anyMatch(part -> leadsTo(part, node, seen)));
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

  /**
   * A name with or without its namespace: {@code assets} or {@code reference.assets}; as {@code
   * "a.b"."c"} if a part holds dots.
   */
  static NodeName nodeName(String text) {
    if (text.startsWith("\"")) {
      List<String> parts = SourcePlace.split(text);
      return parts.size() == 1
          ? new NodeName(NodeName.DEFAULT_NAMESPACE, parts.get(0))
          : new NodeName(parts.get(0), String.join(".", parts.subList(1, parts.size())));
    }
    int dot = text.indexOf('.');
    return dot <= 0
        ? new NodeName(NodeName.DEFAULT_NAMESPACE, text)
        : new NodeName(text.substring(0, dot), text.substring(dot + 1));
  }
}
