package io.datanode.catalog.declaration;

import io.datanode.node.PublicationLag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a node say when a row holds, what it is about, when it became known, and which
 * of several rows counts, as far as that is declared.
 */
record DeclaredRoles(
    @Nullable String timeIndex,
    @Nullable List<String> identity,
    @Nullable String asset,
    @Nullable String knowledgeTime,
    @Nullable List<String> snapshotBy,
    @Nullable List<String> tieBreak) {

  /** The roles that the keys of a node declare. */
  static DeclaredRoles read(Fields fields) {
    String time = fields.text("time_index");
    List<String> identity = fields.texts("identity");
    List<String> names = fields.texts("index_names");
    if (names != null && names.isEmpty()) {
      fields.problem("index_names", "'index_names' is empty; expected the time index first");
    } else if (names != null) {
      if (time != null && !names.get(0).equals(time)) {
        fields.problem(
            "index_names",
            "'index_names' begins with '"
                + names.get(0)
                + "'; expected the time index '"
                + time
                + "' first");
      }
      List<String> rest = names.subList(1, names.size());
      if (identity != null && !identity.equals(rest)) {
        fields.problem(
            "identity",
            "'identity' is not what 'index_names' names after the time index; one of the two keys"
                + " is enough");
      }
      time = names.get(0);
      identity = rest;
    }
    String asset = fields.text("asset");
    if (asset != null && identity == null) {
      identity = List.of(asset);
    }
    if (asset != null && !identity.contains(asset)) {
      fields.problem(
          "asset",
          "'"
              + asset
              + "' is to name the asset, but is not among the identity columns "
              + String.join(", ", identity));
    }
    if (time != null && identity != null && identity.contains(time)) {
      fields.problem(
          fields.has("identity") ? "identity" : "asset",
          "'" + time + "' is both time index and identity of the node");
    }
    String knowledgeTime = knowledgeTime(fields, time);
    DeclaredRoles roles =
        new DeclaredRoles(
            time,
            identity,
            asset,
            knowledgeTime,
            fields.texts("snapshot_by"),
            fields.texts("tie_break"));
    roles.checkSnapshot(fields);
    roles.checkTieBreak(fields);
    return roles;
  }

  private static @Nullable String knowledgeTime(Fields fields, @Nullable String timeIndex) {
    String knowledgeTime = fields.text("knowledge_time");
    if (knowledgeTime != null && knowledgeTime.equals(timeIndex)) {
      fields.problem(
          "knowledge_time",
          "'" + knowledgeTime + "' is both time index and knowledge time of the node");
    }
    if (knowledgeTime != null
        && PublicationLag.isMeant(knowledgeTime)
        && PublicationLag.of(knowledgeTime).isEmpty()) {
      fields.problem(
          "knowledge_time",
          "'knowledge_time' is '"
              + fields.raw("knowledge_time")
              + "'; expected "
              + PublicationLag.EXPECTED);
    }
    return knowledgeTime;
  }

  private void checkSnapshot(Fields fields) {
    if (snapshotBy == null || identity == null) {
      return;
    }
    for (String column : snapshotBy) {
      if (!identity.contains(column)) {
        fields.problem(
            "snapshot_by",
            "'"
                + column
                + "' is to name what is published as a whole, but is not among the identity columns"
                + (identity.isEmpty()
                    ? ", of which there are none"
                    : " " + String.join(", ", identity)));
      }
    }
  }

  private void checkTieBreak(Fields fields) {
    if (tieBreak == null) {
      return;
    }
    for (String column : tieBreak) {
      if (column.equals(timeIndex)
          || column.equals(knowledgeTime)
          || (identity != null && identity.contains(column))) {
        fields.problem(
            "tie_break",
            "'"
                + column
                + "' cannot decide between rows with the same time index, identity and knowledge"
                + " time, because it is one of these");
      }
    }
  }

  /** The columns that have a role. */
  List<String> columns() {
    List<String> columns = new ArrayList<>();
    Optional.ofNullable(timeIndex).ifPresent(columns::add);
    Optional.ofNullable(identity).ifPresent(columns::addAll);
    Optional.ofNullable(knowledgeTime)
        .filter(column -> PublicationLag.of(column).isEmpty())
        .ifPresent(columns::add);
    Optional.ofNullable(tieBreak).ifPresent(columns::addAll);
    return columns;
  }
}
