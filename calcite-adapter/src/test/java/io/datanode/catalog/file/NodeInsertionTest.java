package io.datanode.catalog.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datanode.DataNodeException;
import io.datanode.catalog.DeclaringCatalog;
import io.datanode.node.DataNode;
import io.datanode.node.NodeName;
import io.datanode.node.TableSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node is added to a catalog file, and nothing else in it changes. */
class NodeInsertionTest {
  @TempDir Path folder;

  private Path file;

  private static DataNode node(String identifier) {
    return DataNode.of(
            new NodeName(NodeName.DEFAULT_NAMESPACE, identifier),
            "desk",
            new TableSource.Table(List.of("public", identifier)))
        .withDescription("It's \"new\": ${USER} # no comment");
  }

  private DeclaringCatalog catalog(String text) throws IOException {
    file = Files.writeString(folder.resolve("catalog.yaml"), text);
    return (DeclaringCatalog) new FileCatalogProvider().open(file.toString(), null);
  }

  private void becomes(String before, String after) throws IOException {
    DeclaringCatalog catalog = catalog(before);
    DataNode node = node("new");
    catalog.declare(node, () -> true);
    assertEquals(after, Files.readString(file));
    assertEquals(node, catalog.snapshot().find(node.name()).orElseThrow());
  }

  private DataNodeException refused(String text) throws IOException {
    DeclaringCatalog catalog = catalog(text);
    DataNodeException refusal =
        assertThrows(DataNodeException.class, () -> catalog.declare(node("new"), () -> true));
    assertEquals(text, Files.readString(file));
    return refusal;
  }

  @Test
  void itFollowsTheLastNodeAndCommentsStayWhereTheyAre() throws IOException {
    becomes(
        """
        # Our catalog.
        storages:   # two of them
          desk: { type: duckdb, path: desk.duckdb }
          old: { type: duckdb, path: "${ENV:PATH}" }

        nodes:
          # Adjusted.
          - { identifier: prices, storage: desk, table: prices }   # daily
          - identifier: assets
            storage: desk
            table: assets   # all of them

        # Which node lists the assets.
        assets: { node: assets, key: asset_identifier }
        """,
        """
        # Our catalog.
        storages:   # two of them
          desk: { type: duckdb, path: desk.duckdb }
          old: { type: duckdb, path: "${ENV:PATH}" }

        nodes:
          # Adjusted.
          - { identifier: prices, storage: desk, table: prices }   # daily
          - identifier: assets
            storage: desk
            table: assets   # all of them
          - identifier: new
            description: 'It''s "new": $${USER} # no comment'
            storage: desk
            table: public.new

        # Which node lists the assets.
        assets: { node: assets, key: asset_identifier }
        """);
  }

  @Test
  void aCatalogMayHaveNoNodesYet() throws IOException {
    String storages = "storages: { desk: { type: duckdb, path: desk.duckdb } }\n";
    String added =
        """
          - identifier: new
            description: 'It''s "new": $${USER} # no comment'
            storage: desk
            table: public.new
        """;
    becomes(storages, storages + "nodes:\n" + added);
    becomes(storages + "nodes: [ ] # none\n", storages + "nodes: # none\n" + added);
  }

  @Test
  void linesEndAsTheyDid() throws IOException {
    becomes(
        "storages: { desk: { type: duckdb } }\r\nnodes:\r\n- { identifier: a, table: a }",
        "storages: { desk: { type: duckdb } }\r\nnodes:\r\n- { identifier: a, table: a }\r\n"
            + "- identifier: new\r\n"
            + "  description: 'It''s \"new\": $${USER} # no comment'\r\n"
            + "  storage: desk\r\n"
            + "  table: public.new\r\n");
  }

  @Test
  void whatIsWrittenOtherwiseIsLeftAndTheTextToAddIsTold() throws IOException {
    DataNodeException refusal =
        refused(
            """
            { storages: { desk: { type: duckdb, path: desk.duckdb } },
              nodes: [ { identifier: prices, table: prices } ] }
            """);
    assertEquals("0A000", refusal.sqlState());
    assertEquals(
        "Catalog file '"
            + file
            + """
            ' is left as it is, because its nodes are not lines that begin with a dash; add this to \
            its nodes by hand, as YAML:
            - identifier: new
              description: 'It''s "new": $${USER} # no comment'
              storage: desk
              table: public.new""",
        refusal.getMessage());
  }

  @Test
  void aTextThatOnlyLooksLikeAnEndIsNoPlaceForANode() throws IOException {
    DataNodeException refusal =
        refused(
            """
            storages: { desk: { type: duckdb } }
            nodes:
              - identifier: a
                table: a
                description: |
                  A text that ends in
                  # what is no comment
            """);
    assertEquals("0A000", refusal.sqlState());
  }

  @Test
  void aNodeThatWouldBeWrongIsNotAdded() throws IOException {
    String text = "storages: { desk: { type: duckdb } }\n";
    DeclaringCatalog catalog = catalog(text);
    DataNode node =
        DataNode.of(new NodeName("metadata", "new"), "desk", new TableSource.Table(List.of("new")));
    DataNodeException refusal =
        assertThrows(DataNodeException.class, () -> catalog.declare(node, () -> true));
    assertTrue(
        refusal
            .getMessage()
            .contains(
                "because the node would be wrong there: Namespace 'metadata' is taken by the"
                    + " tables that describe the catalog; add this"),
        refusal::getMessage);
    assertEquals(text, Files.readString(file));
  }

  @Test
  void aNameIsTakenOnceWhateverItsCase() throws IOException {
    DataNodeException refusal =
        refused(
            "storages: { desk: { type: duckdb } }\nnodes:\n  - { identifier: NEW, table: a }\n");
    assertEquals("42P07", refusal.sqlState());
    assertEquals("Node 'NEW' is already declared in " + file + ":3", refusal.getMessage());
  }

  @Test
  void nothingIsWrittenIfItIsNotToBe() throws IOException {
    String text = "storages: { desk: { type: duckdb } }\n";
    DeclaringCatalog catalog = catalog(text);
    catalog.declare(node("new"), () -> false);
    assertThrows(
        IllegalStateException.class,
        () ->
            catalog.declare(
                node("new"),
                () -> {
                  throw new IllegalStateException("The rows could not be published");
                }));
    assertEquals(text, Files.readString(file));
    try (var files = Files.list(folder)) {
      assertTrue(files.noneMatch(path -> path.toString().endsWith(".tmp")));
    }
  }

  @Test
  void whoMayReadTheFileMayStill() throws IOException {
    DeclaringCatalog catalog = catalog("storages: { desk: { type: duckdb } }\n");
    Set<PosixFilePermission> owner =
        Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    Files.setPosixFilePermissions(file, owner);
    catalog.declare(node("new"), () -> true);
    assertEquals(owner, Files.getPosixFilePermissions(file));
  }
}
