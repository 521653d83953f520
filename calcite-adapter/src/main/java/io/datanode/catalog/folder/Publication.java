package io.datanode.catalog.folder;

import io.datanode.catalog.CatalogSnapshot;
import io.datanode.catalog.StorageDeclaration;
import io.datanode.node.DataNode;
import io.datanode.node.NodeName;
import io.datanode.node.TableSource;
import io.datanode.node.TableSource.FileFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/**
 * Gives what was found in a folder its names. They depend only on where a thing lies, so they stay
 * when others come and go:
 *
 * <ul>
 *   <li>{@code a} in the catalog's folder is node {@code a} of the default namespace, {@code a/b}
 *       is node {@code b} of namespace {@code a}, and {@code a/b/c} is {@code b_c} of {@code a};
 *   <li>folders down to one called {@code parquet} or {@code csv} are left out: {@code
 *       v3/daily/parquet/ohlcv/binance} is node {@code ohlcv_binance};
 *   <li>the tables of a DuckDB file lie in the folder of the file;
 *   <li>a name that is taken, ignoring case, becomes the full file name, for example {@code
 *       prices.csv}, or for a table the file's name and its own.
 * </ul>
 */
final class Publication {
  private static final Set<String> FORMAT_FOLDERS = Set.of("parquet", "csv");
  private static final String METADATA_NAMESPACE = "metadata";

  /** Lists the tables of a database. */
  @FunctionalInterface
  interface Tables {
    List<TableSource.Table> of(
        Path file, StorageDeclaration storage, Map<String, String> unreadable);
  }

  private final Path root;
  private final Map<String, String> unreadable;
  private final Tables tables;
  private final BiPredicate<List<Path>, StorageDeclaration> alike;
  private final Set<String> storageNames = new HashSet<>();
  private final StorageDeclaration fileStorage;
  private final Map<String, StorageDeclaration> storages = new TreeMap<>();
  private final Map<NodeName, DataNode> nodes = new TreeMap<>();
  private final Map<NodeName, String> foundIn = new TreeMap<>();
  private final Map<NodeName, String> takenBy = new LinkedHashMap<>();

  Publication(
      Path root,
      Map<String, String> unreadable,
      Tables tables,
      BiPredicate<List<Path>, StorageDeclaration> alike) {
    this.root = root;
    this.unreadable = unreadable;
    this.tables = tables;
    this.alike = alike;
    this.fileStorage = storage(nameOf(root), root);
  }

  /** The storage that holds the data files. */
  StorageDeclaration fileStorage() {
    return fileStorage;
  }

  CatalogSnapshot snapshot() {
    if (nodes.values().stream().anyMatch(node -> node.storage().equals(fileStorage.name()))
        || storages.isEmpty()
        || unreadable.containsKey(fileStorage.name())) {
      storages.put(fileStorage.name(), fileStorage);
    }
    return new CatalogSnapshot(nodes, storages, null, null, unreadable, foundIn);
  }

  /** Publishes one data file. */
  void file(Path file) {
    add(List.of(FileNames.stem(nameOf(file))), file, source(List.of(file)));
  }

  /** Publishes what lies in a folder and below it. */
  void folder(Folder folder) {
    List<String> own =
        folder.parts().isEmpty() ? List.of(FileNames.folderName(nameOf(root))) : folder.parts();
    folder
        .partitions()
        .forEach((key, partition) -> add(own, folder.path(), source(folder, key, partition)));
    boolean onlyFiles =
        folder.partitions().isEmpty() && folder.folders().isEmpty() && folder.databases().isEmpty();
    byFormat(folder.files())
        .forEach((format, files) -> files(folder, own, files, onlyFiles, format));
    folder.folders().forEach(this::folder);
    folder.databases().forEach(this::database);
  }

  private void files(
      Folder folder, List<String> own, List<Path> files, boolean onlyFiles, FileFormat format) {
    boolean alone = onlyFiles && files.size() == folder.files().size();
    boolean isRoot = folder.parts().isEmpty();
    List<String> names = files.stream().map(Publication::nameOf).toList();
    boolean oneTable;
    if (isRoot || !alone) {
      oneTable = files.size() > 1 && FileNames.parts(names);
    } else {
      oneTable =
          files.size() == 1
              || FileNames.numberedAlike(names)
              || FileNames.parts(names)
              || alike.test(files, fileStorage);
    }
    if (oneTable) {
      add(own, folder.path(), source(folder, files, format));
      return;
    }
    for (Path file : files) {
      List<String> parts = new ArrayList<>(folder.parts());
      parts.add(FileNames.stem(nameOf(file)));
      add(parts, file, source(List.of(file)));
    }
  }

