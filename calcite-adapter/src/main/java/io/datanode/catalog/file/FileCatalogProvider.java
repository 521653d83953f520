package io.datanode.catalog.file;

import io.datanode.catalog.Catalog;
import io.datanode.catalog.CatalogProvider;
import io.datanode.catalog.StorageInspector;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Opens {@code catalog.yaml}, or any file with one of the endings .yaml, .yml and .json; also a
 * folder in which a file called {@code catalog} with such an ending lies.
 */
public final class FileCatalogProvider implements CatalogProvider {
  private static final List<String> ENDINGS = List.of(".yaml", ".yml", ".json");

  @Override
  public String expects() {
    return "a .yaml, .yml or .json file";
  }

  @Override
  public boolean accepts(String location) {
    return file(location).isPresent();
  }

  @Override
  public Catalog open(String location, StorageInspector inspector) {
    return new FileCatalog(file(location).orElseThrow(), System::getenv);
  }

  private static Optional<Path> file(String location) {
    try {
      Path path = Path.of(location).toAbsolutePath().normalize();
      if (Files.isDirectory(path)) {
        return ENDINGS.stream()
            .map(ending -> path.resolve("catalog" + ending))
            .filter(Files::isRegularFile)
            .findFirst();
      }
      String name = path.toString().toLowerCase(Locale.ROOT);
      return Files.isRegularFile(path) && ENDINGS.stream().anyMatch(name::endsWith)
          ? Optional.of(path)
          : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
