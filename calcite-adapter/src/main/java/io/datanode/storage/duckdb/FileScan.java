package io.datanode.storage.duckdb;

import io.datanode.DataNodeException;
import io.datanode.jdbc.SqlState;
import io.datanode.node.TableSource;
import io.datanode.node.TableSource.FileFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How DuckDB is told to read the files of one source, as they are now. */
final class FileScan {
  /** CSV files up to this size are read whole to find the types of their columns. */
  private static final long SMALL = 32L << 20;

  /** Files whose footers are read at most to estimate rows; of more, some are taken for all. */
  private static final int SAMPLE = 200;

  /**
   * Partition folders that are numbers even if written with leading zeros, which DuckDB takes for
   * text.
   */
  private static final Set<String> CALENDAR =
      Set.of("year", "quarter", "month", "week", "day", "hour", "minute");

  private static final Pattern PARTITION = Pattern.compile("/([^/=]+)=([^/]*)(?=/)");

  private final Introspection introspection;
  private final TableSource.Files source;
  private @Nullable List<String> files;

  FileScan(Introspection introspection, TableSource.Files source) {
    this.introspection = introspection;
    this.source = source;
  }

  /** What stands after FROM to read the files as they are now. */
  String reader() {
    List<String> files = files();
    if (source.format() == FileFormat.PARQUET) {
      return call("read_parquet", source.hivePartitioned(), files, "");
    }
    String sample = bytes(files) <= SMALL ? ", sample_size = -1" : ", sample_size = 500000";
    List<NativeColumn> columns =
        introspection.describe("SELECT * FROM " + call("read_csv", false, files, sample));
    checkSplit(columns);
    // With the types known, a query need not look through the files for them.
    List<String> types = new ArrayList<>();
    for (NativeColumn column : columns) {
      types.add(Names.literal(column.name()) + ": " + Names.literal(column.type()));
    }
    return call(
        "read_csv",
        source.hivePartitioned(),
        files,
        ", types = {" + String.join(", ", types) + "}");
  }

  private String call(String function, boolean hive, List<String> files, String more) {
    StringBuilder call = new StringBuilder(function);
    call.append('(').append(Names.literals(source.globs())).append(", union_by_name = true");
    call.append(", hive_partitioning = ").append(hive);
    if (hive) {
      call.append(hiveTypes(files));
    }
    if (source.format() == FileFormat.CSV) {
      // An empty field is NULL, a quoted empty field is the empty string. The first line has the
      // names: left to guess, DuckDB may skip lines until all that follow are of one length.
      call.append(", header = true, skip = 0, allow_quoted_nulls = false");
    }
    return call.append(more).append(')').toString();
  }

  private static String hiveTypes(List<String> files) {
    Map<String, Boolean> numbers = new TreeMap<>();
    for (String file : files) {
      Matcher folder = PARTITION.matcher(file.replace('\\', '/'));
      while (folder.find()) {
        if (CALENDAR.contains(folder.group(1).toLowerCase(Locale.ROOT))) {
          numbers.merge(
              folder.group(1), folder.group(2).matches("[0-9]{1,9}"), Boolean::logicalAnd);
        }
      }
    }
    String types =
        numbers.entrySet().stream()
            .filter(Map.Entry::getValue)
            .map(number -> Names.literal(number.getKey()) + ": BIGINT")
            .collect(Collectors.joining(", "));
    return types.isEmpty() ? "" : ", hive_types = {" + types + "}";
  }

  private void checkSplit(List<NativeColumn> columns) {
    if (columns.size() == 1 && columns.get(0).name().matches(".*[,;|\t].*")) {
      throw new DataNodeException(
          SqlState.FILE_ERROR,
          introspection.where()
              + ": "
              + source
              + " cannot be split into columns: its rows do not all have as many fields as its"
              + " first line, "
              + columns.get(0).name());
    }
  }

  /** About how many rows the files have, or -1 if that is not known without reading them. */
  long rowEstimate() {
    List<String> files = files();
    if (source.format() != FileFormat.PARQUET || files.isEmpty()) {
      return -1;
    }
    int step = (files.size() + SAMPLE - 1) / SAMPLE;
    List<String> sample = new ArrayList<>();
    for (int i = 0; i < files.size(); i += step) {
      sample.add(files.get(i));
    }
    // Answered from the footers alone. (parquet_file_metadata, run twice, breaks DuckDB 2.0.0.)
    String rows =
        introspection
            .rows("SELECT count(*) FROM read_parquet(" + Names.literals(sample) + ")")
            .get(0)
            .get(0);
    return Long.parseLong(rows) * files.size() / sample.size();
  }

  /** The files there were when first asked. */
  private List<String> files() {
    List<String> known = files;
    if (known == null) {
      known = new ArrayList<>();
      for (String glob : source.globs()) {
        if (glob.matches("[^*?\\[]*")) {
          known.add(glob);
        } else {
          for (List<String> row : introspection.rows("SELECT file FROM glob(?)", glob)) {
            known.add(row.get(0));
          }
        }
      }
      files = known;
    }
    return known;
  }

  private long bytes(List<String> files) {
    long bytes = 0;
    for (String file : files) {
      try {
        bytes += Files.size(Path.of(file)) * (file.endsWith(".gz") ? 5 : 1);
      } catch (IOException e) {
        throw new DataNodeException(
            SqlState.FILE_ERROR, introspection.where() + ": " + file + " cannot be read", e);
      }
    }
    return bytes;
  }
}