  /** Publishes the tables of a database file. */
  void database(Path file) {
    StorageDeclaration storage = storage(FileNames.stem(nameOf(file)), file);
    storages.put(storage.name(), storage);
    List<String> folder = relative(file.getParent());
    for (TableSource.Table table : tables.of(file, storage, unreadable)) {
      List<String> path = table.path();
      String name = path.get(path.size() - 1);
      String schema = path.size() > 1 ? path.get(path.size() - 2) : "main";
      List<String> parts = new ArrayList<>(folder);
      if (!schema.equals("main")) {
        parts.add(schema);
      }
      parts.add(name);
      NodeName published = free(parts, storage.name() + "." + name, nameOf(file));
      nodes.put(published, note(DataNode.of(published, storage.name(), table), parts));
      foundIn.put(published, file.toString());
    }
  }

  private void add(List<String> parts, Path found, TableSource source) {
    NodeName name = free(parts, nameOf(found), nameOf(found));
    nodes.put(name, note(DataNode.of(name, fileStorage.name(), source), parts));
    foundIn.put(name, found.toString());
  }

  /** The node, with a description that says why its name is not the one its place gives it. */
  private DataNode note(DataNode node, List<String> parts) {
    NodeName wanted = name(parts);
    if (node.name().equals(wanted)) {
      return node;
    }
    return node.withDescription(
        "Published under this name because '" + wanted + "' is " + takenBy.get(lowerCase(wanted)));
  }

  private NodeName free(List<String> parts, String otherwise, String takenByWhat) {
    NodeName wanted = name(parts);
    NodeName name = wanted;
    for (int i = 1; takenBy.containsKey(lowerCase(name)); i++) {
      name = new NodeName(wanted.namespace(), i == 1 ? otherwise : otherwise + "_" + i);
    }
    takenBy.put(lowerCase(name), takenByWhat);
    return name;
  }

  private static NodeName name(List<String> parts) {
    for (int i = 0; i < parts.size() - 1; i++) {
      if (FORMAT_FOLDERS.contains(parts.get(i).toLowerCase(Locale.ROOT))) {
        return new NodeName(
            NodeName.DEFAULT_NAMESPACE, String.join("_", parts.subList(i + 1, parts.size())));
      }
    }
    if (parts.size() == 1 || parts.get(0).equalsIgnoreCase(METADATA_NAMESPACE)) {
      return new NodeName(NodeName.DEFAULT_NAMESPACE, String.join("_", parts));
    }
    return new NodeName(parts.get(0), String.join("_", parts.subList(1, parts.size())));
  }

  private static TableSource source(List<Path> files) {
    Path first = files.get(0);
    return new TableSource.Files(
        FileNames.format(nameOf(first)).orElseThrow(),
        files.stream().map(file -> FileNames.literal(file.toString())).toList(),
        false,
        List.of());
  }

  /** All files of a format in a folder, those included that come later. */
  private static TableSource source(Folder folder, List<Path> files, FileFormat format) {
    String directory = FileNames.literal(folder.path().toString());
    List<String> globs =
        files.stream()
            .map(file -> FileNames.suffix(nameOf(file)).orElseThrow())
            .distinct()
            .map(suffix -> directory + (folder.hiddenFiles() ? "/[!._]*" : "/*") + suffix)
            .toList();
    return new TableSource.Files(format, globs, false, List.of());
  }

  private static TableSource source(Folder folder, String key, Folder.Partition partition) {
    String directory = FileNames.literal(folder.path().toString());
    String first = key.isEmpty() ? "/[0-9]*" : "/" + FileNames.literal(key) + "=*";
    return new TableSource.Files(
        partition.format(),
        List.of(directory + first + "/**/*" + partition.suffix()),
        !partition.keys().isEmpty(),
        List.of());
  }

  private static Map<FileFormat, List<Path>> byFormat(List<Path> files) {
    Map<FileFormat, List<Path>> byFormat = new TreeMap<>();
    for (Path file : files) {
      byFormat
          .computeIfAbsent(
              FileNames.format(nameOf(file)).orElseThrow(), format -> new ArrayList<>())
          .add(file);
    }
    return byFormat;
  }

  private StorageDeclaration storage(String wanted, Path path) {
    String name = wanted;
    for (int i = 2; !storageNames.add(name); i++) {
      name = wanted + "_" + i;
    }
    return new StorageDeclaration(name, "duckdb", Map.of("path", path.toString()), path.toString());
  }

  private List<String> relative(Path folder) {
    List<String> parts = new ArrayList<>();
    if (!folder.equals(root)) {
      root.relativize(folder).forEach(part -> parts.add(FileNames.folderName(part.toString())));
    }
    return parts;
  }

  private static NodeName lowerCase(NodeName name) {
    return new NodeName(
        name.namespace().toLowerCase(Locale.ROOT), name.identifier().toLowerCase(Locale.ROOT));
  }

  private static String nameOf(Path path) {
    Path name = path.getFileName();
    return name == null ? "files" : name.toString();
  }
}
