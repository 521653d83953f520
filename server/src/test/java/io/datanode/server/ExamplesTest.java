package io.datanode.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The programs in {@code examples/} are run as their users run them, where there is a Python. */
@Timeout(60)
class ExamplesTest {
  @RegisterExtension static final MarketServer market = new MarketServer();

  @BeforeAll
  static void findPython() throws Exception {
    boolean found;
    try {
      found = new ProcessBuilder("python3", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      found = false;
    }
    assumeTrue(found, "python3 is not installed");
  }

  @Test
  void aSearchRestoresTheTypesOfItsRows() throws Exception {
    assertEquals(
        """
        {'time_index': datetime.datetime(2026, 1, 1, 21, 0, tzinfo=datetime.timezone.utc), \
        'asset_identifier': 'SAP', 'base__close': 100.5, 'base__volume': None}
        {'time_index': datetime.datetime(2026, 1, 2, 21, 0, tzinfo=datetime.timezone.utc), \
        'asset_identifier': 'SAP', 'base__close': 101.5, 'base__volume': 1754078400000000001}
        2 rows
        """,
        run(
            0,
            "search.py",
            "daily_prices",
            "--where",
            "asset_identifier",
            "eq",
            "SAP",
            "--first",
            "2"));
    assertEquals(
        """
        {'time_index': datetime.datetime(2026, 1, 31, 21, 0, tzinfo=datetime.timezone.utc), \
        'asset_identifier': 'AAPL', 'base__market_cap': Decimal('1003.00')}
        1 rows
        """,
        run(
            0,
            "search.py",
            "research.market_caps",
            "--where",
            "asset_identifier",
            "starts_with",
            "AA",
            "--where",
            "market_cap",
            "gte",
            "1003"));
  }

  @Test
  void aSearchTellsTheErrorOfTheServer() throws Exception {
    assertEquals(
        "[not_found:undefined_node] /node_unique_identifier: There is no node 'daily_price';"
            + " did you mean 'daily_prices'?\n",
        run(1, "search.py", "daily_price"));
  }

  @Test
  void aQueryOverAvaticaPrintsItsRows() throws Exception {
    assertEquals(
        """
        time_index\tclose
        2026-01-01 21:00:00+00:00\t100.5
        2026-01-02 21:00:00+00:00\t101.5
        """,
        run(
            0,
            "avatica.py",
            "SELECT time_index, close FROM daily_prices WHERE asset_identifier = ?"
                + " ORDER BY time_index LIMIT 2",
            "SAP"));
  }

  /** What a program prints, on both streams. */
  private static String run(int status, String program, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("python3", "../examples/" + program));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--url", market.server().url()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(status, process.waitFor(), printed);
    return printed;
  }
}
