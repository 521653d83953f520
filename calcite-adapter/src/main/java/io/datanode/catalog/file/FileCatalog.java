package io.datanode.catalog.file;

import io.datanode.DataNodeException;
import io.datanode.catalog.Catalog;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.catalog.FileStamp;
import io.datanode.catalog.declaration.CatalogFolder;
import io.datanode.catalog.declaration.CatalogReader;
import io.datanode.catalog.declaration.Problems;
import io.datanode.catalog.declaration.References;
import io.datanode.catalog.declaration.Value;
import io.datanode.catalog.declaration.Value.Place;
import io.datanode.jdbc.SqlState;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A catalog file; parsed again only when its text has changed. */
final class FileCatalog implements Catalog {
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
    boolean yaml = !file.toString().toLowerCase(Locale.ROOT).endsWith(".json");
    Optional<Value> value =
        SourceReader.read(text, yaml, problems, new References(environment, problems));
    return reading.read(value, problems, CatalogFolder.of(file.getParent()));
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
