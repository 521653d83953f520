package io.datanode.catalog.declaration;

import io.datanode.jdbc.batch.ColumnType;
import io.datanode.node.Column;
import io.datanode.node.Dtype;
import io.datanode.node.NodeName;
import io.datanode.node.Stitch;
import io.datanode.node.TableSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How parts of a declaration are written, so that reading gives the same again. */
public final class Written {
  private Written() {}

  /**
   * A path or pattern of a node's files: relative if it lies in the folder that the storage names,
   * so that it follows when the storage moves.
   *
   * @param storagePath the folder as declared, or null if the storage names none
   */
  public static String file(@Nullable String storagePath, String pattern) {
    if (storagePath == null || !pattern.startsWith(storagePath + "/")) {
      return pattern;
    }
    String below = pattern.substring(storagePath.length() + 1);
    boolean relative = !below.isBlank() && !below.startsWith("/") && !below.startsWith("./");
    return relative && !CatalogFolder.whole(below) ? below : pattern;
  }

  /** The parts of a table's name, outermost first; dots in double quotes part nothing. */
  public static List<String> tablePath(String text) {
    return SourcePlace.split(text);
  }

  /** Whether folders are columns, if that does not follow from the files. */
  public static Optional<Boolean> partitioned(TableSource.Files files) {
    return files.hivePartitioned() == SourcePlace.partitioned(files.globs())
        ? Optional.empty()
        : Optional.of(files.hivePartitioned());
  }

  /** The dtype of a column: its token, with the digits of a decimal; empty if none is declared. */
  public static Optional<String> dtype(Column column) {
    ColumnType type = column.type();
    if (type == null || (column.dtype() == null && column.epoch() != null)) {
      return Optional.ofNullable(column.dtype());
    }
    return Optional.of(
        type.kind() == ColumnType.Kind.DECIMAL
            ? "numeric(" + type.precision() + "," + type.scale() + ")"
            : column.dtype() == null ? Dtype.token(type) : column.dtype());
  }

  /** The name of a node where another refers to it. */
  public static String name(NodeName name) {
    String namespace = name.namespace();
    String identifier = name.identifier();
    if (namespace.equals(NodeName.DEFAULT_NAMESPACE)
        && identifier.indexOf('.') < 0
        && !identifier.startsWith("\"")) {
      return identifier;
    }
    return namespace.indexOf('.') < 0 && !namespace.startsWith("\"")
        ? namespace + "." + identifier
        : SourcePlace.quoted(namespace) + "." + SourcePlace.quoted(identifier);
  }

  /** The boundary between the parts of a stitched node: a time in UTC, or its name. */
  public static Optional<String> boundary(Stitch stitch) {
    return Optional.ofNullable(stitch.boundary()).map(StitchReader::text);
  }

  /** The zone of a boundary, if it is not UTC. */
  public static Optional<String> zone(Stitch stitch) {
    return Optional.ofNullable(stitch.boundary())
        .map(boundary -> boundary.zone().getId())
        .filter(zone -> !zone.equals(ZoneOffset.UTC.getId()));
  }

  /** Whose row counts where the parts of a stitched node overlap. */
  public static Optional<String> overlap(Stitch stitch) {
    return Optional.ofNullable(stitch.overlap()).map(StitchReader::text);
  }

  /** The format of files, if their endings do not tell it. */
  static Optional<String> format(TableSource.Files files) {
    return SourcePlace.formatOf(files.globs()).filter(files.format()::equals).isPresent()
        ? Optional.empty()
        : Optional.of(format(files.format()));
  }

  /** The word for a format. */
  public static String format(TableSource.FileFormat format) {
    return switch (format) {
      case PARQUET -> "parquet";
      case CSV -> "csv";
    };
  }

  /** True if the parts of a table's name can be written with dots between them. */
  static boolean dotted(List<String> path) {
    return path.stream().noneMatch(part -> part.indexOf('.') >= 0 || part.indexOf('"') >= 0);
  }
}
