package io.datanode.publish;

import io.datanode.DataNodeException;
import io.datanode.catalog.CatalogSnapshot;
import io.datanode.jdbc.SqlState;
import io.datanode.jdbc.batch.ColumnType;
import io.datanode.jdbc.batch.ColumnType.Kind;
import io.datanode.node.Cadence;
import io.datanode.node.DataNode;
import io.datanode.node.Nearest;
import io.datanode.node.PublicationLag;
import io.datanode.node.RoleInference;
import io.datanode.node.TableSource;
import io.datanode.publish.PublishRequest.NewNode;
import io.datanode.schema.Nodes;
import io.datanode.storage.NewRows.Field;
import io.datanode.storage.Storage;
import io.datanode.storage.TableWriter;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The table that a new node is to have, and what the catalog is to declare of it. */
final class NewTarget {
  private static final Set<Kind> IDENTIFYING =
      Set.of(
          Kind.VARCHAR,
          Kind.UUID,
          Kind.TINYINT,
          Kind.SMALLINT,
          Kind.INTEGER,
          Kind.BIGINT,
          Kind.DECIMAL,
          Kind.BOOLEAN,
          Kind.DATE,
          Kind.TIMESTAMP,
          Kind.INSTANT);

  private final PublishRequest request;
  private final NewNode asked;
  private final Storage storage;
  private final TableWriter writer;
  private final TableSource place;
  private final @Nullable String cadence;

  /**
   * A table that has no columns yet.
   *
   * @throws DataNodeException F0000 if there is no such storage; 0A000 if it is only read; 22023 if
   *     it has no such place, or the cadence is none
   */
  NewTarget(Nodes nodes, PublishRequest request) {
    this.request = request;
    this.asked = request.node();
    this.storage = nodes.storage(storage(nodes.snapshot(), asked.storage()));
    this.writer = Writers.of(storage);
    this.place = writer.place(request.name(), asked.place());
    this.cadence = asked.cadence() == null ? null : cadence(asked.cadence());
  }

  private static String cadence(String text) {
    return Cadence.parse(text)
        .orElseThrow(
            () ->
                new DataNodeException(
                    SqlState.INVALID_PARAMETER,
                    "The cadence is '" + text + "'; expected " + Cadence.EXPECTED));
  }

  private static String storage(CatalogSnapshot snapshot, @Nullable String asked) {
    Set<String> known = snapshot.storages().keySet();
    if (asked == null && known.size() == 1) {
      return known.iterator().next();
    }
    if (asked == null) {
      throw new DataNodeException(
          SqlState.INVALID_PARAMETER,
          "The catalog has several storages; name one of " + String.join(", ", known));
    }
    if (!known.contains(asked)) {
      throw new DataNodeException(
          SqlState.INVALID_PARAMETER,
          "There is no storage '" + asked + "'" + Nearest.hint(asked, "the storages", known));
    }
    return asked;
  }

  /** The node before its columns are known. */
  DataNode named() {
    return DataNode.of(request.name(), storage.name(), place);
  }

