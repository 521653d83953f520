package io.datanode.publish;

import io.datanode.DataNodeException;
import io.datanode.engine.Engine;
import io.datanode.jdbc.SqlState;
import io.datanode.node.DataNode;
import io.datanode.schema.DeclaredCatalog;
import io.datanode.storage.NewRows;
import io.datanode.storage.WriteMode;
import io.datanode.storage.WrittenTable;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Publishes rows under the name of a node. All is checked before anything can be seen, and all
 * becomes visible at once: readers see the node as it was, or as it is then. Whatever fails leaves
 * it as it was.
 */
public final class Publisher {
  private final Engine engine;
  private final PublishRequest request;

  private Publisher(Engine engine, PublishRequest request) {
    this.engine = engine;
    this.request = request;
  }

  /**
   * Publishes rows to the catalog at a location.
   *
   * @throws SQLException if the query that is to give the rows fails
   * @throws DataNodeException 42P07 or 42P01 if the node exists or does not, against what the mode
   *     says; 42703, 42804 or 22003 if the rows do not have its columns; 23502 or 23505 if their
   *     key does not identify them, or is that of another row; 0A000 if the node, its storage or
   *     the catalog is not written; and as catalogs and storages fail
   */
  public static Published publish(String location, PublishRequest request) throws SQLException {
    try (Engine engine = Engine.open(location, Map.of())) {
      Publisher publisher = new Publisher(engine, request);
      if (request.mode() != WriteMode.CREATE) {
        return publisher.change();
      }
      try (DeclaredCatalog catalog = Engine.openCatalog(location)) {
        return publisher.create(catalog);
      }
    }
  }

  private Published create(DeclaredCatalog catalog) throws SQLException {
    NewTarget made = new NewTarget(engine.nodes(), request);
    // To know before the rows are read whether the node can be made known at all.
    catalog.declaring().declare(made.named(), () -> false);
    try (StagedRows staged = StagedRows.read(engine, request.rows())) {
      DataNode declared = made.declared(staged.fields());
      return write(
          staged,
          made.target(declared, staged.fields()),
          written ->
              catalog
                  .declaring()
                  .declare(
                      declared,
                      () -> {
                        publish(written);
                        return !request.dryRun();
                      }));
    }
  }

  private Published change() throws SQLException {
    Target target = ExistingTarget.of(engine.nodes(), request.name());
    try (StagedRows staged = StagedRows.read(engine, request.rows())) {
      return write(staged, target, this::publish);
    }
  }

  private Published write(StagedRows staged, Target target, Consumer<WrittenTable> last) {
    NewRows rows = target.rows(staged, request.utc());
    KeyCheck key = KeyCheck.of(staged, rows, target);
    boolean whole = request.mode() == WriteMode.CREATE || request.mode() == WriteMode.REPLACE;
    if (whole && key.rows() == 0) {
      throw new DataNodeException(
          SqlState.INVALID_PARAMETER, "There are no rows, and the node would have none");
    }
    try (WrittenTable written = target.writer().write(target.place(), rows, request.mode())) {
      last.accept(written);
      return new Published(
          request.name(),
          key.rows(),
          written.replaced(),
          key.first(),
          key.last(),
          key.assets(),
          target.shown(),
          rows.key(),
          target.columns());
    }
  }

  private void publish(WrittenTable written) {
    if (!request.dryRun()) {
      written.publish();
    }
  }
}
