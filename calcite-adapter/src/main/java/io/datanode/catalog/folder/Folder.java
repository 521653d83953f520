package io.datanode.catalog.folder;

import io.datanode.node.TableSource.FileFormat;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * What lies in a folder, without opening a file.
 *
 * @param path its absolute path
 * @param parts the names of the folders from the catalog's folder down to it
 * @param files data files directly in it, by name
 * @param hiddenFiles true if files that are skipped lie among them
 * @param databases DuckDB files directly in it
 * @param folders folders with data in it, other than partitions
 * @param partitions the partition folders in it, by key; the empty key stands for folders named by
 *     a number or date
 */
record Folder(
    Path path,
    List<String> parts,
    List<Path> files,
    boolean hiddenFiles,
    List<Path> databases,
    List<Folder> folders,
    Map<String, Partition> partitions) {
  private static final int DEEPEST = 40;

  /**
   * One way in which a folder is divided.
   *
   * @param format of the files in it
   * @param suffix the end of the files' names
   * @param keys keys of the folders down to the files, outermost first, without empty ones
   */
  record Partition(FileFormat format, String suffix, List<String> keys) {}

  boolean empty() {
    return files.isEmpty() && databases.isEmpty() && folders.isEmpty() && partitions.isEmpty();
  }

  /**
   * Reads a folder and those below it.
   *
   * @param unreadable told of each folder that cannot be read, and why
   */
  static Folder read(Path path, BiConsumer<Path, IOException> unreadable) {
    return read(path, List.of(), unreadable);
  }

  private static Folder read(
      Path path, List<String> parts, BiConsumer<Path, IOException> unreadable) {
    List<Path> files = new ArrayList<>();
    List<Path> databases = new ArrayList<>();
    List<Folder> folders = new ArrayList<>();
    Map<String, Partition> partitions = new LinkedHashMap<>();
    boolean hiddenFiles = false;
    for (Path entry : entries(path, unreadable)) {
      String name = entry.getFileName().toString();
      if (FileNames.skipped(name)) {
        hiddenFiles |= FileNames.suffix(name).isPresent();
      } else if (Files.isDirectory(entry)) {
        Optional<String> key =
            FileNames.numbered(name) ? Optional.of("") : FileNames.partitionKey(name);
        if (key.isPresent()) {
          if (!partitions.containsKey(key.get())) {
            probe(entry, List.of(key.get()), unreadable)
                .ifPresent(found -> partitions.put(key.get(), found));
          }
        } else if (parts.size() < DEEPEST && !leadsBack(entry, unreadable)) {
          List<String> below = new ArrayList<>(parts);
          below.add(FileNames.folderName(name));
          Folder folder = read(entry, List.copyOf(below), unreadable);
          if (!folder.empty()) {
            folders.add(folder);
          }
        }
      } else if (FileNames.suffix(name).isPresent()) {
        files.add(entry);
      } else if (FileNames.database(name)) {
        databases.add(entry);
      }
    }
    return new Folder(path, parts, files, hiddenFiles, databases, folders, partitions);
  }

  /** Goes down to the first data file. */
  private static Optional<Partition> probe(
      Path path, List<String> keys, BiConsumer<Path, IOException> unreadable) {
    Set<Path> folders = new TreeSet<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(path)) {
      for (Path entry : stream) {
        String name = entry.getFileName().toString();
        if (!FileNames.skipped(name)) {
          Optional<String> suffix = FileNames.suffix(name);
          if (suffix.isPresent() && !Files.isDirectory(entry)) {
            List<String> named = keys.stream().filter(key -> !key.isEmpty()).toList();
            return Optional.of(
                new Partition(FileNames.format(name).orElseThrow(), suffix.get(), named));
          }
          folders.add(entry);
        }
      }
    } catch (IOException e) {
      unreadable.accept(path, e);
    } catch (DirectoryIteratorException e) {
      unreadable.accept(path, e.getCause());
    }
    for (Path folder : folders) {
      if (keys.size() < DEEPEST && Files.isDirectory(folder)) {
        List<String> below = new ArrayList<>(keys);
        below.add(FileNames.partitionKey(folder.getFileName().toString()).orElse(""));
        Optional<Partition> found = probe(folder, below, unreadable);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static Set<Path> entries(Path path, BiConsumer<Path, IOException> unreadable) {
    Set<Path> entries = new TreeSet<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(path)) {
      stream.forEach(entries::add);
    } catch (IOException e) {
      unreadable.accept(path, e);
    } catch (DirectoryIteratorException e) {
      unreadable.accept(path, e.getCause());
    }
    return entries;
  }

  /** True for a link to a folder that it lies in, which would be followed for ever. */
  private static boolean leadsBack(Path entry, BiConsumer<Path, IOException> unreadable) {
    try {
      return Files.isSymbolicLink(entry)
          && entry.getParent().toRealPath().startsWith(entry.toRealPath());
    } catch (IOException e) {
      unreadable.accept(entry, e);
      return true;
    }
  }
}
