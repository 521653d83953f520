package io.datanode.catalog.file;

import io.datanode.DataNodeException;
import io.datanode.catalog.CatalogChanges;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.catalog.DeclaringCatalog;
import io.datanode.catalog.FileStamp;
import io.datanode.catalog.InvalidCatalogException;
import io.datanode.catalog.declaration.CatalogFolder;
import io.datanode.catalog.declaration.CatalogReader;
import io.datanode.catalog.declaration.CatalogText;
import io.datanode.catalog.declaration.Problems;
import io.datanode.catalog.declaration.References;
import io.datanode.catalog.declaration.Value;
import io.datanode.catalog.declaration.Value.Mapping;
import io.datanode.catalog.declaration.Value.Place;
import io.datanode.file.FileReplacement;
import io.datanode.jdbc.SqlState;
import io.datanode.node.DataNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A catalog file; parsed again only when its text has changed. */
final class FileCatalog implements DeclaringCatalog {
  private final Path file;
  private final Function<String, @Nullable String> environment;
  private volatile @Nullable FileStamp stamp;
  private @Nullable String parsedText;
  private @Nullable CatalogSnapshot parsed;

  FileCatalog(Path file, Function<String, @Nullable String> environment) {
    this.file = file;
    this.environment = environment;
  }

  @Override
  public String location() {
    return file.toString();
  }

  @Override
  public boolean changed() {
    FileStamp known = stamp;
    return known != null && !known.equals(FileStamp.of(file));
  }

  @Override
  public synchronized CatalogSnapshot snapshot() {
    // Taken before reading, so that a change while reading is seen next time.
    stamp = FileStamp.of(file);
    String text = text();
    CatalogSnapshot known = parsed;
    if (known == null || !text.equals(parsedText)) {
      known = parse(file, text, environment, CatalogReader::read);
      parsed = known;
      parsedText = text;
    }
    return known;
  }

  @Override
  public CatalogSnapshot declared() {
    return parse(file, text(), environment, CatalogReader::readAsWritten);
  }

  @Override
  public synchronized void refresh() {
    parsed = null;
  }

  @Override
  public void declare(DataNode node, BooleanSupplier ready) {
    try (FileReplacement replacement = FileReplacement.of(file)) {
      String text = text();
      String longer = with(node, text);
      Files.writeString(replacement.draft(), longer);
      if (ready.getAsBoolean()) {
        replacement.commit();
      }
    } catch (IOException e) {
      throw new DataNodeException(
          SqlState.FILE_ERROR, "Catalog file '" + file + "' cannot be written: " + e, e);
    }
  }

  /** The text with a node more, which is read to make sure that it says that and nothing else. */
  private String with(DataNode node, String text) {
    CatalogSnapshot before = parse(file, text, environment, CatalogReader::read);
    CatalogSnapshot expected = before.with(node);
    List<String> entry = CatalogText.of(before, node);
    if (!yaml(file)) {
      throw notAdded(entry, "it is JSON", null);
    }
    try {
      Optional<String> longer =
          mapping(text).flatMap(catalog -> NodeInsertion.into(text, catalog, entry));
      if (longer.isPresent()) {
        CatalogSnapshot now = parse(file, longer.get(), environment, CatalogReader::read);
        if (CatalogChanges.between(expected, now).isEmpty()) {
          return longer.get();
        }
      }
    } catch (InvalidCatalogException e) {
      throw notAdded(entry, "the node would be wrong there: " + e.problems().get(0).message(), e);
    }
    throw notAdded(entry, "its nodes are not lines that begin with a dash", null);
  }

  private Optional<Mapping> mapping(String text) {
    Problems problems = new Problems(new FilePlaces(file));
    return SourceReader.read(text, true, problems, new References(environment, problems))
        .filter(Mapping.class::isInstance)
        .map(Mapping.class::cast);
  }

  private DataNodeException notAdded(List<String> entry, String why, @Nullable Exception cause) {
    return new DataNodeException(
        SqlState.NOT_SUPPORTED,
        "Catalog file '"
            + file
            + "' is left as it is, because "
            + why
            + "; add this to its nodes by hand, as YAML:\n"
            + String.join("\n", entry),
        cause);
  }

  /** What the text of a catalog file publishes. */
  static CatalogSnapshot parse(
      Path file, String text, Function<String, @Nullable String> environment) {
    return parse(file, text, environment, CatalogReader::read);
  }

  /** One of the ways to read what is declared. */
  @FunctionalInterface
  private interface Reading {
    CatalogSnapshot read(Optional<Value> value, Problems problems, CatalogFolder folder);
  }

  private static CatalogSnapshot parse(
      Path file, String text, Function<String, @Nullable String> environment, Reading reading) {
    Problems problems = new Problems(new FilePlaces(file));
    Optional<Value> value =
        SourceReader.read(text, yaml(file), problems, new References(environment, problems));
    return reading.read(value, problems, CatalogFolder.of(file.getParent()));
  }

  private static boolean yaml(Path file) {
    return !file.toString().toLowerCase(Locale.ROOT).endsWith(".json");
  }

  /** Lines and columns of a file. */
  private record FilePlaces(Path file) implements Problems.Places {
    @Override
    public String where(Place place) {
      return declared(place) + ":" + place.column();
    }

    @Override
    public String declared(Place place) {
      return file + ":" + place.line();
    }

    @Override
    public String elsewhere(Place place) {
      return "in line " + place.line();
    }
  }

  private String text() {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new DataNodeException(
          SqlState.FILE_ERROR, "There is no catalog file '" + file + "' any more", e);
    } catch (CharacterCodingException e) {
      throw new DataNodeException(
          SqlState.FILE_ERROR, "Catalog file '" + file + "' is not UTF-8 text", e);
    } catch (IOException e) {
      throw new DataNodeException(
          SqlState.FILE_ERROR, "Catalog file '" + file + "' cannot be read: " + e.getMessage(), e);
    }
  }
}
