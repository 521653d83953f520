package io.datanode.differential;

import io.datanode.testing.OddNodes;
import io.datanode.testing.OddNodes.Place;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All places where a query must give the same rows. Used by one thread. */
final class Targets implements AutoCloseable {
  /** Two targets that do not agree. */
  record Difference(Target one, Answer ofOne, Target other, Answer ofOther) {
    String shown() {
      return one.name() + ":\n" + ofOne.shown() + "\n" + other.name() + ":\n" + ofOther.shown();
    }
  }

  private final List<Target> all = new ArrayList<>();
  private final Path folder;
  private final String postgreSql;

  private Targets(Path folder, String postgreSql) {
    this.folder = folder;
    this.postgreSql = postgreSql;
  }

  /**
   * Opens the targets: each storage, a catalog whose nodes are in both, its mirror image, and
   * PostgreSQL read node by node with all work done in the embedded engine, and a catalog whose
   * storage is another catalog.
   *
   * @param folder holds the files of {@link OddNodes}
   * @param postgreSql URL of the database with the same rows
   */
  static Targets open(Path folder, String postgreSql) throws SQLException {
    Targets targets = new Targets(folder, postgreSql);
    targets.add("duckdb", Place.DUCKDB, Place.DUCKDB, "on");
    targets.add("postgresql", Place.POSTGRESQL, Place.POSTGRESQL, "on");
    targets.add("ticks in parquet", Place.PARQUET, Place.POSTGRESQL, "on");
    targets.add("ticks in postgresql", Place.POSTGRESQL, Place.DUCKDB, "on");
    targets.add("nothing pushed", Place.POSTGRESQL, Place.POSTGRESQL, "off");
    targets.addOtherCatalog();
    return targets;
  }

  private void add(String name, Place ticks, Place others, String pushdown) throws SQLException {
    Map<String, Place> places = new LinkedHashMap<>();
    for (String node : OddNodes.NODES) {
      places.put(node, node.equals("ticks") || node.equals("nothing") ? ticks : others);
    }
    String file = name.replace(' ', '-') + ".yaml";
    Path catalog = OddNodes.catalog(folder, file, places, postgreSql);
    all.add(new Target(name, catalog, "threads=1&pushdown=" + pushdown));
  }

  private void addOtherCatalog() throws SQLException {
    Path other = folder.resolve("duckdb.yaml");
    all.add(
        new Target(
            "other catalog",
            OddNodes.ofOtherCatalog(folder.resolve("other-catalog.yaml"), other),
            "threads=1"));
  }

  List<String> names() {
    return all.stream().map(Target::name).toList();
  }

  /** The answer of the first target. */
  Answer first(RandomQuery query) {
    return all.get(0).run(query);
  }

  /**
   * Runs a query everywhere; empty if all agree with the first. An internal error is a difference
   * from what was to be, even where all targets have it.
   */
  Optional<Difference> difference(RandomQuery query, Answer first) {
    if (first instanceof Answer.Failure failure && failure.kind().equals("XX")) {
      return Optional.of(new Difference(all.get(0), first, all.get(0), first));
    }
    for (Target other : all.subList(1, all.size())) {
      Answer answer = other.run(query);
      if (!Answer.agree(first, answer, query.ordered(), query.exact())) {
        return Optional.of(new Difference(all.get(0), first, other, answer));
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() throws SQLException {
    for (Target target : all) {
      target.close();
    }
  }
}
