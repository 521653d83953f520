package io.datanode.server.cli;

import io.datanode.catalog.declaration.Written;
import io.datanode.node.NameList;
import io.datanode.node.TableSource;
import io.datanode.node.TableSource.FileFormat;
import io.datanode.publish.PublishRequest.NewNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What {@code publish} is told of a new node. */
final class NewNodeOptions {
  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

  @Option(
      names = "--storage",
      paramLabel = "NAME",
      description = "Of a new node: its storage; may be left out if the catalog has only one.")
  @Nullable String storage;

  @Option(
      names = "--table",
      paramLabel = "SCHEMA.TABLE",
      description =
          "Of a new node: its table, in a storage that is a database; else called like the node.")
  @Nullable String table;

  @Option(
      names = "--file",
      paramLabel = "PATH",
      description =
          "Of a new node: its Parquet file, in a storage that is a folder; else called like the node.")
  @Nullable String file;

  @Option(
      names = "--index",
      paramLabel = "COLUMNS",
      description =
          "Of a new node: the columns that identify a row, separated by commas, the time first; else inferred, as"
              + " in a folder without a catalog.")
  @Nullable String index;

  @Option(
      names = "--asset",
      paramLabel = "COLUMN",
      description =
          "Of a new node: the column that names the asset; without --index, the only one with the time.")
  @Nullable String asset;

  @Option(
      names = "--knowledge-time",
      paramLabel = "COLUMN",
      description =
          "Of a new node: the column that says when a row became known, or a rule: time_index + 15m.")
  @Nullable String knowledgeTime;

  @Option(
      names = "--cadence",
      paramLabel = "CADENCE",
      description = "Of a new node: the usual distance between rows, for example 1d.")
  @Nullable String cadence;

  @Option(
      names = "--description",
      paramLabel = "TEXT",
      description = "Of a new node: what a row is.")
  @Nullable String description;

  @Option(
      names = "--label",
      paramLabel = "WORD",
      description = "Of a new node: a word for searching; may be given several times.")
  List<String> labels = new ArrayList<>();

  /**
   * What they say.
   *
   * @throws ParameterException if they contradict each other
   */
  NewNode values() {
    if (table != null && file != null) {
      throw new ParameterException(line(), "--table and --file exclude each other; give one");
    }
    TableSource place = null;
    if (table != null) {
      place = new TableSource.Table(Written.tablePath(table));
    } else if (file != null) {
      place = new TableSource.Files(FileFormat.PARQUET, List.of(file), false, List.of());
    }
    return new NewNode(
        storage,
        place,
        index == null ? null : NameList.split(index),
        asset,
        knowledgeTime,
        cadence,
        description,
        labels);
  }

  /**
   * Makes sure that none is given on the command line.
   *
   * @throws ParameterException if one is
   */
  void refuse(String why) {
    command.mixins().values().stream()
        .filter(mixin -> mixin.userObject() == this)
        .flatMap(mixin -> mixin.options().stream())
        .map(option -> option.longestName())
        .filter(line().getParseResult()::hasMatchedOption)
        .findFirst()
        .ifPresent(
            name -> {
              throw new ParameterException(line(), name + " " + why);
            });
  }

  private CommandLine line() {
    return command.commandLine();
  }
}