  /**
   * What the catalog is to declare: also the roles that were inferred, as the rows are checked by
   * them.
   *
   * @throws DataNodeException 42703 if a column is named that the rows do not have; 22023 if what
   *     identifies a row can only be guessed
   */
  DataNode declared(List<Field> fields) {
    List<String> index = asked.index();
    String asset = asked.asset();
    String known = asked.knowledgeTime();
    Stream<@Nullable String> named =
        Stream.concat(
            index == null ? Stream.empty() : index.stream(),
            Stream.of(asset, PublicationLag.of(known).isPresent() ? null : known));
    named.filter(Objects::nonNull).forEach(column -> checkThere(column, fields));
    List<String> identity =
        index != null ? index.subList(1, index.size()) : asset == null ? null : List.of(asset);
    if (asset != null && !identity.contains(asset)) {
      throw new DataNodeException(
          SqlState.INVALID_PARAMETER,
          "'" + asset + "' is to name the asset, but is not among the columns of the index");
    }
    DataNode declared = node(index == null ? null : index.get(0), identity, asset, known);
    RoleInference.Roles roles =
        RoleInference.infer(
            declared,
            fields.stream()
                .map(field -> new RoleInference.Field(field.name(), field.type()))
                .toList(),
            List.of());
    if (roles.timeIndex() == null
        || roles.key().isEmpty()
        || RoleInference.isGuess(roles.how().get(RoleInference.TIME_INDEX))) {
      throw new DataNodeException(
          SqlState.INVALID_PARAMETER,
          "What identifies a row of "
              + String.join(", ", fields.stream().map(Field::name).toList())
              + " is not known; name the columns of the index, the time first");
    }
    return node(
        roles.timeIndex(),
        roles.identity(),
        roles.asset(),
        known == null ? roles.knowledgeTime() : known);
  }

  private static void checkThere(String column, List<Field> fields) {
    List<String> names = fields.stream().map(Field::name).toList();
    if (!names.contains(column)) {
      throw new DataNodeException(
          SqlState.UNDEFINED_COLUMN,
          "The rows have no column '" + column + "'" + Nearest.hint(column, "they have", names));
    }
  }

  private DataNode node(
      @Nullable String timeIndex,
      @Nullable List<String> identity,
      @Nullable String asset,
      @Nullable String knowledgeTime) {
    return new DataNode(
        request.name(),
        storage.name(),
        place,
        asked.description(),
        null,
        timeIndex,
        identity,
        asset,
        knowledgeTime,
        null,
        null,
        cadence,
        asked.labels(),
        List.of(),
        false,
        List.of());
  }

  /**
   * The table.
   *
   * @param declared as {@link #declared} says
   * @param fields columns of the rows
   * @throws DataNodeException 42804 if a column that is to identify rows cannot
   */
  Target target(DataNode declared, List<Field> fields) {
    String time = String.valueOf(declared.timeIndex());
    List<String> identity = List.copyOf(Objects.requireNonNull(declared.identity()));
    String known =
        PublicationLag.of(declared.knowledgeTime()).isPresent() ? null : declared.knowledgeTime();
    Predicate<String> isTime = name -> name.equals(time) || name.equals(known);
    List<Field> columns =
        fields.stream()
            .map(field -> isTime.test(field.name()) ? time(field) : field)
            .map(field -> new Field(field.name(), writer.stored(field.type())))
            .toList();
    for (Field column : columns) {
      if (identity.contains(column.name()) && !IDENTIFYING.contains(column.type().kind())) {
        throw new DataNodeException(
            SqlState.DATATYPE_MISMATCH,
            "Column '"
                + column.name()
                + "' is "
                + column.type()
                + ", which does not identify rows; expected a text or a whole number");
      }
    }
    return new Target(
        storage,
        writer,
        place,
        columns,
        time,
        identity,
        declared.asset(),
        known,
        List.of(),
        declared.description());
  }

  private Field time(Field field) {
    Kind kind = field.type().kind();
    if (kind == Kind.INSTANT || kind == Kind.DATE) {
      return field;
    }
    if (kind != Kind.TIMESTAMP) {
      throw new DataNodeException(
          SqlState.DATATYPE_MISMATCH,
          "Column '"
              + field.name()
              + "' is to be a time, but is "
              + field.type()
              + "; expected a timestamp with a zone, or a date");
    }
    if (!request.utc()) {
      throw new DataNodeException(
          SqlState.DATATYPE_MISMATCH,
          "Column '"
              + field.name()
              + "' has times without a zone; --utc takes them for UTC, else convert them in a query");
    }
    return new Field(
        field.name(), field.type().nanoseconds() ? ColumnType.INSTANT_NANOS : ColumnType.INSTANT);
  }
}
