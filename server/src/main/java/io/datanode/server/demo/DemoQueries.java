package io.datanode.server.demo;

import java.util.List;

/** Queries that show what can be asked of the demo. */
public final class DemoQueries {
  private DemoQueries() {}

  /**
   * A query with a title for people.
   *
   * @param title what it answers
   */
  public record DemoQuery(String title, String sql) {}

  /** The queries, the simplest first. */
  public static List<DemoQuery> all() {
    return List.of(
        new DemoQuery(
            "The newest close of each asset, summed up by sector",
            """
            SELECT a.sector, COUNT(*) AS assets, MAX(p.time_index) AS newest,
              ROUND(AVG(p.close / p.open - 1) * 100, 2) AS average_move_percent
            FROM (
              SELECT * FROM daily_prices
              QUALIFY ROW_NUMBER() OVER (PARTITION BY asset_identifier ORDER BY time_index DESC) = 1
            ) AS p
            JOIN assets AS a ON a.asset_identifier = p.asset_identifier
            WHERE a.category = 'equity'
            GROUP BY a.sector
            ORDER BY a.sector"""),
        new DemoQuery(
            "Prices beside the fundamentals that were known at the time",
            """
            SELECT p.time_index, p.asset_identifier, p.close, f.period_end, f.published_at,
              ROUND(p.close / (4 * f.eps), 1) AS price_earnings
            FROM daily_prices AS p
            LEFT ASOF JOIN "fundamentals$versions" AS f
              MATCH_CONDITION f.published_at <= p.time_index
              ON f.asset_identifier = p.asset_identifier
            WHERE p.asset_identifier = 'ALE00' AND p.time_index >= DATE '2025-11-05'
            ORDER BY p.time_index
            LIMIT 8"""),
        new DemoQuery(
            "Minute bars as bars of one hour, in US dollars at the rate of the hour",
            """
            SELECT h.hour_start, h.asset_identifier, h.open, h.high, h.low, h.close, h.volume,
              ROUND(h.close * r.rate, 2) AS close_usd
            FROM (
              SELECT time_bucket(INTERVAL '1' HOUR, time_index) AS hour_start, asset_identifier,
                first(open, time_index) AS open, MAX(high) AS high, MIN(low) AS low,
                last(close, time_index) AS close, SUM(volume) AS volume
              FROM minute_bars
              WHERE asset_identifier = 'ALE00'
              GROUP BY 1, 2
            ) AS h
            JOIN assets AS a ON a.asset_identifier = h.asset_identifier
            ASOF JOIN fx_rates AS r
              MATCH_CONDITION r.time_index <= h.hour_start
              ON r.currency = a.currency
            ORDER BY h.hour_start
            LIMIT 8"""));
  }
}
