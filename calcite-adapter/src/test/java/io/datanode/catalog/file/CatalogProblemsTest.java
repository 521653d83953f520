package io.datanode.catalog.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.datanode.catalog.InvalidCatalogException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CatalogProblemsTest {
  private static final Path FILE = Path.of("/data/catalog.yaml");

  @Test
  void anUnknownKeyNamesTheNearest() {
    yaml("""
            nodes:
              - identifier: prices
                files: prices.parquet
                time_indx: ts
            """)
        .fails(
            "/data/catalog.yaml:4:5: Unknown key 'time_indx' in a node; did you mean 'time_index'?");
    yaml("strages: {}")
        .fails(
            "/data/catalog.yaml:1:1: Unknown key 'strages' in the catalog; did you mean 'storages'?");
    yaml("nodes: [ { identifier: p, files: p.csv, columns: { c: { zzz: 1 } } } ]")
        .fails(
            "/data/catalog.yaml:1:57: Unknown key 'zzz' in a column; its keys are dtype, label,"
                + " description, unit, stored_name, epoch, nullable");
  }

  @Test
  void whatIsPublishedAsAWholeIsNamedByIdentityColumns() {
    yaml("""
            nodes:
              - identifier: weights
                files: weights.parquet
                index_names: [time_index, portfolio, asset]
                snapshot_by: [fund]
            """)
        .fails(
            "/data/catalog.yaml:5:18: 'fund' is to name what is published as a whole, but is not"
                + " among the identity columns portfolio, asset");
  }

  @Test
  void whatRowsHaveInCommonDecidesNotBetweenThem() {
    yaml("""
            nodes:
              - identifier: fundamentals
                files: fundamentals.parquet
                index_names: [time_index, asset]
                knowledge_time: published_at
                tie_break: [published_at, sequence]
            """)
        .fails(
            "/data/catalog.yaml:6:16: 'published_at' cannot decide between rows with the same time"
                + " index, identity and knowledge time, because it is one of these");
    yaml("""
            nodes:
              - { identifier: a, files: a.csv }
              - { identifier: b, files: b.csv }
              - identifier: prices
                tie_break: sequence
                stitch: { parts: [a, b], boundary: history_end }
            """)
        .fails(
            "/data/catalog.yaml:5:16: The rows of a stitched node are those of its parts;"
                + " 'tie_break' does not go with 'stitch'");
  }

  @Test
  void everyProblemIsFoundInOneRun() {
    InvalidCatalogException e =
        assertThrows(
            InvalidCatalogException.class,
            () ->
                yaml("""
                        storages:
                          lake: { path: ./data }
                        nodes:
                          - identifier: prices
                            storage: lak
                            files: prices.parquet
                            cadence: daily
                          - files: [rates]
                        """)
                    .read());
    assertEquals(
        """
        /data/catalog.yaml:2:3: Storage 'lake' has no type; expected for example type: duckdb
        /data/catalog.yaml:5:14: There is no storage 'lak'; did you mean 'lake'?
        /data/catalog.yaml:7:14: 'cadence' is 'daily'; expected a count and one of s, m, h, d, w,\
         mo, q, y, for example 1d or 15m
        /data/catalog.yaml:8:5: Key 'identifier' is missing in a node
        /data/catalog.yaml:8:12: 'files' does not end in .parquet, .csv or .csv.gz; add format:\
         parquet or format: csv
        """,
        e.problems().stream().map(problem -> problem + "\n").reduce("", String::concat));
    assertEquals(
        "/data/catalog.yaml:2:3: Storage 'lake' has no type; expected for example type: duckdb"
            + " (and 4 problems more)",
        e.getMessage());
    assertEquals("F0000", e.sqlState());
  }

  @Test
  void textThatIsNoYamlSaysWhere() {
    yaml("nodes:\n  - identifier: [prices\n")
        .fails(
            "/data/catalog.yaml:3:1: Not well-formed YAML: expected ',' or ']', but got <stream"
                + " end>");
    yaml("").fails("/data/catalog.yaml:1:1: The catalog is empty; expected storages and nodes");
    yaml("just text")
        .fails(
            "/data/catalog.yaml:1:1: Expected the catalog with keys such as storages, nodes, found"
                + " the text 'just text'");
  }

  @Test
  void textThatIsNoJsonSaysWhere() {
    InvalidCatalogException e =
        assertThrows(
            InvalidCatalogException.class,
            () ->
                FileCatalog.parse(
                    Path.of("/data/catalog.json"), "{\n \"nodes\": [,]\n}", name -> null));
    assertEquals("/data/catalog.json:2:12", e.problems().get(0).where());
  }

  @Test
  void aNodeIsDeclaredOnce() {
    yaml("""
            nodes:
              - { identifier: prices, files: a.csv }
              - { identifier: prices, files: b.csv }
            """)
        .fails("/data/catalog.yaml:3:19: Node 'prices' is already declared in line 2");
    yaml("""
            nodes:
              - { identifier: prices, files: a.csv }
              - { identifier: Prices, files: b.csv }
            """)
        .fails(
            "/data/catalog.yaml:3:19: Node 'Prices' is already declared in line 2, with other upper"
                + " and lower case, which names do not tell apart");
    yaml("nodes: []\nnodes: []")
        .fails("/data/catalog.yaml:2:1: Key 'nodes' is already given in line 1");
  }

  @Test
  void theIndexHasToMakeSense() {
    node("index_names: []")
        .fails("/data/catalog.yaml:4:18: 'index_names' is empty; expected the time index first");
    node("time_index: ts\n    index_names: [symbol, ts]")
        .fails(
            "/data/catalog.yaml:5:18: 'index_names' begins with 'symbol'; expected the time index"
                + " 'ts' first");
    node("index_names: [ts, symbol, symbol]")
        .fails("/data/catalog.yaml:4:31: 'index_names' names 'symbol' twice");
    node("identity: [account]\n    asset: symbol")
        .fails(
            "/data/catalog.yaml:5:12: 'symbol' is to name the asset, but is not among the identity"
                + " columns account");
    node("knowledge_time: time_index + 1mo")
        .fails(
            "/data/catalog.yaml:4:21: 'knowledge_time' is 'time_index + 1mo'; expected a column, or"
                + " time_index + a count and one of s, m, h, d, w, for example time_index + 15m");
    node("time_index: ts\n    knowledge_time: ts")
        .fails("/data/catalog.yaml:5:21: 'ts' is both time index and knowledge time of the node");
    node("only_declared_columns: true\n    time_index: ts\n    columns: { close: }")
        .fails(
            "/data/catalog.yaml:4:28: Only declared columns are shown, and 'ts' is not among them");
  }

  @Test
  void columnsHaveToMakeSense() {
    node("columns: { close: { dtype: flaot64 } }")
        .fails("/data/catalog.yaml:4:32: Unknown dtype 'flaot64'; did you mean 'float64'?");
    node("columns: { ts: { epoch: min } }")
        .fails("/data/catalog.yaml:4:29: 'epoch' is 'min'; expected s, ms, us or ns");
    node("columns: { ts: { epoch: ms, dtype: date } }")
        .fails(
            "/data/catalog.yaml:4:29: 'epoch' makes the column a timestamp with time zone, not the"
                + " declared date");
    node("columns: { close: { nullable: maybe } }")
        .fails(
            "/data/catalog.yaml:4:35: 'nullable' has to be true or false, but is the text 'maybe'");
    node("columns: [ close ]")
        .fails(
            "/data/catalog.yaml:4:14: 'columns' has to be a mapping of column names, but is a list;"
                + " expected for example close: { dtype: float64 }");
  }

  @Test
  void valuesHaveToBeOfTheRightKind() {
    node("description: [a, b]")
        .fails("/data/catalog.yaml:4:18: 'description' has to be a text, but is a list");
    node("description:")
        .fails(
            "/data/catalog.yaml:4:17: 'description' is empty; give it a value or leave the key"
                + " out");
    node("namespace: metadata")
        .fails(
            "/data/catalog.yaml:4:16: Namespace 'metadata' is taken by the tables that describe the"
                + " catalog");
    yaml("storages: [ lake ]")
        .fails(
            "/data/catalog.yaml:1:11: 'storages' has to be a mapping of names to storages, but is a"
                + " list; expected for example lake: { type: duckdb, path: ./data }");
    yaml("storages: { lake: { type: duckdb, path: [a] } }")
        .fails(
            "/data/catalog.yaml:1:41: 'path' of storage 'lake' has to be a text, number or truth"
                + " value, but is a list");
  }

  @Test
  void aNodeIsATableOrFiles() {
    node("table: prices")
        .fails(
            "/data/catalog.yaml:3:12: A node is either a table or files; 'files' does not go with"
                + " 'table'");
    yaml("nodes: [ { identifier: p } ]")
        .fails("/data/catalog.yaml:1:10: A node needs either 'files' or 'table'");
    yaml("nodes: [ { identifier: p, files: [] } ]")
        .fails("/data/catalog.yaml:1:34: 'files' names no file");
    yaml("nodes: [ { identifier: p, files: p.parquet, format: orc } ]")
        .fails("/data/catalog.yaml:1:53: 'format' is 'orc'; expected parquet or csv");
    yaml("nodes: [ { identifier: p, table: 'public.' } ]")
        .fails(
            "/data/catalog.yaml:1:34: 'table' is 'public.'; expected a name, for example"
                + " public.prices");
  }

  @Test
  void withSeveralStoragesANodeNamesItsOwn() {
    yaml("""
            storages: { a: { type: duckdb }, b: { type: duckdb } }
            nodes: [ { identifier: p, files: p.csv } ]
            """)
        .fails(
            "/data/catalog.yaml:2:10: Key 'storage' is missing in a node; the storages are a, b");
  }

  @Test
  void referencesToNodesAreChecked() {
    node("foreign_keys: [ { columns: [symbol], node: price } ]")
        .fails(
            "/data/catalog.yaml:2:17: Foreign key 'prices_symbol_fkey' refers to node 'price', which"
                + " is not declared; did you mean 'prices'?");
    node("foreign_keys: [ { columns: [a, b], node: prices, node_columns: [a] } ]")
        .fails(
            "/data/catalog.yaml:4:68: 'node_columns' names 1 columns; expected 2, as many as"
                + " 'columns'");
    yaml("nodes: [ { identifier: p, files: p.csv } ]\nassets: { node: assets, key: id }")
        .fails(
            "/data/catalog.yaml:2:17: 'node' refers to node 'assets', which is not declared; the"
                + " nodes are p");
  }

  @Test
  void aMissingVariableIsNamedAndNoValueIsPrinted() {
    Yaml yaml =
        yaml(
            """
            storages:
              desk: { type: postgresql, password: "${ENV:DESK_PASSWORD}", path: "${HOME}/x" }
            nodes: [ { identifier: "${ENV:SECRET}", storage: "${ENV:SECRET}", files: p.csv } ]
            """);
    yaml.environment = name -> name.equals("SECRET") ? "s3cret" : null;
    InvalidCatalogException e = assertThrows(InvalidCatalogException.class, yaml::read);
    assertEquals(
        """
        /data/catalog.yaml:2:39: Environment variable DESK_PASSWORD is not set
        /data/catalog.yaml:2:69: '${HOME}' refers to nothing; expected ${ENV:NAME}, or $${ for\
         these characters themselves
        /data/catalog.yaml:3:50: There is no storage '${ENV:SECRET}'; the storages are desk
        """,
        e.problems().stream().map(problem -> problem + "\n").reduce("", String::concat));
    assertFalse(e.getMessage().contains("s3cret"));
  }

  /** A catalog whose one node has some further keys, which begin in line 4. */
  private static Yaml node(String keys) {
    return yaml("nodes:\n  - identifier: prices\n    files: prices.csv\n    " + keys + "\n");
  }

  private static Yaml yaml(String text) {
    return new Yaml(text);
  }

  private static final class Yaml {
    private final String text;
    private java.util.function.Function<String, String> environment = name -> null;

    private Yaml(String text) {
      this.text = text;
    }

    void read() {
      FileCatalog.parse(FILE, text, environment);
    }

    void fails(String message) {
      assertEquals(message, assertThrows(InvalidCatalogException.class, this::read).getMessage());
    }
  }
}
